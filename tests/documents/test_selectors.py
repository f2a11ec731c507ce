from typing import Any

import pytest
from cloudtrail_guard.documents import (
    DataEvents,
    DocumentError,
    advanced_event_selectors,
    check_insights,
)

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
    with pytest.raises(DocumentError, match="would record nothing"):
        advanced_event_selectors("aws", management=False)


def test_insight_types_are_cloudtrails_own_and_each_named_once() -> None:
    both = ["ApiCallRateInsight", "ApiErrorRateInsight"]

    assert check_insights([*both, *both]) == both
    assert check_insights([]) == []
    with pytest.raises(DocumentError, match="'ApiCalls' is not one of ApiCallRateInsight, "):
        check_insights(["ApiCalls"])
