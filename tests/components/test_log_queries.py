import json
from typing import Any

import pulumi
import pytest
from cloudtrail_guard import ArgumentError, LogQueries, LogQueriesArgs
from cloudtrail_guard.detection.queries import COLUMNS, QUESTIONS

from tests.support.deployment import KEY_ID, Deployment, deploy

KEY = f"arn:aws:kms:eu-west-1:111122223333:key/{KEY_ID}"
ARGS: LogQueriesArgs = {
    "log_bucket_name": "org-logs",
    "results_bucket_name": "org-logs-results",
    "organization_id": "o-a1b2c3d4e5",
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: LogQueries("audit-logs", args), **options)


def test_the_workgroup_decides_where_results_go_and_how_they_are_encrypted() -> None:
    configuration = make().only("Workgroup").inputs["configuration"]

    assert configuration == {
        "enforceWorkgroupConfiguration": True,
        "publishCloudwatchMetricsEnabled": True,
        "bytesScannedCutoffPerQuery": 100 * 1024**3,
        "resultConfiguration": {
            "outputLocation": "s3://org-logs-results/",
            "expectedBucketOwner": "111122223333",
            "encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": KEY},
        },
    }


def test_results_are_private_and_go_after_a_month() -> None:
    deployment = make()

    (rule,) = deployment.only("BucketLifecycleConfiguration").inputs["rules"]
    assert rule["expiration"] == {"days": 30}
    assert deployment.only("BucketPublicAccessBlock").inputs["restrictPublicBuckets"] is True
    policy = json.loads(deployment.only("BucketPolicy").inputs["policy"])
    assert [s["Sid"] for s in policy["Statement"]] == [
        "DenyInsecureTransport",
        "DenyOutdatedTransport",
    ]


def test_results_are_evidence_where_break_glass_roles_are_named() -> None:
    role, deployer = (f"arn:aws:iam::111122223333:role/{name}" for name in ("Admin", "Deploy"))
    deployment = make({"break_glass_role_arns": [role], "deployer_role_arns": [deployer]})

    policy = json.loads(deployment.only("BucketPolicy").inputs["policy"])
    exempt = {s["Sid"]: s["Condition"] for s in policy["Statement"] if "Evidence" in s["Sid"]}
    assert exempt == {
        "DenyEvidenceDeletion": {"ArnNotLike": {"aws:PrincipalArn": role}},
        "DenyEvidenceTampering": {"ArnNotLike": {"aws:PrincipalArn": [role, deployer]}},
    }
    (rule,) = deployment.only("BucketLifecycleConfiguration").inputs["rules"]
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


def test_the_table_has_every_column_and_computed_partitions() -> None:
    table = make().only("CatalogTable").inputs

    assert table["databaseName"] == "audit_logs"
    assert [key["name"] for key in table["partitionKeys"]] == ["account", "region", "day"]
    assert [c["name"] for c in table["storageDescriptor"]["columns"]] == list(COLUMNS)
    assert table["storageDescriptor"]["location"] == "s3://org-logs/AWSLogs/o-a1b2c3d4e5/"
    assert table["parameters"]["projection.enabled"] == "true"
    assert "eu-west-1" in table["parameters"]["projection.region.values"].split(",")


def test_every_question_is_a_named_query_of_the_workgroup() -> None:
    queries = make().of_type("NamedQuery")

    assert {query.inputs["name"] for query in queries} == {q.name for q in QUESTIONS}
    for query in queries:
        assert query.inputs["workgroup"] == "audit-logs"
        assert query.inputs["database"] == "audit_logs"
        assert '"audit_logs"."cloudtrail_logs"' in query.inputs["query"]


def test_the_queries_are_about_the_roles_the_key_and_the_watch_that_are_given() -> None:
    role = "arn:aws:iam::111122223333:role/AdminRole"
    given = {
        "break_glass_role_arns": [role],
        "log_key_arn": KEY,
        "watch_names": ["audit-watch"],
        "guardrail_names": ["audit-guard"],
    }
    queries = {
        each.inputs["name"]: each.inputs["query"] for each in make(given).of_type("NamedQuery")
    }

    assert role in queries["use-of-break-glass"]
    assert KEY in queries["reads-of-the-logs"]
    assert "'audit-watch'" in queries["who-silenced-the-watch"]
    assert "'audit-guard'" in queries["changes-of-who-is-exempt"]
    assert (
        "<break-glass role ARN>"
        in {each.inputs["name"]: each.inputs["query"] for each in make().of_type("NamedQuery")}[
            "use-of-break-glass"
        ]
    )


def test_a_preview_from_nothing_knows_table_and_queries() -> None:
    deployment = make(preview=True)

    assert deployment.only("CatalogTable").inputs["parameters"]
    assert all(query.inputs["query"] for query in deployment.of_type("NamedQuery"))


def test_names_and_bounds_can_be_chosen() -> None:
    deployment = make(
        {
            "workgroup_name": "forensics",
            "database_name": "trails",
            "account_ids": ["111122223333"],
            "regions": ["eu-west-1"],
            "max_scanned_gib": 1,
            "expire_results_after_days": 7,
        }
    )

    assert deployment.only("Workgroup").inputs["name"] == "forensics"
    assert deployment.only("CatalogDatabase").inputs["name"] == "trails"
    (rule,) = deployment.only("BucketLifecycleConfiguration").inputs["rules"]
    assert rule["expiration"] == {"days": 7}
    assert deployment.only("CatalogTable").inputs["parameters"]["projection.account.values"] == (
        "111122223333"
    )


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_search_their_own_regions(region: str, partition: str) -> None:
    deployment = make(region=region)

    assert "arn:aws:" not in str([r.inputs for r in deployment.resources])
    assert f"arn:{partition}:" in deployment.only("BucketPolicy").inputs["policy"]
    values = deployment.only("CatalogTable").inputs["parameters"]["projection.region.values"]
    assert region in values.split(",")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"database_name": "Trails"}, "LogQueries 'audit-logs': database name 'Trails'"),
        ({"account_ids": ["me"]}, r"account_ids\[0\] 'me' must be an account id"),
        ({"regions": []}, "regions is empty"),
        ({"first_day": "yesterday"}, "first_day 'yesterday' is malformed"),
        ({"max_scanned_gib": 0}, "max_scanned_gib = 0 must be 1 or more"),
    ],
)
def test_arguments_that_would_find_nothing_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)


def test_saved_queries_are_not_protected_as_a_changed_text_replaces_them() -> None:
    protected = pulumi.ResourceOptions(protect=True)
    deployment = deploy(lambda: LogQueries("audit-logs", ARGS, opts=protected))

    assert not any(query.protect for query in deployment.of_type("NamedQuery"))
    assert deployment.only("Workgroup").protect
    assert deployment.only("CatalogTable").protect
