"""Settings that are objects: AWS's own security services."""

from typing import Annotated

from cloudtrail_guard.detection.security_checks import DEFAULT_CONFIG_RULES, DEFAULT_STANDARDS
from cloudtrail_guard.inputs.choices import ConfigRule, FindingFrequency, SecurityStandard
from pydantic import Field

from stacks.settings import identifiers
from stacks.settings.base import Group


class ConfigRulesSettings(Group):
    """AWS Config rules about trails, in every account of the organization."""

    enabled: bool = False
    """Whether the rules are created."""
    rules: Annotated[list[ConfigRule], Field(min_length=1)] = Field(
        default=[ConfigRule(rule) for rule in DEFAULT_CONFIG_RULES]
    )
    """Which rules."""
    excluded_account_ids: list[identifiers.AccountId] = Field(default=[])
    """Accounts that are left out: those without a configuration recorder."""


class GuardDutySettings(Group):
    """GuardDuty with S3 protection."""

    enabled: bool = False
    """Whether GuardDuty is enabled."""
    detector_id: identifiers.OptionalDetectorId = ""
    """The id of an existing detector. Empty: one is created."""
    organization: bool = False
    """Whether every account of the organization gets it; needs the delegated administrator."""
    frequency: FindingFrequency = FindingFrequency.FIFTEEN_MINUTES
    """How often recurring findings are published."""


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
    """Whether the analyzer is created."""
    organization: bool = True
    """Whether the zone of trust is the organization, or else the account."""


class SecurityServicesSettings(Group):
    """AWS's own security services, each only if enabled."""

    config: ConfigRulesSettings = ConfigRulesSettings()
    """AWS Config rules about trails."""
    guard_duty: GuardDutySettings = GuardDutySettings()
    """GuardDuty."""
    security_hub: SecurityHubSettings = SecurityHubSettings()
    """Security Hub."""
    access_analyzer: AccessAnalyzerSettings = AccessAnalyzerSettings()
    """IAM Access Analyzer."""

    @property
    def any(self) -> bool:
        """Whether any of them is enabled."""
        services = (self.config, self.guard_duty, self.security_hub, self.access_analyzer)
        return any(service.enabled for service in services)
