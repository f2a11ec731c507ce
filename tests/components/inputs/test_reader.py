"""Inputs of components that are used from Python; test_plugin.py has those of other languages."""

import asyncio
from typing import Any

import pulumi
import pytest
from cloudtrail_guard import ArgumentError, LogBucket, LogReaders, Trail
from cloudtrail_guard.plugin import COMPONENTS
from generate import snapshots

from tests.support.deployment import Deployment, deploy
from tests.support.samples import sample_inputs

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::111122223333:role/AdminRole"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/Audit"
BUCKET: dict[str, Any] = {
    "log_bucket_name": "audit-logs",
    "log_key_arn": KEY,
    "account_trail_arns": [TRAIL],
    "break_glass_role_arns": [ROLE],
}


def bucket(change: dict[str, Any]) -> Deployment:
    args: Any = {**BUCKET, **change}
    return deploy(lambda: LogBucket("logs", args) and None)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_every_component_rejects_an_input_that_it_does_not_have(
    component: type[pulumi.ComponentResource],
) -> None:
    make: Any = component

    with pytest.raises(ArgumentError) as rejected:
        deploy(lambda: make("it", {"no_such_input_anywhere": 1}) and None)

    assert str(rejected.value).startswith(f"{component.__name__} 'it': no_such_input_anywhere ")
    assert "there is no such input" in str(rejected.value)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda each: each.__name__)
def test_every_component_names_the_inputs_that_are_missing(
    component: type[pulumi.ComponentResource],
) -> None:
    make: Any = component
    definition = snapshots.schema()["resources"][f"{snapshots.PREFIX}{component.__name__}"]
    required = set(definition.get("requiredInputs", []))

    with pytest.raises(ArgumentError) as rejected:
        deploy(lambda: make("it", {"wrong": 1}) and None)

    assert str(rejected.value).count("is required") == len(required)
    assert required <= set(sample_inputs(component.__name__, definition))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"object_lok": {"days": 1}}, "object_lok there is no such input; did you mean "),
        ({"object_lock": {"dayz": 1}}, r"object_lock\.dayz there is no such input; did you mean "),
        ({"objectLock": {"days": 1}}, "objectLock there is no such input; did you mean "),
        ({"log_key_arn": None}, "log_key_arn is required"),
        ({"object_lock": 3}, "object_lock 3 must be an object"),
        ({"object_lock": {"days": "x"}}, r"object_lock\.days 'x' must be a whole number"),
        ({"protect": "no"}, "protect 'no' must be true or false"),
        ({"reader_arns": ROLE}, "reader_arns 'arn.*' must be a list"),
        ({"log_bucket_name": "Audit"}, "log_bucket_name 'Audit' must have 3 to 63 lowercase"),
        ({"log_bucket_name": "a..b"}, "log_bucket_name 'a..b' must have"),
        ({"log_bucket_name": "192.168.5.4"}, "must not look like an IP address"),
        ({"log_bucket_name": "logs--x-s3"}, "S3 reserves them"),
        ({"access_log_bucket_name": "a_b"}, "access_log_bucket_name 'a_b' must have"),
        ({"log_key_arn": "alias/logs"}, "log_key_arn 'alias/logs' must be a key's ARN"),
        ({"organization_id": "acme"}, "organization_id 'acme' must be an organization id"),
        ({"member_trail_names": ["A", "Data"]}, r"member_trail_names\[0\] 'A' must be a trail's"),
    ],
    ids=str,
)
def test_an_input_that_does_not_fit_is_rejected_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=f"LogBucket 'logs': {message}|{message}"):
        bucket(change)


def test_the_nearest_input_is_named_as_python_spells_it() -> None:
    with pytest.raises(ArgumentError, match="did you mean 'object_lock'"):
        bucket({"object_lok": {"days": 1}})


def test_all_inputs_that_do_not_fit_are_named_at_once() -> None:
    with pytest.raises(ArgumentError) as rejected:
        bucket({"protect": "no", "log_bucket_name": "A", "readers": []})

    assert all(
        name in str(rejected.value) for name in ("protect", "log_bucket_name", "readers there is")
    )


def test_an_item_of_a_list_of_objects_is_checked_by_its_path() -> None:
    reader: Any = {"role_name": "auditor", "trusted": [ROLE]}

    with pytest.raises(ArgumentError, match=r"readers\[0\]\.trusted there is no such input"):
        deploy(
            lambda: (
                LogReaders(
                    "readers",
                    {
                        "log_bucket_name": "audit-logs",
                        "log_key_arn": KEY,
                        "trail_arns": [TRAIL],
                        "readers": [reader],
                    },
                )
                and None
            )
        )


def test_a_value_that_is_wrong_once_it_is_known_names_component_and_input() -> None:
    def program() -> None:
        later = pulumi.Output.from_input("Not A Bucket")
        args: Any = {"trail_name": "Audit", "log_bucket_name": later, "log_key_arn": KEY}
        Trail("audit", args)

    with pytest.raises(Exception, match="Trail 'audit' log_bucket_name: 'Not A Bucket' must have"):
        deploy(program)


def test_an_optional_input_that_is_none_counts_as_absent() -> None:
    plain, absent = bucket({}), bucket({"lifecycle": None, "object_lock": None, "protect": None})

    assert {made.path: made.inputs for made in plain.resources} == {
        made.path: made.inputs for made in absent.resources
    }
    assert absent.only("Bucket", "logs-bucket").protect


async def _slowly(value: str) -> str:
    await asyncio.sleep(0)
    return value


def test_tuples_and_awaitables_are_inputs_too() -> None:
    def program() -> None:
        args: Any = {**BUCKET, "break_glass_role_arns": (ROLE,), "log_key_arn": _slowly(KEY)}
        LogBucket("logs", args)

    encryption = deploy(program).only("BucketServerSideEncryptionConfiguration", "logs-encryption")

    rule = encryption.inputs["rules"][0]["applyServerSideEncryptionByDefault"]
    assert rule["kmsMasterKeyId"] == KEY


def test_arguments_that_are_no_dict_are_rejected() -> None:
    nothing: Any = None

    with pytest.raises(ArgumentError, match="Trail 'audit': args None must be a dict"):
        deploy(lambda: Trail("audit", nothing) and None)
