from collections.abc import Mapping
from typing import Any

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.trails.event_selectors import (
    DataEvents,
    WatchedObjects,
    advanced_event_selectors,
    as_api_value,
    check_insights,
)
from cloudtrail_guard_policies.engine.rule import Rule
from cloudtrail_guard_policies.rules.trail import (
    cloudtrail_data_event_loop as own_loop,
)
from cloudtrail_guard_policies.rules.trail import (
    cloudtrail_mutual_data_events as mutual_loop,
)

from sandbox.aws.patches.cloudtrail.selection import selects
from tests.policypack.support import made, stack_verdict

MANAGEMENT = {
    "name": "Management events selector",
    "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
}
LAMBDA = {
    "name": "Lambda data events selector",
    "field_selectors": [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::Lambda::Function"]},
    ],
}


def s3(*excluded: str) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
    ]
    if excluded:
        fields.append({"field": "resources.ARN", "not_starts_withs": list(excluded)})
    return {"name": "S3 data events selector", "field_selectors": fields}


@pytest.mark.parametrize(
    ("management", "data", "selectors"),
    [
        (True, DataEvents(), [MANAGEMENT]),
        (True, None, [MANAGEMENT]),
        (True, DataEvents(lambda_=True), [MANAGEMENT, LAMBDA]),
        (False, DataEvents(s3=True), [s3()]),
        (
            True,
            DataEvents(s3=True, lambda_=True, log_buckets=("logs", "access-logs")),
            [MANAGEMENT, s3("arn:aws-cn:s3:::logs/", "arn:aws-cn:s3:::access-logs/"), LAMBDA],
        ),
    ],
)
def test_a_trail_records_what_was_asked_for_and_never_the_log_buckets(
    management: bool, data: DataEvents | None, selectors: list[dict[str, Any]]
) -> None:
    assert advanced_event_selectors("aws-cn", management=management, data=data) == selectors


def test_a_trail_that_would_record_nothing_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="would record nothing"):
        advanced_event_selectors("aws", management=False)


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (
            DataEvents(lambda_=True, read_write="ReadOnly"),
            {"field": "readOnly", "equals": ["true"]},
        ),
        (
            DataEvents(lambda_=True, read_write="WriteOnly"),
            {"field": "readOnly", "equals": ["false"]},
        ),
        (
            DataEvents(s3=True, s3_buckets=("payroll",), log_buckets=("logs",)),
            {"field": "resources.ARN", "starts_withs": ["arn:aws:s3:::payroll/"]},
        ),
        (
            DataEvents(resource_types=("AWS::DynamoDB::Table",)),
            {"field": "resources.type", "equals": ["AWS::DynamoDB::Table"]},
        ),
    ],
)
def test_data_events_can_be_narrowed_or_of_further_types(
    data: DataEvents, fields: dict[str, Any]
) -> None:
    (selector,) = advanced_event_selectors("aws", management=False, data=data)

    assert fields in selector["field_selectors"]


def test_network_activity_is_recorded_service_by_service() -> None:
    sources = ["s3.amazonaws.com", "kms.amazonaws.com", "s3.amazonaws.com"]

    selectors = advanced_event_selectors("aws", management=False, network_sources=sources)

    assert [s["name"] for s in selectors] == [
        "s3 network activity selector",
        "kms network activity selector",
    ]
    assert selectors[0]["field_selectors"] == [
        {"field": "eventCategory", "equals": ["NetworkActivity"]},
        {"field": "eventSource", "equals": ["s3.amazonaws.com"]},
    ]


@pytest.mark.parametrize(
    ("data", "sources", "message"),
    [
        (DataEvents(lambda_=True, read_write="Some"), (), "'Some' is not one of All, ReadOnly"),
        (DataEvents(lambda_=True, s3_buckets=("x",)), (), "S3 data events are not recorded"),
        (
            DataEvents(s3=True, s3_buckets=("logs",), log_buckets=("logs",)),
            (),
            "has the log bucket 'logs'",
        ),
        (DataEvents(resource_types=("DynamoDB",)), (), "must be like AWS::DynamoDB::Table"),
        (DataEvents(resource_types=("AWS::S3::Object",)), (), "has an argument of its own"),
        (None, ("s3",), "must be a service's, like s3.amazonaws.com"),
    ],
)
def test_selectors_that_cloudtrail_does_not_have_are_refused(
    data: DataEvents | None, sources: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        advanced_event_selectors("aws", data=data, network_sources=sources)


def test_insights_without_management_events_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="are made of management events"):
        check_insights(["ApiCallRateInsight"], management=False)


def test_insight_types_are_cloudtrails_own_and_each_named_once() -> None:
    both = ["ApiCallRateInsight", "ApiErrorRateInsight"]

    assert check_insights([*both, *both]) == both
    assert check_insights([]) == []
    with pytest.raises(InvalidValueError, match="'ApiCalls' is not one of ApiCallRateInsight, "):
        check_insights(["ApiCalls"])


LOG, COPY = "arn:aws:s3:::org-logs/AWSLogs/1/a.json.gz", "arn:aws:s3:::org-copy/AWSLogs/1/a.json.gz"
PERSON = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/someone"}
CLOUDTRAIL = {"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"}
REPLICATION = {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/replica/s3"}
WATCHED = WatchedObjects(log_bucket="org-logs", replicas=["org-copy"])


@pytest.mark.parametrize(
    ("name", "arn", "identity", "recorded"),
    [
        ("DeleteObject", LOG, PERSON, True),
        ("DeleteObjects", "arn:aws:s3:::org-logs/", PERSON, True),
        ("PutObjectRetention", LOG, PERSON, True),
        ("PutObjectLegalHold", COPY, PERSON, True),
        ("CopyObject", LOG, PERSON, True),
        ("CompleteMultipartUpload", LOG, PERSON, True),
        ("CompleteMultipartUpload", COPY, REPLICATION, False),
        ("PutObject", LOG, PERSON, False),
        ("PutObject", LOG, CLOUDTRAIL, False),
        ("PutObject", COPY, REPLICATION, False),
        ("GetObject", LOG, PERSON, False),
        ("DeleteObject", "arn:aws:s3:::org-logs-2/a", PERSON, False),
    ],
)
def test_what_is_done_to_log_files_is_recorded_and_not_what_writes_them(
    name: str, arn: str, identity: dict[str, str], *, recorded: bool
) -> None:
    selectors = as_api_value(advanced_event_selectors("aws", watched=WATCHED))
    event = {
        "eventCategory": "Data",
        "eventName": name,
        "userIdentity": identity,
        "resources": [{"type": "AWS::S3::Object", "ARN": arn}],
    }

    assert selects([], selectors, event) is recorded


@pytest.mark.parametrize("rule", [own_loop.RULE, mutual_loop.RULE], ids=lambda rule: rule.id)
def test_watching_log_files_makes_no_log_file_the_cause_of_another(rule: Rule) -> None:
    """The policy pack's own rules, over two trails that watch each other's bucket."""
    trails = [
        made(
            "aws:cloudtrail/trail:Trail",
            bucket,
            {
                "s3BucketName": bucket,
                "advancedEventSelectors": [
                    {
                        "name": selector["name"],
                        "fieldSelectors": [_inputs(field) for field in selector["field_selectors"]],
                    }
                    for selector in advanced_event_selectors(
                        "aws",
                        watched=WatchedObjects(
                            log_bucket=bucket, replicas=["org-logs", "org-copy"]
                        ),
                    )
                ],
            },
        )
        for bucket in ("org-logs", "org-copy")
    ]

    assert stack_verdict(rule, trails) == "pass"


def _inputs(field: Mapping[str, Any]) -> dict[str, Any]:
    names = {"starts_withs": "startsWiths", "not_starts_withs": "notStartsWiths"}
    return {names.get(name, name): value for name, value in field.items()}
