"""Athena runs queries over log files, with the permissions of the caller."""

from __future__ import annotations

import csv
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.tests.support import deny, document, refused

if TYPE_CHECKING:
    from sandbox.clients import Client
    from sandbox.tests.support import Clients

LOGS = {
    "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/30/1.json.gz": ["StopLogging", "GetTrail"],
    "AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/30/2.json.gz": ["DeleteTrail"],
    # These are of a region that is not projected, of no region, and no log file.
    "AWSLogs/111122223333/CloudTrail/sa-east-1/2026/11/30/3.json.gz": ["UpdateTrail"],
    "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/30/4.json.gz": ["Digest"],
}


@pytest.fixture
def athena(clients: Clients, bucket: str) -> Client:
    """Athena, with log files in a bucket, a table over them, and a workgroup of their name."""
    s3, glue, athena = (clients(name, "security") for name in ("s3", "glue", "athena"))
    for key, events in LOGS.items():
        records = [{"eventName": name, "requestParameters": {"name": "logs"}} for name in events]
        body = gzip.compress(json.dumps({"Records": records}).encode())
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    s3.create_bucket(Bucket=f"{bucket}-results")
    database = bucket.replace("-", "_")
    glue.create_database(DatabaseInput={"Name": database})
    glue.create_table(
        DatabaseName=database,
        TableInput={
            "Name": "logs",
            "Parameters": {
                "projection.region.type": "enum",
                "projection.region.values": "eu-west-1,us-east-1",
                "storage.location.template": (
                    f"s3://{bucket}/AWSLogs/${{account}}/CloudTrail/${{region}}/${{day}}"
                ),
            },
            "PartitionKeys": [{"Name": n, "Type": "string"} for n in ("account", "region", "day")],
            "StorageDescriptor": {
                "Columns": [
                    {"Name": "eventname", "Type": "string"},
                    {"Name": "requestparameters", "Type": "string"},
                ]
            },
        },
    )
    location = {"OutputLocation": f"s3://{bucket}-results/out/"}
    athena.create_work_group(Name=bucket, Configuration={"ResultConfiguration": location})
    return athena


def run(athena: Client, bucket: str, query: str) -> dict[str, Any]:
    execution = athena.start_query_execution(
        QueryString=query,
        WorkGroup=bucket,
        QueryExecutionContext={"Database": bucket.replace("-", "_")},
    )["QueryExecutionId"]
    return athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]


def values(athena: Client, execution: dict[str, Any]) -> list[list[str | None]]:
    found = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])
    return [[v.get("VarCharValue") for v in row["Data"]] for row in found["ResultSet"]["Rows"]]


def test_a_query_reads_the_files_of_the_projected_partitions(athena: Client, bucket: str) -> None:
    done = run(athena, bucket, "SELECT eventname, region, day FROM logs ORDER BY eventname")

    assert done["Status"]["State"] == "SUCCEEDED"
    assert values(athena, done) == [
        ["eventname", "region", "day"],
        ["DeleteTrail", "us-east-1", "2026/11/30"],
        ["GetTrail", "eu-west-1", "2026/11/30"],
        ["StopLogging", "eu-west-1", "2026/11/30"],
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT 1 AS one", ["1"]),
        (
            "SELECT json_extract_scalar(requestparameters, '$.name') AS n FROM logs LIMIT 1",
            ["logs"],
        ),
        ("SELECT count(*) AS n, NULL AS nothing FROM logs", ["3", None]),
        ("WITH stops AS (SELECT * FROM logs) SELECT count(*) AS n FROM stops", ["3"]),
    ],
)
def test_a_query_speaks_athenas_sql(
    athena: Client, bucket: str, query: str, expected: list[str | None]
) -> None:
    done = run(athena, bucket, query)

    assert values(athena, done)[1:] == [expected]


def test_a_result_is_written_to_the_workgroups_place(
    clients: Clients, athena: Client, bucket: str
) -> None:
    done = run(athena, bucket, "SELECT 'a \"b\"' AS x, 2 AS y")

    location = done["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://{bucket}-results/out/{done['QueryExecutionId']}.csv"
    key = location.partition("-results/")[2]
    body = clients("s3", "security").get_object(Bucket=f"{bucket}-results", Key=key)["Body"].read()
    assert list(csv.reader(body.decode().splitlines())) == [["x", "y"], ['a "b"', "2"]]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT FROM WHERE", "SYNTAX_ERROR"),
        ("SELECT nothing FROM logs", "SYNTAX_ERROR"),
        ("SELECT * FROM others", "TABLE_NOT_FOUND"),
        ("SELECT * FROM logs, others", "NOT_SUPPORTED"),
        # No file of the machine is read.
        ("SELECT * FROM read_text('/etc/hostname')", "TABLE_NOT_FOUND"),
        ("SELECT * FROM logs, read_text('/etc/hostname')", "NOT_SUPPORTED"),
    ],
)
def test_a_query_that_cannot_be_run_fails_with_the_reason(
    athena: Client, bucket: str, query: str, reason: str
) -> None:
    done = run(athena, bucket, query)

    assert done["Status"]["State"] == "FAILED"
    assert reason in done["Status"]["StateChangeReason"]
    with refused("InvalidRequestException", "Final query state: FAILED"):
        values(athena, done)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", "{bucket}/AWSLogs/*"),
        ("s3:ListBucket", "{bucket}"),
        ("s3:PutObject", "{bucket}-results/*"),
    ],
)
def test_a_query_needs_the_callers_permissions_on_logs_and_results(
    clients: Clients, athena: Client, bucket: str, action: str, resource: str
) -> None:
    denied = resource.format(bucket=bucket)
    clients("s3", "security").put_bucket_policy(
        Bucket=denied.partition("/")[0], Policy=document(deny(action, f"arn:aws:s3:::{denied}"))
    )

    done = run(athena, bucket, "SELECT * FROM logs")

    assert done["Status"]["State"] == "FAILED"
    assert action in done["Status"]["StateChangeReason"]
