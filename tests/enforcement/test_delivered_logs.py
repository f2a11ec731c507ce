"""What CloudTrail delivers in the sandbox is verified as a user would; tampering is found."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import pytest
from cloudtrail_guard.detection.queries import COLUMNS, PARTITIONS, QUESTIONS, LogTable, sql
from integrity.coverage import Period
from integrity.findings import Kind
from integrity.log_layout import AccountRegion, LogLayout
from integrity.s3.objects import ObjectStore
from integrity.verification import PublicKeys, Source, accept_restarts, verify

from sandbox.deliver import deliver
from sandbox.tests.support import allow, document

if TYPE_CHECKING:
    from collections.abc import Generator

    from integrity.findings import Verified

    from sandbox.clients import Client
    from sandbox.organization import Organization
    from sandbox.session import Sandbox
    from sandbox.tests.support import Clients

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


@pytest.fixture
def trail(clients: Clients, name: str) -> Generator[str]:
    """An organization trail of all regions, whose bucket is in the security account."""
    bucket = f"arn:aws:s3:::{name}"
    s3, cloudtrail = clients("s3", "security"), clients("cloudtrail")
    s3.create_bucket(Bucket=name)
    policy = document(
        allow(CLOUDTRAIL, "s3:GetBucketAcl", bucket),
        allow(CLOUDTRAIL, "s3:PutObject", f"{bucket}/*"),
    )
    s3.put_bucket_policy(Bucket=name, Policy=policy)
    arn = cloudtrail.create_trail(
        Name=name,
        S3BucketName=name,
        IsMultiRegionTrail=True,
        IsOrganizationTrail=True,
        EnableLogFileValidation=True,
    )["TrailARN"]
    cloudtrail.start_logging(Name=arn)
    yield arn
    cloudtrail.delete_trail(Name=arn)


@pytest.mark.parametrize("tampered", ["", "delete", "overwrite"])
def test_delivered_logs_are_intact_until_they_are_tampered_with(
    clients: Clients,
    sandbox: Sandbox,
    organization: Organization,
    trail: str,
    tampered: str,
) -> None:
    s3, member = clients("s3", "security"), organization.workload_account_id
    clients("kms", "workload", "eu-west-1").list_keys()
    begin = datetime.fromisoformat(deliver(0, sandbox.endpoint)["clock"])
    deliver(3, sandbox.endpoint)
    layout = LogLayout(
        bucket=trail.rpartition("/")[2], trail_arn=trail, organization=organization.id
    )
    [log] = s3.list_objects_v2(Bucket=layout.bucket, Prefix=layout.logs(member, "eu-west-1"))[
        "Contents"
    ]
    if tampered == "delete":
        s3.delete_object(Bucket=layout.bucket, Key=log["Key"])
    if tampered == "overwrite":
        s3.put_object(Bucket=layout.bucket, Key=log["Key"], Body=b"x")

    period = Period(
        start=begin + timedelta(minutes=1), end=begin + timedelta(hours=2), now=datetime.now(UTC)
    )

    async def verified_in(*regions: str) -> dict[str, Verified]:
        credentials = sandbox.session("security").get_credentials()
        store = ObjectStore(lambda _region: s3, "us-east-1", credentials)
        keys = PublicKeys(
            lambda region: clients("cloudtrail", "management", region), begin, period.now
        )
        source = Source(store=store, keys=keys, layout=layout)
        found = {
            region: accept_restarts(await verify(source, AccountRegion(member, region), period))
            for region in regions
        }
        store.close()
        return found

    verified = asyncio.run(verified_in("eu-west-1", "ap-south-1"))

    assert verified["ap-south-1"].findings == []
    assert verified["ap-south-1"].digests >= 2
    assert verified["ap-south-1"].logs == 0
    expected = {"": [], "delete": [Kind.LOG_MISSING], "overwrite": [Kind.LOG_ALTERED]}
    assert [found.kind for found in verified["eu-west-1"].findings] == expected[tampered]


@pytest.fixture
def feed(clients: Clients, trail: str) -> str:
    """A queue that the trail's bucket notifies as the component `LogNotifications` has it do."""
    sqs, bucket = clients("sqs", "security"), trail.rpartition("/")[2]
    url = sqs.create_queue(QueueName=bucket)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    policy = document(allow({"Service": "s3.amazonaws.com"}, "sqs:SendMessage", arn["QueueArn"]))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    rules = {"prefix": "AWSLogs/", "suffix": ".json.gz"}
    clients("s3", "security").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "QueueArn": arn["QueueArn"],
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {
                        "Key": {"FilterRules": [{"Name": k, "Value": v} for k, v in rules.items()]}
                    },
                }
            ]
        },
    )
    return url


def announced(clients: Clients, url: str) -> set[str]:
    """The keys of the objects in a queue's messages."""
    sqs, keys = clients("sqs", "security"), set[str]()
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            for record in json.loads(message["Body"]).get("Records", ()):
                keys.add(unquote_plus(record["s3"]["object"]["key"]))
    return keys


def test_a_reader_of_the_feed_tells_logs_and_digests_apart_by_their_keys(
    clients: Clients, sandbox: Sandbox, trail: str, feed: str
) -> None:
    clients("kms", "workload", "eu-west-1").list_keys()
    first, second = (deliver(hours, sandbox.endpoint)["trails"] for hours in (0, 2))
    (logs,) = (each["logFiles"] for each in first if each["arn"] == trail)
    (found,) = (each for each in second if each["arn"] == trail)

    keys = announced(clients, feed)

    digests = {key for key in keys if "/CloudTrail-Digest/" in key}
    assert set(found["digests"]) <= digests
    assert {key for key in keys if "/CloudTrail/" in key} == keys - digests >= set(logs) > set()


@pytest.fixture
def table(clients: Clients, organization: Organization, trail: str) -> LogTable:
    """The table over the trail's bucket, as the component `LogQueries` makes it."""
    name = trail.rpartition("/")[2]
    made = LogTable(
        database=name.replace("-", "_"),
        table="cloudtrail_logs",
        bucket=name,
        regions=("us-east-1", "eu-west-1"),
        accounts=(organization.management_account_id, organization.workload_account_id),
        organization_id=organization.id,
    )
    glue = clients("glue", "security")
    glue.create_database(DatabaseInput={"Name": made.database})
    columns = [{"Name": name, "Type": kind} for name, kind in COLUMNS.items()]
    glue.create_table(
        DatabaseName=made.database,
        TableInput={
            "Name": made.table,
            "Parameters": made.parameters,
            "PartitionKeys": [{"Name": key, "Type": "string"} for key in PARTITIONS],
            "StorageDescriptor": {"Location": made.location, "Columns": columns},
        },
    )
    return made


@pytest.fixture
def athena(clients: Clients, table: LogTable) -> Client:
    """Athena, with a workgroup and a bucket for results that are called like the log bucket."""
    clients("s3", "security").create_bucket(Bucket=f"{table.bucket}-results")
    location = {"OutputLocation": f"s3://{table.bucket}-results/"}
    athena = clients("athena", "security")
    athena.create_work_group(Name=table.bucket, Configuration={"ResultConfiguration": location})
    return athena


def test_a_named_query_finds_in_the_delivered_logs_who_narrowed_the_trail(
    clients: Clients, sandbox: Sandbox, trail: str, table: LogTable, athena: Client
) -> None:
    selectors = [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]
    clients("cloudtrail").put_event_selectors(TrailName=trail, EventSelectors=selectors)
    deliver(0, sandbox.endpoint)
    (question,) = (each for each in QUESTIONS if each.name == "who-stopped-logging")

    execution = athena.start_query_execution(
        QueryString=sql(question, table), WorkGroup=table.bucket
    )["QueryExecutionId"]
    done = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
    header, *rows = athena.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]

    assert done["Status"]["State"] == "SUCCEEDED"
    names = [each["VarCharValue"] for each in header["Data"]]
    found = [
        dict(zip(names, [v.get("VarCharValue") for v in r["Data"]], strict=True)) for r in rows
    ]
    assert [(row["what"], row["outcome"]) for row in found] == [("PutEventSelectors", "Success")]
    assert json.loads(found[0]["details"])["trailName"] == trail
