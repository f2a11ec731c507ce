"""What AWS's security services check of CloudTrail, as data."""

from collections.abc import Sequence

from cloudtrail_guard.arns import Location
from cloudtrail_guard.errors import InvalidValueError

CONFIG_RULES: dict[str, str] = {
    "trail-enabled": "CLOUD_TRAIL_ENABLED",
    "multi-region-trail-enabled": "MULTI_REGION_CLOUD_TRAIL_ENABLED",
    "trail-encrypted": "CLOUD_TRAIL_ENCRYPTION_ENABLED",
    "log-file-validation": "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
    "s3-data-events": "CLOUDTRAIL_S3_DATAEVENTS_ENABLED",
    "cloudwatch-logs": "CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED",
}
"""AWS Config's managed rules about trails, by our names
(https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html)."""

DEFAULT_CONFIG_RULES = (
    "trail-enabled",
    "multi-region-trail-enabled",
    "trail-encrypted",
    "log-file-validation",
)
"""What every trail here satisfies; the others ask for what is optional."""

MAX_RULE_NAME = 64
MAX_EXCLUDED_ACCOUNTS = 1_000
"""Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html."""

STANDARDS: dict[str, str] = {
    "fsbp": "{region}::standards/aws-foundational-security-best-practices/v/1.0.0",
    "cis-1.2.0": "::ruleset/cis-aws-foundations-benchmark/v/1.2.0",
    "cis-1.4.0": "{region}::standards/cis-aws-foundations-benchmark/v/1.4.0",
    "cis-3.0.0": "{region}::standards/cis-aws-foundations-benchmark/v/3.0.0",
    "cis-5.0.0": "{region}::standards/cis-aws-foundations-benchmark/v/5.0.0",
    "nist-800-53-r5": "{region}::standards/nist-800-53/v/5.0.0",
    "pci-dss-4.0.1": "{region}::standards/pci-dss/v/4.0.1",
}
"""Security Hub's standards: what follows the service in their ARNs
(https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html)."""

DEFAULT_STANDARDS = ("fsbp", "cis-3.0.0")


def config_rule_identifiers(
    prefix: str, rules: Sequence[str], excluded_accounts: Sequence[str]
) -> dict[str, str]:
    """AWS's identifiers of Config rules by the names that the rules get.

    Args:
        prefix: how the names begin.
        rules: keys of `CONFIG_RULES`.
        excluded_accounts: ids of the accounts that are not checked.

    Raises:
        InvalidValueError: a rule is unknown, a name is too long, there are too many exclusions, or
            there is no rule.
    """
    _check_known("config rule", rules, CONFIG_RULES)
    if len(excluded_accounts) > MAX_EXCLUDED_ACCOUNTS:
        raise InvalidValueError(
            f"excluded_account_ids has {len(excluded_accounts):,} accounts, more than the "
            f"{MAX_EXCLUDED_ACCOUNTS:,} that AWS Config allows"
        )
    named = {f"{prefix}-{rule}": CONFIG_RULES[rule] for rule in rules}
    for name in named:
        if len(name) > MAX_RULE_NAME:
            raise InvalidValueError(
                f"config rule name {name!r} has {len(name)} characters, more than the "
                f"{MAX_RULE_NAME} that AWS Config allows: set a shorter rule_prefix"
            )
    return named


def standards_arns(location: Location, standards: Sequence[str]) -> dict[str, str]:
    """The ARNs of Security Hub's standards by our names.

    Raises:
        InvalidValueError: a standard is unknown, or there is none.
    """
    _check_known("standard", standards, STANDARDS)
    start = f"arn:{location.partition}:securityhub:"
    return {name: start + STANDARDS[name].format(region=location.region) for name in standards}


def _check_known(what: str, names: Sequence[str], known: dict[str, str]) -> None:
    if not names:
        raise InvalidValueError(f"no {what} is named; one or more of {', '.join(known)}")
    for name in names:
        if name not in known:
            raise InvalidValueError(f"{what} {name!r} is not one of {', '.join(known)}")
