"""The replica, the query layer, the readers and the feed around the log bucket."""

import json
from typing import Any

import boto3
import pytest
from moto import mock_aws

from stacks.context import DeploymentContext, Organization
from stacks.lookups.found import FoundBucket, Lookups
from stacks.lookups.queries import describe_bucket
from stacks.lookups.session import AwsClients
from stacks.preflight.logs import check_bucket_names, check_overwritten, check_replica_region
from stacks.settings.roles import SecuritySettings
from tests.support.deployment import ACCOUNT, ORGANIZATION, deploy
from tests.support.stacks import GET_ORGANIZATION, management, run, security

PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
LONG_NAME = "b" * 60
FEED: dict[str, Any] = {"logFeed": {"enabled": True}}
REPLICA: dict[str, Any] = {"replica": {"region": "eu-central-1"}}


def findings(found: FoundBucket | None = None, **values: Any) -> list[str]:
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
        },
    )

    location = deployment.only("CatalogTable").inputs["storageDescriptor"]["location"]
    assert location == f"s3://aws-cloudtrail-logs-{ACCOUNT}/AWSLogs/"
    protection = deployment.only("Policy", "cloudtrail-guard").inputs["policy"]
    assert f"arn:aws:s3:::aws-cloudtrail-logs-{ACCOUNT}-replica" in protection
    assert "readerRoleArns" in deployment.outputs


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
