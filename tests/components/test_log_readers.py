import json
from typing import Any

import pulumi
import pytest
from cloudtrail_guard import ArgumentError, LogReaders, LogReadersArgs

from tests.support.deployment import Deployment, Registered, deploy

INVESTIGATOR = "arn:aws:iam::444455556666:role/Investigator"
SIEM = "arn:aws:iam::777788889999:root"
ARGS: LogReadersArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
    "trail_arns": ["arn:aws:cloudtrail:eu-west-1:123456789012:trail/Trail"],
    "readers": [
        {"role_name": "investigate", "trusted_arns": [INVESTIGATOR], "require_mfa": True},
        {"role_name": "siem", "trusted_arns": [SIEM], "external_id": "e-42", "may_query": False},
    ],
    "queries": {
        "workgroup_name": "audit",
        "database_name": "audit_logs",
        "results_bucket_name": "org-results",
        "results_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/2",
    },
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: LogReaders("readers", args), **options)


def sids(policy: Registered) -> list[str]:
    return [s["Sid"] for s in json.loads(policy.inputs["policy"])["Statement"]]


def test_each_reader_is_a_role_that_its_principals_assume() -> None:
    deployment = make()

    trusted = {
        role.inputs["name"]: json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
        for role in deployment.of_type("Role")
    }
    assert trusted["investigate"]["Principal"] == {"AWS": INVESTIGATOR}
    assert trusted["investigate"]["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert trusted["siem"]["Principal"] == {"AWS": SIEM}
    assert trusted["siem"]["Condition"] == {"StringEquals": {"sts:ExternalId": "e-42"}}


def test_a_reader_queries_unless_it_may_not() -> None:
    deployment = make()

    assert "QueryLogs" in sids(deployment.only("RolePolicy", "readers-investigate"))
    assert "QueryLogs" not in sids(deployment.only("RolePolicy", "readers-siem"))


def test_without_a_query_layer_nobody_queries() -> None:
    args: Any = {key: value for key, value in ARGS.items() if key != "queries"}

    deployment = deploy(lambda: LogReaders("readers", args))

    assert all("QueryLogs" not in sids(policy) for policy in deployment.of_type("RolePolicy"))


def test_every_reader_is_kept_from_changing_logs() -> None:
    assert all("DenyChangingLogs" in sids(policy) for policy in make().of_type("RolePolicy"))


def test_a_preview_from_nothing_knows_trust_and_permissions() -> None:
    deployment = make(preview=True)

    assert all(role.inputs["assumeRolePolicy"] for role in deployment.of_type("Role"))
    assert all(sids(policy) for policy in deployment.of_type("RolePolicy"))


def test_roles_are_found_by_their_names() -> None:
    def program() -> None:
        readers = LogReaders("readers", ARGS)
        pulumi.export("roles", readers.role_arns)

    assert deploy(program).outputs["roles"] == {
        "investigate": "arn:aws:iam::111122223333:role/investigate",
        "siem": "arn:aws:iam::111122223333:role/siem",
    }


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_work_throughout(region: str, partition: str) -> None:
    def own(value: Any) -> Any:
        return json.loads(json.dumps(value).replace("arn:aws:", f"arn:{partition}:"))

    deployment = make(own(ARGS), region=region)

    assert "arn:aws:" not in str([r.inputs for r in deployment.resources])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"readers": []}, "LogReaders 'readers': readers is empty"),
        ({"readers": [*ARGS["readers"], ARGS["readers"][0]]}, "has investigate more than once"),
        ({"readers": [{"role_name": "r", "trusted_arns": ["*"]}]}, "must be an ARN like"),
        ({"readers": [{"role_name": "r", "trusted_arns": []}]}, "no principal is named"),
        ({"trail_arns": []}, "no trail is named"),
    ],
)
def test_readers_that_could_be_anybody_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
