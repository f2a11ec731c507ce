from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, Trail, TrailArgs

from tests.support.deployment import Deployment, deploy

ARGS: TrailArgs = {
    "trail_name": "SecurityAuditTrail",
    "log_bucket_name": "org-logs",
    "log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: Trail("audit", args), **options)


def selectors(change: dict[str, Any]) -> dict[str, Any]:
    listed = make(change).only("Trail", "audit-trail").inputs["advancedEventSelectors"]
    return {selector["name"]: selector["fieldSelectors"] for selector in listed}


def test_a_trail_is_as_the_guide_and_the_auditors_want_it() -> None:
    assert make({"organization": True}).only("Trail", "audit-trail").inputs == {
        "name": "SecurityAuditTrail",
        "s3BucketName": "org-logs",
        "kmsKeyId": ARGS["log_key_arn"],
        "isMultiRegionTrail": True,
        "isOrganizationTrail": True,
        "includeGlobalServiceEvents": True,
        "enableLogFileValidation": True,
        "enableLogging": True,
        "advancedEventSelectors": [
            {
                "name": "Management events selector",
                "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}],
            }
        ],
        "insightSelectors": [],
    }


def test_a_trail_is_of_one_account_unless_told_otherwise() -> None:
    assert make().only("Trail", "audit-trail").inputs["isOrganizationTrail"] is False


def test_data_events_are_recorded_on_request_and_never_those_of_log_buckets() -> None:
    data = {"s3": True, "lambda_functions": True, "log_bucket_names": ["access-logs"]}

    assert selectors({"data_events": data}) == {
        "Management events selector": [{"field": "eventCategory", "equals": ["Management"]}],
        "S3 data events selector": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
            {
                "field": "resources.ARN",
                "notStartsWiths": ["arn:aws:s3:::org-logs/", "arn:aws:s3:::access-logs/"],
            },
        ],
        "Lambda data events selector": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::Lambda::Function"]},
        ],
    }


def test_an_additional_trail_can_record_data_events_alone() -> None:
    change = {"management_events": False, "data_events": {"lambda_functions": True}}

    assert list(selectors(change)) == ["Lambda data events selector"]


def test_insights_are_reported_on_request() -> None:
    trail = make({"insight_types": ["ApiCallRateInsight"]}).only("Trail", "audit-trail")

    assert trail.inputs["insightSelectors"] == [{"insightType": "ApiCallRateInsight"}]


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_work_throughout(region: str, partition: str) -> None:
    trail = make({"data_events": {"s3": True}}, region=region).only("Trail", "audit-trail")

    assert f"arn:{partition}:s3:::org-logs/" in str(trail.inputs["advancedEventSelectors"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"management_events": False}, "Trail 'audit': .* would record nothing"),
        ({"insight_types": ["Everything"]}, "'Everything' must be one of"),
    ],
)
def test_events_that_cloudtrail_does_not_have_are_refused(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
