import pytest
from cloudtrail_guard.arns import parse_arn, partition_of_region, trail_arn
from cloudtrail_guard.errors import InvalidValueError


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:s3:::a-bucket/with/a:colon",
        "arn:aws-cn:iam::111122223333:role/path/Name",
        "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    ],
)
def test_a_parsed_arn_gives_its_text_back(arn: str) -> None:
    assert str(parse_arn(arn)) == arn


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arn",
        "arn:aws:s3",
        "arn:aws:iam::11112222333:role/R",
        "arn:other:s3:::b",
        " arn:aws:s3:::b",
    ],
)
def test_what_is_no_arn_is_refused_by_name_and_form(text: str) -> None:
    with pytest.raises(
        InvalidValueError, match=r"break-glass role .* is not an ARN of the form arn:"
    ):
        parse_arn(text, what="break-glass role")


def test_an_arn_of_another_service_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="arn:<partition>:cloudtrail:"):
        parse_arn("arn:aws:s3:::bucket", service="cloudtrail")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-central-1", "aws"),
        ("us-east-1", "aws"),
        ("cn-northwest-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_tells_its_partition(region: str, partition: str) -> None:
    assert partition_of_region(region) == partition


def test_a_trails_arn_is_built_from_names() -> None:
    assert trail_arn("aws", "eu-west-1", "123456789012", "T") == (
        "arn:aws:cloudtrail:eu-west-1:123456789012:trail/T"
    )
