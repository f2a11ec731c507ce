"""Groups of settings about who watches, and who is told."""

from typing import Annotated

from cloudtrail_guard import SubscriptionArgs
from cloudtrail_guard.detection.security_checks import DEFAULT_CONFIG_RULES, DEFAULT_STANDARDS
from cloudtrail_guard.inputs.choices import ConfigRule, FindingFrequency, SecurityStandard
from cloudtrail_guard.trail_alarms import RETENTION_DAYS
from pydantic import AfterValidator, Field

from stacks import names
from stacks.groups.base import Group


class AlertSettings(Group):
    """Who is told of alarms and tampering."""

    emails: list[names.Email] = Field(default=[])
    """Addresses, each of which must confirm."""
    https_endpoints: list[names.HttpsUrl] = Field(default=[])
    """URLs, each of which must confirm."""
    queue_arns: list[names.QueueArn] = Field(default=[])
    """SQS queues."""

    def subscriptions(self) -> list[SubscriptionArgs]:
        """The same as a component's argument."""
        return [
            *({"protocol": "email", "endpoint": each} for each in self.emails),
            *({"protocol": "https", "endpoint": each} for each in self.https_endpoints),
            *({"protocol": "sqs", "endpoint": each} for each in self.queue_arns),
        ]


def _offered(days: int) -> int:
    if days not in RETENTION_DAYS:
        raise ValueError(f"must be one of {', '.join(map(str, RETENTION_DAYS))}")
    return days


class AlarmSettings(Group):
    """The log group of the trail, and the alarms over it."""

    enabled: bool = True
    """Whether there are alarms, and the log group under them."""
    retention_days: Annotated[int, AfterValidator(_offered)] = 365
    """How long the log group keeps events."""


class ResponseSettings(Group):
    """The function that undoes tampering."""

    enabled: bool = False
    """Whether there is such a function."""
    dry_run: bool = True
    """Whether it only tells what it would do."""


class ConfigRulesSettings(Group):
    """AWS Config rules about trails, in every account of the organization."""

    enabled: bool = False
    """Whether there are rules."""
    rules: Annotated[list[ConfigRule], Field(min_length=1)] = Field(
        default=[ConfigRule(rule) for rule in DEFAULT_CONFIG_RULES]
    )
    """Which rules."""
    excluded_account_ids: list[names.AccountId] = Field(default=[])
    """Accounts that are not checked: those without a configuration recorder."""


class GuardDutySettings(Group):
    """GuardDuty with S3 protection."""

    enabled: bool = False
    """Whether GuardDuty is enabled."""
    detector_id: names.OptionalDetectorId = ""
    """The detector that is there already. Empty: one is made."""
    organization: bool = False
    """Whether every account of the organization gets it. As delegated administrator."""
    frequency: FindingFrequency = FindingFrequency.FIFTEEN_MINUTES
    """How often findings that recur are published."""


class SecurityHubSettings(Group):
    """Security Hub with standards."""

    enabled: bool = False
    """Whether Security Hub is enabled."""
    existing: bool = False
    """Whether it is enabled already: only the standards are added."""
    standards: Annotated[list[SecurityStandard], Field(min_length=1)] = Field(
        default=[SecurityStandard(standard) for standard in DEFAULT_STANDARDS]
    )
    """Which standards."""


class AccessAnalyzerSettings(Group):
    """IAM Access Analyzer."""

    enabled: bool = False
    """Whether there is an analyzer."""
    organization: bool = True
    """Whether outside means outside the organization, or the account."""


class SecurityServicesSettings(Group):
    """AWS's own security services, each only when asked for."""

    config: ConfigRulesSettings = ConfigRulesSettings()
    """AWS Config rules about trails."""
    guard_duty: GuardDutySettings = GuardDutySettings()
    """GuardDuty."""
    security_hub: SecurityHubSettings = SecurityHubSettings()
    """Security Hub."""
    access_analyzer: AccessAnalyzerSettings = AccessAnalyzerSettings()
    """IAM Access Analyzer."""
