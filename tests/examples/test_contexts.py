"""The examples of other deployment contexts: existing resources, data events, an organization."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.session import Sandbox
from tests.support.checkout import CHECKOUT
from tests.support.engine import Project
from tests.support.examples import STACK, Example, need_language

pytestmark = [
    pytest.mark.engine,
    pytest.mark.xdist_group("component-plugin"),
]

BUCKET = "example-audit-logs"


@pytest.fixture
def sandbox(sandbox: Sandbox) -> Sandbox:
    """A sandbox in which YAML programs run: these examples are in YAML."""
    need_language(sandbox, "yaml")
    return sandbox


def sids(document: str) -> set[str]:
    return {statement["Sid"] for statement in json.loads(document)["Statement"]}


def test_a_bucket_and_a_key_that_exist_are_secured_and_keep_what_they_have(
    sandbox: Sandbox, examples: Path
) -> None:
    example = Example.of(examples / "existing", sandbox)
    s3, kms = example.client("s3"), example.client("kms")
    theirs = {"AWS": f"arn:aws:iam::{example.account}:root"}
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="before", Body=b"theirs")
    s3.put_bucket_policy(
        Bucket=BUCKET,
        Policy=document("TheirReaders", theirs, "s3:GetObject", f"arn:aws:s3:::{BUCKET}/*"),
    )
    key = kms.create_key(Policy=document("TheirKey", theirs, "kms:*", "*"))["KeyMetadata"]["Arn"]
    example.configure(bucketName=BUCKET, keyArn=key)

    outputs = example.deploy()

    trail = example.client("cloudtrail").get_trail(Name=outputs["trailArn"])["Trail"]
    assert (trail["S3BucketName"], trail["KmsKeyId"]) == (BUCKET, key)
    policy = s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    assert {"TheirReaders", "DenyDeleteCloudTrailLogs"} <= sids(policy)
    assert "TheirKey" in sids(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])

    example.leave()

    assert s3.get_object(Bucket=BUCKET, Key="before")["Body"].read() == b"theirs"
    assert s3.get_bucket_policy(Bucket=BUCKET)["Policy"] == policy


def document(sid: str, principal: dict[str, str], action: str, resource: str) -> str:
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": resource,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_further_trail_records_data_events_alone(sandbox: Sandbox, examples: Path) -> None:
    example = Example.of(examples / "data-events", sandbox)
    example.configure(bucketName=BUCKET)
    example.project.pulumi(
        "config", "set", "--path", "watchedBuckets[0]", "customers", "--stack", STACK
    ).succeeded()

    outputs = example.deploy()

    made = example.client("cloudtrail").get_event_selectors(TrailName=outputs["trailArn"])
    recorded = [fields(selector) for selector in made["AdvancedEventSelectors"]]
    assert [each["eventCategory"]["Equals"] for each in recorded] == [["Data"], ["Data"]]
    assert [each["readOnly"]["Equals"] for each in recorded] == [["false"], ["false"]]
    s3, functions = recorded
    assert s3["resources.ARN"]["StartsWith"] == ["arn:aws:s3:::customers/"]
    assert functions["resources.type"]["Equals"] == ["AWS::Lambda::Function"]


def fields(selector: dict[str, Any]) -> dict[str, Any]:
    return {field["Field"]: field for field in selector["FieldSelectors"]}


def test_an_organization_has_its_trail_from_two_stacks(sandbox: Sandbox, examples: Path) -> None:
    organization = sandbox.organization
    logs = Example.of(examples / "organization" / "security", sandbox)
    logs.configure(bucketName=BUCKET)
    logs.deploy()
    trail = Example.of(examples / "organization" / "management", sandbox, profile="management")
    trail.configure(logStack=f"organization/organization-logs/{STACK}")
    trail.project.pulumi(
        "config", "set", "--path", "protectedIds[0]", organization.root_id, "--stack", STACK
    ).succeeded()

    outputs = trail.deploy()

    seen = sandbox.session("workload").client("cloudtrail").describe_trails()["trailList"]
    assert [(each["TrailARN"], each["IsOrganizationTrail"]) for each in seen] == [
        (outputs["trailArn"], True)
    ]
    attached = trail.client("organizations").list_policies_for_target(
        TargetId=organization.root_id, Filter="SERVICE_CONTROL_POLICY"
    )["Policies"]
    assert set(outputs["policyIds"]) < {policy["Id"] for policy in attached}


@pytest.fixture
def weak_trail(sandbox: Sandbox, examples: Path) -> Project:
    """Somebody else's stack, deployed without the pack."""
    example = Example.of(examples / "weak-trail", sandbox)
    example.configure(bucketName=BUCKET)
    example.deploy()
    return example.project


def test_a_stack_that_stands_is_evaluated_without_its_program(weak_trail: Project) -> None:
    (weak_trail.directory / "Pulumi.yaml").write_text(
        "name: somebody-elses-trail\nruntime: yaml\n", encoding="utf-8"
    )

    analysed = weak_trail.pulumi(
        *("policy", "analyze", "--stack", STACK),
        *("--policy-pack", str(CHECKOUT / "policypack")),
    ).failed()

    for rule in (
        "cloudtrail-multi-region",
        "cloudtrail-log-file-validation",
        "cloudtrail-kms-encryption",
    ):
        [line] = [line for line in analysed.output.splitlines() if f"  {rule}  (" in line]
        assert "[mandatory]" in line
