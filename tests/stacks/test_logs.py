"""The replica, the query layer, the readers and the feed around the log bucket."""

import json
import re
from typing import Any

import boto3
import pytest
from moto import mock_aws

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import FoundBucket, Lookups
from stacks.lookups.queries import describe_bucket
from stacks.lookups.session import AwsClients
from stacks.preflight.logs import (
    check_archive,
    check_bucket_names,
    check_overwritten,
    check_replica_region,
)
from stacks.settings.roles import SecuritySettings
from tests.support.deployment import ACCOUNT, KEY_ID, ORGANIZATION, deploy
from tests.support.stacks import (
    ARCHIVE_ACCOUNT,
    GET_ORGANIZATION,
    archive,
    management,
    run,
    security,
)

PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
LONG_NAME = "b" * 60
FEED: dict[str, Any] = {"logFeed": {"enabled": True}}
EXPORTED: dict[str, Any] = {
    "bucketName": "copies",
    "keyArn": f"arn:aws:kms:eu-central-1:{ARCHIVE_ACCOUNT}:key/{KEY_ID}",
    "breakGlassRoleArns": [f"arn:aws:iam::{ARCHIVE_ACCOUNT}:role/ArchiveAdmin"],
    "deployerRoleArns": [f"arn:aws:iam::{ARCHIVE_ACCOUNT}:role/pipeline/Deploy"],
}
"""What an archive stack exports."""
REPLICA: dict[str, Any] = {"replica": {"region": "eu-central-1"}}


def findings(found: FoundBucket | None = None, *, absent: str = "", **values: Any) -> list[str]:
    context = DeploymentContext(
        settings=SecuritySettings.model_validate({"role": "security", **values}),
        account=ACCOUNT,
        region="eu-west-1",
        partition="aws",
        deployer=f"arn:aws:iam::{ACCOUNT}:role/Deploy",
        found_organization=Organization(id=ORGANIZATION, management_account="123456789012"),
    )
    found_findings = [
        *check_bucket_names(context),
        *check_replica_region(context),
        *check_archive(context, Lookups(absent=frozenset([absent]))),
        *check_overwritten(context, Lookups(existing_bucket=found)),
    ]
    assert all(finding.fatal for finding in found_findings)
    return [finding.text for finding in found_findings]


def test_queries_alone_are_there_unless_switched_off() -> None:
    assert security().only("Workgroup").inputs["name"] == "cloudtrail-guard"
    assert security(queries='{"enabled": false}').of_type("Workgroup") == []
    assert security().of_type("BucketReplicationConfig") == []
    assert security().of_type("Queue") == []


def test_the_replica_is_a_locked_bucket_elsewhere_that_the_guardrails_protect_too() -> None:
    deployment = security(
        bucketName="org-logs",
        replica='{"region": "eu-central-1"}',
        lifecycle='{"deepArchiveAfterDays": 365}',
    )

    replica = deployment.only("Bucket", "cloudtrail-guard-replica-bucket").inputs
    assert (replica["bucket"], replica["region"]) == ("org-logs-replica", "eu-central-1")
    lock = deployment.only("BucketObjectLockConfiguration", "cloudtrail-guard-replica-object-lock")
    assert lock.inputs["rule"]["defaultRetention"]["days"] == 365
    tiers = deployment.only("BucketLifecycleConfiguration", "cloudtrail-guard-replica-lifecycle")
    assert "DEEP_ARCHIVE" in json.dumps(tiers.inputs["rules"])

    organization = management(deployment.outputs)
    for name in ("protect-cloudtrail-1", "protect-cloudtrail-resources-1"):
        content = organization.only("Policy", name).inputs["content"]
        assert "arn:aws:s3:::org-logs-replica/*" in content
        assert deployment.outputs["replicaKeyArn"] in content


def test_the_archive_admits_the_role_that_the_security_stack_replicates_with() -> None:
    there = archive(preview=True)
    here = security(bucketName="org-logs", replica=json.dumps({"archive": EXPORTED}))

    role = here.only("Role", "cloudtrail-guard-archive-role").inputs["name"]
    for kind, name in (("BucketPolicy", "logs-policy"), ("Key", "logs-key")):
        admitted = [
            each["Condition"]["ArnEquals"]["aws:PrincipalArn"]
            for each in json.loads(there.only(kind, name).inputs["policy"])["Statement"]
            if "ArnEquals" in each.get("Condition", {})
        ]
        assert set(admitted) == {f"arn:aws:iam::{ACCOUNT}:role/{role}"}
    rule = here.only("BucketReplicationConfig").inputs["rules"][0]
    assert rule["destination"]["account"] == ARCHIVE_ACCOUNT
    assert rule["destination"]["bucket"] == "arn:aws:s3:::copies"


def test_the_archive_exports_what_the_security_stack_takes() -> None:
    assert archive(bucketName="copies").outputs["archive"] == EXPORTED


def test_the_guardrails_protect_the_archive_and_let_its_own_administrators_work() -> None:
    here = security(bucketName="org-logs", replica=json.dumps({"archive": EXPORTED}))
    policies = {
        each.name: each.inputs["content"]
        for each in management(here.outputs).of_type("Policy")
        if "content" in each.inputs
    }

    resources = "".join(text for name, text in policies.items() if "resources" in name)
    for content in (policies["protect-cloudtrail-1"], resources):
        assert "arn:aws:s3:::copies/*" in content
        assert EXPORTED["keyArn"] in content
    statements = json.loads(policies["protect-cloudtrail-1"])["Statement"]
    exempt = {each["Sid"]: str(each.get("Condition")) for each in statements}
    (break_glass,), (deployer,) = EXPORTED["breakGlassRoleArns"], EXPORTED["deployerRoleArns"]
    assert break_glass in exempt["ProtectCloudTrailLogs"]
    assert deployer not in exempt["ProtectCloudTrailLogs"]
    assert break_glass in exempt["ProtectCloudTrailMonitoring"]
    assert deployer in exempt["ProtectCloudTrailMonitoring"]


def test_what_is_done_to_the_archive_in_its_own_account_is_reported_there() -> None:
    watched = archive(bucketName="copies")

    bucket = watched.only("EventRule", "cloudtrail-guard-bucket").inputs["eventPattern"]
    assert "copies" in bucket
    assert watched.of_type("MetricAlarm") == []
    assert archive(tamperAlerts="false").of_type("EventRule") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, ""),
        ({"keyArn": f"arn:aws:kms:eu-west-1:{ARCHIVE_ACCOUNT}:key/{KEY_ID}"}, ""),
        (
            {"keyArn": f"arn:aws-cn:kms:cn-north-1:{ARCHIVE_ACCOUNT}:key/{KEY_ID}"},
            "cn-north-1 is not in the stack's partition aws",
        ),
        (
            {
                "keyArn": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{KEY_ID}",
                "breakGlassRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/AdminRole"],
                "deployerRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/Deploy"],
            },
            "replica.archive.keyArn = .* is of this very account",
        ),
        (
            {
                "keyArn": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{KEY_ID}",
                "breakGlassRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/AdminRole"],
                "deployerRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/Deploy"],
            },
            "replica.archive.keyArn = .* is of this very account",
        ),
        (
            {"deployerRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/Deploy"]},
            "replica.archive.deployerRoleArns: .* is not of the replica's account",
        ),
        (
            {"bucketName": f"aws-cloudtrail-logs-{ACCOUNT}"},
            "replica.archive.bucketName = .* is the name of cloudtrail-guard:bucketName too",
        ),
    ],
)
def test_an_archive_that_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    texts = findings(replica={"archive": {**EXPORTED, **change}})

    assert len(texts) == bool(message)
    assert all(re.search(message, text) for text in texts)


def test_an_archive_that_is_not_there_yet_is_refused() -> None:
    (text,) = findings(absent="replica.archive", replica={"archive": EXPORTED})

    assert f"deploy the archive stack in account {ARCHIVE_ACCOUNT} first" in text


def test_readers_query_and_read_and_are_trusted_to_this_account_by_default() -> None:
    deployment = security(
        bucketName="org-logs",
        memberTrailNames='["DataAccess"]',
        readers='[{"roleName": "Investigator"}, {"roleName": "Siem", "mayQuery": false, '
        f'"trustedArns": ["arn:aws:iam::{ACCOUNT}:role/Siem"], "externalId": "abc"}}]',
    )

    trust = deployment.only("Role", "cloudtrail-guard-Investigator").inputs["assumeRolePolicy"]
    assert f"arn:aws:iam::{ACCOUNT}:root" in trust
    siem = deployment.only("Role", "cloudtrail-guard-Siem").inputs["assumeRolePolicy"]
    assert '"sts:ExternalId":"abc"' in siem.replace(" ", "")
    granted = deployment.only("RolePolicy", "cloudtrail-guard-Investigator").inputs["policy"]
    assert "athena:StartQueryExecution" in granted
    assert "arn:aws:cloudtrail:*:*:trail/DataAccess" in granted
    narrow = deployment.only("RolePolicy", "cloudtrail-guard-Siem").inputs["policy"]
    assert "athena:" not in narrow


def test_a_feed_sends_a_siem_a_message_for_each_new_file() -> None:
    siem = f"arn:aws:iam::{ACCOUNT}:role/Siem"
    deployment = security(logFeed=json.dumps({"enabled": True, "consumerArns": [siem]}))

    queue = deployment.only("QueuePolicy", "cloudtrail-guard-log-feed-queue").inputs["policy"]
    assert siem in queue
    assert set(deployment.outputs) >= {"logFeedQueueUrl", "logFeedQueueArn", "logFeedKeyArn"}


@pytest.mark.parametrize(
    ("wanted", "trusted"),
    [
        ({}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        (
            {"trustedArns": [f"arn:aws:iam::{ACCOUNT}:role/Scheduler"]},
            {"AWS": f"arn:aws:iam::{ACCOUNT}:role/Scheduler"},
        ),
        (
            {"oidc": {"providerArn": PROVIDER, "subjects": ["repo:org/audit:environment:logs"]}},
            {"Federated": PROVIDER},
        ),
    ],
)
def test_the_integrity_role_trusts_this_account_or_the_principals_that_are_named(
    wanted: dict[str, Any], trusted: dict[str, str]
) -> None:
    role = security(integrityRole=json.dumps(wanted)).only(
        "Role", "cloudtrail-guard-integrity-role"
    )

    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == trusted


def test_one_account_alone_has_the_same_around_its_logs() -> None:
    deployment = deploy(
        run,
        stack="standalone",
        functions={GET_ORGANIZATION: Exception("AWSOrganizationsNotInUseException")},
        config={
            "cloudtrail-guard:replica": '{"region": "eu-central-1"}',
            "cloudtrail-guard:readers": '[{"roleName": "Investigator"}]',
            "cloudtrail-guard:logFeed": '{"enabled": true}',
        },
    )

    location = deployment.only("CatalogTable").inputs["storageDescriptor"]["location"]
    assert location == f"s3://aws-cloudtrail-logs-{ACCOUNT}/AWSLogs/"
    protection = deployment.only("Policy", "cloudtrail-guard").inputs["policy"]
    assert f"arn:aws:s3:::aws-cloudtrail-logs-{ACCOUNT}-replica" in protection
    assert "readerRoleArns" in deployment.outputs
    # S3 copies and announces what comes later, and nothing that was there before.
    waits = " ".join(deployment.only("Trail", "account").dependencies)
    assert "BucketReplicationConfig::" in waits
    assert "BucketNotification::" in waits


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"replica": {"region": "eu-west-1"}}, "is the log bucket's own region"),
        ({"replica": {"region": "cn-north-1"}}, "is not in the stack's partition aws"),
        (
            {"bucketName": LONG_NAME, **REPLICA, "queries": {"enabled": False}},
            f"replica.bucketName: the default {LONG_NAME}-replica must have 3 to 63",
        ),
        (
            {"bucketName": LONG_NAME},
            f"queries.resultsBucketName: the default {LONG_NAME}-queries must have 3 to 63",
        ),
        (
            {"bucketName": "org-logs", "queries": {"resultsBucketName": "org-logs"}},
            "is the name of cloudtrail-guard:bucketName too",
        ),
    ],
)
def test_what_cannot_be_made_is_refused_beforehand(values: dict[str, Any], message: str) -> None:
    (text,) = findings(**values)

    assert message in text


def test_sound_settings_have_no_findings() -> None:
    assert findings(**REPLICA, **FEED, readers=[{"roleName": "Investigator"}]) == []


@pytest.mark.parametrize(
    ("found", "messages"),
    [
        (FoundBucket(region="us-east-1", replication_rules=(), notifications=()), []),
        (
            FoundBucket(
                region="us-east-1",
                replication_rules=("replicate-logs",),
                notifications=("new-log-files",),
            ),
            [],
        ),
        (
            FoundBucket(region="us-east-1", replication_rules=("dr",), notifications=("splunk",)),
            ["has replication rules already (dr)", "has event notifications already (splunk)"],
        ),
        (None, []),
    ],
)
def test_what_an_existing_bucket_has_of_its_own_is_never_replaced(
    found: FoundBucket | None, messages: list[str]
) -> None:
    texts = findings(found, existingBucket=True, **REPLICA, **FEED)

    assert len(texts) == len(messages)
    assert all(message in text for message, text in zip(messages, texts, strict=True))


def test_an_existing_bucket_is_described_as_aws_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        aws = AwsClients("us-east-1", {})
        s3: Any = boto3.client("s3", region_name="us-east-1")
        topics: Any = boto3.client("sns", region_name="us-east-1")
        s3.create_bucket(Bucket="org-logs")
        assert describe_bucket(aws, "org-logs") == FoundBucket(
            region="us-east-1", replication_rules=(), notifications=()
        )

        topic = topics.create_topic(Name="splunk")["TopicArn"]
        s3.put_bucket_notification_configuration(
            Bucket="org-logs",
            NotificationConfiguration={
                "TopicConfigurations": [
                    {"Id": "splunk", "TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}
                ]
            },
        )
        versions = {"Status": "Enabled"}
        for bucket in ("org-logs", "copy"):
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versions)
        rule: dict[str, Any] = {"ID": "dr", "Status": "Enabled", "Priority": 0, "Filter": {}}
        rule["Destination"] = {"Bucket": "arn:aws:s3:::copy"}
        rule["DeleteMarkerReplication"] = {"Status": "Disabled"}
        s3.put_bucket_replication(
            Bucket="org-logs", ReplicationConfiguration={"Role": "", "Rules": [rule]}
        )
        assert describe_bucket(aws, "org-logs") == FoundBucket(
            region="us-east-1", replication_rules=("dr",), notifications=("splunk",)
        )
        s3.put_bucket_acl(Bucket="copy", ACL="log-delivery-write")
        found = describe_bucket(aws, "copy")
        assert found
        assert found.grantees == ("http://acs.amazonaws.com/groups/s3/LogDelivery",)
        assert describe_bucket(aws, "no-such-bucket") is None
