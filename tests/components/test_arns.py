import pytest
from cloudtrail_guard.arns import (
    is_permission_set,
    parse_arn,
    partition_of_region,
    stands_for,
    trail_arn,
)
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


RESERVED = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com"


@pytest.mark.parametrize(
    ("arn", "is_one"),
    [
        (f"{RESERVED}/*/AWSReservedSSO_Deploy_*", True),
        (f"{RESERVED}/eu-west-2/AWSReservedSSO_Deploy_*", True),
        # Identity Center in us-east-1 has no region in the path.
        (f"{RESERVED}/AWSReservedSSO_Deploy-it_now_*", True),
        (f"{RESERVED}/AWSReservedSSO_Deploy_*".replace("arn:aws:", "arn:aws-us-gov:"), True),
        (f"{RESERVED}/eu-west-2/AWSReservedSSO_Deploy_0123456789abcdef", False),
        (f"{RESERVED}/*/AWSReservedSSO_Deploy*", False),
        (f"{RESERVED}/*/AWSReservedSSO_*", False),
        (f"{RESERVED}/*/AWSReservedSSO_De*ploy_*", False),
        (f"{RESERVED}/*/AWSReservedSSO_{'d' * 33}_*", False),
        (f"{RESERVED}/eu-*/AWSReservedSSO_Deploy_*", False),
        (f"{RESERVED}/*/*/AWSReservedSSO_Deploy_*", False),
        (f"{RESERVED}/*", False),
        (f"{RESERVED}/*/AWSReservedSSO_Deploy_*".replace("111122223333", "*"), False),
        (f"{RESERVED}/*/AWSReservedSSO_Deploy_*".replace("111122223333", ""), False),
        ("arn:aws:iam::111122223333:role/AWSReservedSSO_Deploy_*", False),
        ("arn:aws:iam::111122223333:role/x/sso.amazonaws.com/*/AWSReservedSSO_Deploy_*", False),
        ("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Deploy_*", False),
    ],
)
def test_the_one_pattern_of_roles_is_that_of_a_permission_set(arn: str, *, is_one: bool) -> None:
    """https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html"""
    assert is_permission_set(arn) is is_one


@pytest.mark.parametrize(
    ("pattern", "arn", "fits"),
    [
        ("arn:aws:iam::1:role/R", "arn:aws:iam::1:role/R", True),
        ("arn:aws:iam::1:role/R", "arn:aws:iam::1:role/Rx", False),
        ("arn:aws:iam::1:role/*/R_*", "arn:aws:iam::1:role/a/b/R_1", True),
        ("arn:aws:iam::1:role/*/R_*", "arn:aws:iam::1:role/R_1", False),
        ("arn:aws:iam::1:role/R?", "arn:aws:iam::1:role/Rx", True),
        # A wildcard ends with its part of the ARN.
        ("arn:aws:*:role/R", "arn:aws:iam::1:role/R", False),
        ("arn:aws:iam::1:role/[R]", "arn:aws:iam::1:role/R", False),
        ("*", "arn:aws:iam::1:role/R", False),
    ],
)
def test_a_pattern_stands_for_arns_part_by_part(pattern: str, arn: str, *, fits: bool) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN"""
    assert stands_for(pattern, arn) is fits


def test_a_trails_arn_is_built_from_names() -> None:
    assert trail_arn("aws", "eu-west-1", "123456789012", "T") == (
        "arn:aws:cloudtrail:eu-west-1:123456789012:trail/T"
    )
