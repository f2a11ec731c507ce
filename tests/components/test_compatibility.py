"""The promise to programs that use the components: nothing breaks without being named."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from generate import snapshots

from tests.support.compatibility import (
    broken_children,
    broken_schema,
    changelog,
    named_breaking,
    unnamed,
)
from tests.support.deployment import deploy

GENERATE = "run `make generate` and commit what it writes"


def released(name: str) -> Any:
    return json.loads((snapshots.RELEASED / name).read_text(encoding="utf-8"))


def test_the_committed_schema_is_the_one_that_the_plugin_serves() -> None:
    committed = snapshots.SCHEMA_FILE.read_text(encoding="utf-8")

    assert committed == snapshots.text(snapshots.schema()), GENERATE


def test_the_committed_children_are_those_that_the_components_make() -> None:
    committed = snapshots.CHILDREN_FILE.read_text(encoding="utf-8")

    assert committed == snapshots.text(snapshots.children()), GENERATE


def test_no_program_that_uses_the_last_release_breaks_unnamed() -> None:
    broken = broken_schema(released("schema.json"), snapshots.schema())

    assert unnamed(broken, changelog()) == [], "name it in CHANGELOG.md under `### Breaking`"


def test_no_stack_of_the_last_release_has_its_resources_replaced_unnamed() -> None:
    broken = broken_children(released("children.json"), snapshots.children(with_aliases=True))

    assert unnamed(broken, changelog()) == [], "give the child an alias, or name it as breaking"


BUCKET = "cloudtrail-guard:index:LogBucket"
LOCK = "cloudtrail-guard:index:ObjectLock"
MODE = "cloudtrail-guard:index:ObjectLockMode"
BEFORE: dict[str, Any] = {
    "resources": {
        BUCKET: {
            "description": "A bucket.",
            "inputProperties": {
                "bucketName": {"type": "string"},
                "objectLock": {"$ref": f"#/types/{LOCK}"},
                "readers": {
                    "type": "array",
                    "items": {"type": "string", "description": "Who reads."},
                },
            },
            "requiredInputs": ["bucketName"],
            "properties": {"bucketArn": {"type": "string"}},
            "required": ["bucketArn"],
        }
    },
    "types": {
        LOCK: {"properties": {"days": {"type": "integer"}, "mode": {"$ref": f"#/types/{MODE}"}}},
        MODE: {
            "enum": [{"name": "A", "value": "GOVERNANCE"}, {"name": "B", "value": "COMPLIANCE"}]
        },
    },
}


def changed(change: Callable[[dict[str, Any]], object]) -> list[str]:
    """What is broken by a change of the schema."""
    after = copy.deepcopy(BEFORE)
    change(after)
    return broken_schema(BEFORE, after)


def bucket(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["resources"][BUCKET]


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda s: s["resources"].pop(BUCKET), "`LogBucket` is gone"),
        (lambda s: s["types"].pop(LOCK), "`ObjectLock` is gone"),
        (lambda s: bucket(s)["inputProperties"].pop("readers"), "`LogBucket.readers` is gone"),
        (lambda s: bucket(s)["properties"].pop("bucketArn"), "`LogBucket.bucketArn` is gone"),
        (lambda s: s["types"][LOCK]["properties"].pop("days"), "`ObjectLock.days` is gone"),
        (lambda s: s["types"][MODE]["enum"].pop(), "`ObjectLockMode.COMPLIANCE` is gone"),
        (
            lambda s: bucket(s)["requiredInputs"].append("readers"),
            "`LogBucket.readers` must now be given",
        ),
        (
            lambda s: s["types"][LOCK].update(required=["days"]),
            "`ObjectLock.days` must now be given",
        ),
        (lambda s: bucket(s)["required"].clear(), "`LogBucket.bucketArn` may now be absent"),
        (
            lambda s: bucket(s)["inputProperties"]["bucketName"].update(plain=True),
            "`LogBucket.bucketName` has another type",
        ),
        (
            lambda s: bucket(s)["inputProperties"]["readers"]["items"].update(type="number"),
            "`LogBucket.readers` has another type",
        ),
        (
            lambda s: bucket(s)["properties"]["bucketArn"].update(type="number"),
            "`LogBucket.bucketArn` has another type",
        ),
    ],
)
def test_what_breaks_a_program_is_found(
    change: Callable[[dict[str, Any]], object], broken: str
) -> None:
    assert broken in changed(change)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: bucket(s).update(description="Another."),
        lambda s: bucket(s)["inputProperties"]["readers"]["items"].update(description="They read."),
        lambda s: bucket(s)["inputProperties"].update(more={"type": "string"}),
        lambda s: bucket(s)["properties"].update(more={"type": "string"}),
        lambda s: bucket(s)["requiredInputs"].clear(),
        lambda s: s["types"][MODE]["enum"].append({"name": "C", "value": "NEW"}),
        lambda s: s["resources"].update(New={"requiredInputs": ["it"]}),
    ],
    ids=[
        "description",
        "description of entries",
        "input",
        "output",
        "no longer required",
        "enum value",
        "component",
    ],
)
def test_what_breaks_no_program_is_left_alone(change: Callable[[dict[str, Any]], object]) -> None:
    assert changed(change) == []


def test_a_child_that_moves_without_an_alias_is_found() -> None:
    before = {"LogBucket": ["$a:b:C::it-bucket"], "Gone": ["$a:b:C::it"]}

    assert broken_children(before, {"LogBucket": ["$a:b:C::it-logs"]}) == [
        "`LogBucket: $a:b:C::it-bucket` is gone, and no alias says where"
    ]
    assert broken_children(before, {"LogBucket": ["$a:b:C::it-logs", "$a:b:C::it-bucket"]}) == []


def test_a_child_with_an_alias_is_known_by_both_names() -> None:
    opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")])

    made = deploy(lambda: aws.s3.Bucket("new", bucket="logs", opts=opts)).only("Bucket")

    stack = "pulumi:pulumi:Stack$aws:s3/bucket:Bucket"
    assert made.path == f"{stack}::new"
    assert f"{stack}::old" in made.aliases


def test_only_the_version_to_come_names_what_it_breaks() -> None:
    text = (
        "## Unreleased\n\n### Added\n\n- `New`.\n\n### Breaking\n\n- `LogBucket.days`: renamed.\n\n"
        "## 0.1.0\n\n### Breaking\n\n- `LogBucket.years`: gone.\n"
    )

    assert named_breaking(text) == {"LogBucket.days"}
    assert named_breaking("## Unreleased\n\n- `LogBucket.days`\n") == set()
    lines = ["`LogBucket.days` is gone", "`LogBucket.years` is gone"]
    assert unnamed(lines, text) == ["`LogBucket.years` is gone"]
