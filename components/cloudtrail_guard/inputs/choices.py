"""The values that some arguments may take.

Each is an enum, from which the component host makes an enum of every language, and a type for
arguments, which in Python takes the plain string as well.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias


class ObjectLockMode(StrEnum):
    """Whom an object lock lets through before its period ends.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """

    GOVERNANCE = "GOVERNANCE"
    """The break-glass roles."""
    COMPLIANCE = "COMPLIANCE"
    """No one, not even the root user."""


class ReadWriteType(StrEnum):
    """Which events are recorded: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html."""

    ALL = "All"
    """Reads and writes."""
    READ_ONLY = "ReadOnly"
    """Reads alone."""
    WRITE_ONLY = "WriteOnly"
    """Writes alone."""


class InsightType(StrEnum):
    """Unusual activity: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html."""

    API_CALL_RATE = "ApiCallRateInsight"
    """Write calls at an unusual rate."""
    API_ERROR_RATE = "ApiErrorRateInsight"
    """Errors at an unusual rate."""


class SubscriptionProtocol(StrEnum):
    """How alerts are delivered: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html."""

    EMAIL = "email"
    """An email with a text; its receiver has to confirm the subscription once."""
    EMAIL_JSON = "email-json"
    """An email with JSON; its receiver has to confirm the subscription once."""
    HTTPS = "https"
    """A POST request to a URL."""
    SQS = "sqs"
    """A message in a queue."""


class ConfigRule(StrEnum):
    """AWS Config's rules about trails."""

    TRAIL_ENABLED = "trail-enabled"
    """There is a trail."""
    MULTI_REGION_TRAIL_ENABLED = "multi-region-trail-enabled"
    """There is a trail of every region."""
    TRAIL_ENCRYPTED = "trail-encrypted"
    """Trails encrypt with a KMS key."""
    LOG_FILE_VALIDATION = "log-file-validation"
    """Trails deliver digest files."""
    S3_DATA_EVENTS = "s3-data-events"
    """A trail records the data events of every bucket."""
    CLOUDWATCH_LOGS = "cloudwatch-logs"
    """Trails send their events to CloudWatch Logs."""


class SecurityStandard(StrEnum):
    """Security Hub's standards."""

    FSBP = "fsbp"
    """AWS Foundational Security Best Practices."""
    CIS_1_2_0 = "cis-1.2.0"
    """CIS AWS Foundations Benchmark 1.2.0."""
    CIS_1_4_0 = "cis-1.4.0"
    """CIS AWS Foundations Benchmark 1.4.0."""
    CIS_3_0_0 = "cis-3.0.0"
    """CIS AWS Foundations Benchmark 3.0.0."""
    CIS_5_0_0 = "cis-5.0.0"
    """CIS AWS Foundations Benchmark 5.0.0."""
    NIST_800_53_R5 = "nist-800-53-r5"
    """NIST SP 800-53 revision 5."""
    PCI_DSS_4_0_1 = "pci-dss-4.0.1"
    """PCI DSS 4.0.1."""


class FindingFrequency(StrEnum):
    """How often GuardDuty publishes findings that recur."""

    FIFTEEN_MINUTES = "FIFTEEN_MINUTES"
    """Every 15 minutes."""
    ONE_HOUR = "ONE_HOUR"
    """Every hour."""
    SIX_HOURS = "SIX_HOURS"
    """Every six hours."""


if TYPE_CHECKING:
    ObjectLockModeInput: TypeAlias = ObjectLockMode | Literal["GOVERNANCE", "COMPLIANCE"]
    ReadWriteTypeInput: TypeAlias = ReadWriteType | Literal["All", "ReadOnly", "WriteOnly"]
    InsightTypeInput: TypeAlias = InsightType | Literal["ApiCallRateInsight", "ApiErrorRateInsight"]
    SubscriptionProtocolInput: TypeAlias = (
        SubscriptionProtocol | Literal["email", "email-json", "https", "sqs"]
    )
    ConfigRuleInput: TypeAlias = (
        ConfigRule
        | Literal[
            "trail-enabled",
            "multi-region-trail-enabled",
            "trail-encrypted",
            "log-file-validation",
            "s3-data-events",
            "cloudwatch-logs",
        ]
    )
    SecurityStandardInput: TypeAlias = (
        SecurityStandard
        | Literal[
            "fsbp",
            "cis-1.2.0",
            "cis-1.4.0",
            "cis-3.0.0",
            "cis-5.0.0",
            "nist-800-53-r5",
            "pci-dss-4.0.1",
        ]
    )
    FindingFrequencyInput: TypeAlias = (
        FindingFrequency | Literal["FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"]
    )
else:  # The component host reads the annotations: it knows enums, but neither unions nor literals.
    ObjectLockModeInput = ObjectLockMode
    ReadWriteTypeInput = ReadWriteType
    InsightTypeInput = InsightType
    SubscriptionProtocolInput = SubscriptionProtocol
    ConfigRuleInput = ConfigRule
    SecurityStandardInput = SecurityStandard
    FindingFrequencyInput = FindingFrequency
