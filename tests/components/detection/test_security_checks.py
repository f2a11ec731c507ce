import pytest
from cloudtrail_guard.arns import Location
from cloudtrail_guard.detection.security_checks import (
    CONFIG_RULES,
    DEFAULT_CONFIG_RULES,
    DEFAULT_STANDARDS,
    STANDARDS,
    config_rule_identifiers,
    standards_arns,
)
from cloudtrail_guard.errors import InvalidValueError

HERE = Location(partition="aws", region="eu-west-1", account="111122223333")


def test_config_rules_have_names_of_their_own() -> None:
    assert config_rule_identifiers("audit", ["trail-enabled", "s3-data-events"], []) == {
        "audit-trail-enabled": "CLOUD_TRAIL_ENABLED",
        "audit-s3-data-events": "CLOUDTRAIL_S3_DATAEVENTS_ENABLED",
    }


@pytest.mark.parametrize(
    ("standard", "arn"),
    [
        (
            "fsbp",
            "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0",
        ),
        ("cis-1.2.0", "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0"),
        (
            "cis-3.0.0",
            "arn:aws:securityhub:eu-west-1::standards/cis-aws-foundations-benchmark/v/3.0.0",
        ),
    ],
)
def test_a_standard_has_the_arn_of_its_region(standard: str, arn: str) -> None:
    assert standards_arns(HERE, [standard]) == {standard: arn}


def test_standards_follow_the_partition() -> None:
    gov = Location(partition="aws-us-gov", region="us-gov-west-1", account="111122223333")

    for arn in standards_arns(gov, list(STANDARDS)).values():
        assert arn.startswith("arn:aws-us-gov:securityhub:")


def test_the_defaults_are_known() -> None:
    assert set(DEFAULT_CONFIG_RULES) <= set(CONFIG_RULES)
    assert set(DEFAULT_STANDARDS) <= set(STANDARDS)


@pytest.mark.parametrize(
    ("prefix", "rules", "excluded", "message"),
    [
        ("a", [], 0, "no config rule is named; one or more of trail-enabled"),
        ("a", ["trails"], 0, "config rule 'trails' is not one of trail-enabled"),
        ("a" * 60, ["trail-enabled"], 0, "has 74 characters, more than the 64"),
        ("a", ["trail-enabled"], 1_001, "has 1,001 accounts, more than the 1,000"),
    ],
)
def test_rules_that_config_would_refuse_are_refused(
    prefix: str, rules: list[str], excluded: int, message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        config_rule_identifiers(prefix, rules, ["111122223333"] * excluded)


def test_an_unknown_standard_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="standard 'cis' is not one of fsbp"):
        standards_arns(HERE, ["cis"])
