"""CloudTrail as AWS has it: what a trail logs."""

from collections.abc import Generator
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.tests.support import Clients, allow, document, refused

DEFAULT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
MANAGEMENT = {
    "Name": "Management events selector",
    "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
}


@pytest.fixture
def cloudtrail(clients: Clients) -> Client:
    return clients("cloudtrail", "security")


@pytest.fixture
def trail(clients: Clients, cloudtrail: Client, bucket: str) -> Generator[str]:
    service = {"Service": "cloudtrail.amazonaws.com"}
    arn = f"arn:aws:s3:::{bucket}"
    clients("s3", "security").put_bucket_policy(
        Bucket=bucket,
        Policy=document(
            allow(service, ["s3:GetBucketAcl", "s3:PutObject"], [arn, f"{arn}/AWSLogs/*"])
        ),
    )
    cloudtrail.create_trail(Name=bucket, S3BucketName=bucket)
    yield bucket
    cloudtrail.delete_trail(Name=bucket)


def selectors(cloudtrail: Client, trail: str) -> tuple[Any, Any]:
    """The basic and the advanced selectors of a trail."""
    answer = cloudtrail.get_event_selectors(TrailName=trail)
    return answer.get("EventSelectors"), answer.get("AdvancedEventSelectors")


def flags(cloudtrail: Client, trail: str) -> tuple[bool, bool]:
    described = cloudtrail.get_trail(Name=trail)["Trail"]
    return described["HasCustomEventSelectors"], described["HasInsightSelectors"]


def test_a_new_trail_has_the_default_selector(cloudtrail: Client, trail: str) -> None:
    assert selectors(cloudtrail, trail) == ([DEFAULT], None)
    assert flags(cloudtrail, trail) == (False, False)


def test_the_last_put_replaces_all_selectors(cloudtrail: Client, trail: str) -> None:
    cloudtrail.put_event_selectors(TrailName=trail, EventSelectors=[{"ReadWriteType": "WriteOnly"}])
    assert selectors(cloudtrail, trail) == ([{**DEFAULT, "ReadWriteType": "WriteOnly"}], None)

    cloudtrail.put_event_selectors(TrailName=trail, AdvancedEventSelectors=[MANAGEMENT])
    assert selectors(cloudtrail, trail) == (None, [MANAGEMENT])
    assert flags(cloudtrail, trail)[0] is True

    cloudtrail.put_event_selectors(TrailName=trail, EventSelectors=[DEFAULT])
    cloudtrail.put_event_selectors(TrailName=trail, AdvancedEventSelectors=[])
    assert selectors(cloudtrail, trail) == ([DEFAULT], None)


def field(name: str, **test: list[str]) -> dict[str, Any]:
    return {"Field": name, **test}


def selector(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"FieldSelectors": list(fields)}


DATA = field("eventCategory", Equals=["Data"])
S3 = field("resources.type", Equals=["AWS::S3::Object"])


@pytest.mark.parametrize(
    "fields",
    [
        (DATA, S3, field("resources.ARN", NotStartsWith=["arn:aws:s3:::logs/"])),
        (DATA, S3, field("userIdentity.arn", NotEquals=["arn:aws:iam::123456789012:role/x"])),
        (
            field("eventCategory", Equals=["NetworkActivity"]),
            field("eventSource", Equals=["s3.amazonaws.com"]),
        ),
    ],
)
def test_sound_advanced_selectors_are_kept(
    cloudtrail: Client, trail: str, fields: tuple[dict[str, Any], ...]
) -> None:
    cloudtrail.put_event_selectors(TrailName=trail, AdvancedEventSelectors=[selector(*fields)])

    assert selectors(cloudtrail, trail)[1] == [selector(*fields)]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ((field("eventcategory", Equals=["Data"]),), "'eventcategory' must be one of"),
        ((field("readOnly", Equals=["true"]),), "needs eventCategory"),
        ((field("eventCategory", Equals=["Everything"]),), "needs eventCategory"),
        ((DATA,), "needs resources.type"),
        ((field("eventCategory", Equals=["NetworkActivity"]),), "needs eventSource"),
        ((DATA, S3, S3), "appears twice"),
        ((DATA, S3, field("readOnly")), "no operator"),
        ((DATA, S3, field("resources.ARN", Equals=["a"] * 500)), "at most 500"),
    ],
)
def test_unsound_advanced_selectors_are_refused(
    cloudtrail: Client, trail: str, fields: tuple[dict[str, Any], ...], message: str
) -> None:
    with refused("InvalidEventSelectorsException", message):
        cloudtrail.put_event_selectors(TrailName=trail, AdvancedEventSelectors=[selector(*fields)])
    assert selectors(cloudtrail, trail) == ([DEFAULT], None)


def resource(kind: str = "AWS::S3::Object", count: int = 1) -> dict[str, Any]:
    return {"DataResources": [{"Type": kind, "Values": ["arn:aws:s3:::logs/"] * count}]}


@pytest.mark.parametrize(
    ("basic", "message"),
    [
        ([DEFAULT] * 6, "at most 5"),
        ([{"ReadWriteType": "Some"}], "readWriteType"),
        ([resource("AWS::EC2::Instance")], "type of a data resource"),
        ([resource(count=200), resource(count=51)], "at most 250"),
    ],
)
def test_unsound_basic_selectors_are_refused(
    cloudtrail: Client, trail: str, basic: list[dict[str, Any]], message: str
) -> None:
    with refused("InvalidEventSelectorsException", message):
        cloudtrail.put_event_selectors(TrailName=trail, EventSelectors=basic)


# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("AWS::S3::Object", "arn:aws:s3:::*"),
        ("AWS::S3::Object", "arn:aws:s3:*"),
        ("AWS::S3::Object", "arn:aws:s3:::logs"),
        ("AWS::Lambda::Function", "arn:aws:lambda:*"),
        ("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:123456789012:function:*"),
        ("AWS::DynamoDB::Table", "arn:aws:dynamodb:*"),
    ],
)
def test_a_wildcard_and_a_bare_bucket_are_no_data_resources(
    cloudtrail: Client, trail: str, kind: str, value: str
) -> None:
    wanted = {"DataResources": [{"Type": kind, "Values": [value]}]}
    with refused(
        "InvalidEventSelectorsException", f"Value {value} for DataResources.Values is invalid."
    ):
        cloudtrail.put_event_selectors(TrailName=trail, EventSelectors=[wanted])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("AWS::S3::Object", "arn:aws:s3"),
        ("AWS::S3::Object", "arn:aws:s3:::"),
        ("AWS::S3::Object", "arn:aws:s3:::logs/"),
        ("AWS::S3::Object", "arn:aws:s3:::logs/prefix"),
        ("AWS::Lambda::Function", "arn:aws:lambda"),
        ("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:123456789012:function:audit"),
        ("AWS::DynamoDB::Table", "arn:aws:dynamodb"),
        ("AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:123456789012:table/audit"),
    ],
)
def test_the_prefix_of_a_type_and_single_resources_are_data_resources(
    cloudtrail: Client, trail: str, kind: str, value: str
) -> None:
    wanted = {"DataResources": [{"Type": kind, "Values": [value]}]}
    cloudtrail.put_event_selectors(TrailName=trail, EventSelectors=[wanted])

    [found] = selectors(cloudtrail, trail)[0]
    assert found["DataResources"] == wanted["DataResources"]


def test_both_kinds_of_selectors_at_once_are_refused(cloudtrail: Client, trail: str) -> None:
    with refused("InvalidEventSelectorsException", "exclude each other"):
        cloudtrail.put_event_selectors(
            TrailName=trail, EventSelectors=[DEFAULT], AdvancedEventSelectors=[MANAGEMENT]
        )


def test_insight_selectors_are_replaced_and_cleared(cloudtrail: Client, trail: str) -> None:
    rate, errors = {"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiErrorRateInsight"}
    with refused("InsightNotEnabledException"):
        cloudtrail.get_insight_selectors(TrailName=trail)

    for put in ([rate, errors], [errors]):
        cloudtrail.put_insight_selectors(TrailName=trail, InsightSelectors=put)
        kept = cloudtrail.get_insight_selectors(TrailName=trail)["InsightSelectors"]
        assert kept == put
        assert flags(cloudtrail, trail)[1] is True

    cloudtrail.put_insight_selectors(TrailName=trail, InsightSelectors=[])
    with refused("InsightNotEnabledException"):
        cloudtrail.get_insight_selectors(TrailName=trail)
    assert flags(cloudtrail, trail)[1] is False


def test_an_unknown_insight_is_refused(cloudtrail: Client, trail: str) -> None:
    with refused("InvalidInsightSelectorsException", "ApiCallRateInsight"):
        cloudtrail.put_insight_selectors(
            TrailName=trail, InsightSelectors=[{"InsightType": "Anything"}]
        )
