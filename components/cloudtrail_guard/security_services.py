"""AWS's own security services, as far as they watch over CloudTrail."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.detection.security_checks import (
    DEFAULT_CONFIG_RULES,
    DEFAULT_STANDARDS,
    config_rule_identifiers,
    standards_arns,
)
from cloudtrail_guard.inputs.choices import (
    ConfigRuleInput,
    FindingFrequencyInput,
    SecurityStandardInput,
)
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import ArgumentError, compute
from cloudtrail_guard.resources.caller import caller_location
from cloudtrail_guard.resources.options import child_options


class ConfigRulesArgs(TypedDict):
    """AWS Config rules in every account of the organization."""

    rules: NotRequired[Sequence[ConfigRuleInput]]
    """`trail-enabled`, `multi-region-trail-enabled`, `trail-encrypted`, `log-file-validation`,
    `s3-data-events`, `cloudwatch-logs`. Default: the first four."""
    excluded_account_ids: NotRequired[Sequence[str]]
    """Accounts that are not checked. One account without a configuration recorder, often the
    management account, makes every rule fail unless it is excluded. Default: none."""
    rule_prefix: NotRequired[str]
    """How the rules' names begin. Default: the component's name."""


class GuardDutyArgs(TypedDict):
    """GuardDuty with S3 protection."""

    existing_detector_id: NotRequired[str]
    """The id of a detector that exists already, as in an account that an organization made a
    member or the delegated administrator. Default: a detector is made."""
    organization: NotRequired[bool]
    """Whether every account of the organization gets GuardDuty with S3 protection. As the
    delegated administrator. Default: false."""
    finding_publishing_frequency: NotRequired[FindingFrequencyInput]
    """How often findings that recur are published: `FIFTEEN_MINUTES`, `ONE_HOUR`, `SIX_HOURS`.
    Default: `FIFTEEN_MINUTES`. Of an existing detector it is left as it is."""


class SecurityHubArgs(TypedDict):
    """Security Hub with standards."""

    standards: NotRequired[Sequence[SecurityStandardInput]]
    """`fsbp`, `cis-1.2.0`, `cis-1.4.0`, `cis-3.0.0`, `cis-5.0.0`, `nist-800-53-r5`,
    `pci-dss-4.0.1`. Default: `fsbp` and `cis-3.0.0`."""
    existing_hub: NotRequired[bool]
    """Whether Security Hub is enabled already. Default: false."""


class AccessAnalyzerArgs(TypedDict):
    """IAM Access Analyzer: which resources others can reach."""

    analyzer_name: NotRequired[str]
    """The analyzer's name. Default: the component's name."""
    organization: NotRequired[bool]
    """Whether others are those outside the organization, or outside the account. The first as
    management account or delegated administrator. Default: true."""


class SecurityServicesArgs(TypedDict):
    """The arguments of `SecurityServices`. What is not given is left alone."""

    config: NotRequired[ConfigRulesArgs]
    """AWS Config rules in every account of the organization. As management account or delegated
    administrator; each account needs a configuration recorder."""
    guard_duty: NotRequired[GuardDutyArgs]
    """GuardDuty with S3 protection."""
    security_hub: NotRequired[SecurityHubArgs]
    """Security Hub with standards."""
    access_analyzer: NotRequired[AccessAnalyzerArgs]
    """IAM Access Analyzer."""
    region: NotRequired[str]
    """The region of everything here: all of these services work by region. Default: the
    provider's."""


class SecurityServices(pulumi.ComponentResource):
    """AWS Config, GuardDuty, Security Hub and Access Analyzer, each only when asked for.

    Leave out what Control Tower, or somebody else, manages already. GuardDuty and Security Hub stay
    enabled when they leave the stack: disabling them deletes their findings.
    """

    config_rule_arns: pulumi.Output[list[str]]
    """ARNs of the organization's Config rules."""
    detector_id: pulumi.Output[str | None]
    """The id of GuardDuty's detector, if GuardDuty is asked for."""
    standards_arns: pulumi.Output[list[str]]
    """ARNs of Security Hub's standards."""
    analyzer_arn: pulumi.Output[str | None]
    """The analyzer's ARN, if Access Analyzer is asked for."""

    def __init__(
        self, name: str, args: SecurityServicesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Enable what is asked for.

        Args:
            name: the component's name.
            args: see `SecurityServicesArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: nothing is asked for, or a rule or standard is unknown.
        """
        super().__init__("cloudtrail-guard:index:SecurityServices", name, {}, opts)
        args = checked_inputs(self, args)
        self._prefix = name
        self._region = args.get("region")
        self.config_rule_arns = pulumi.Output.from_input([])
        self.detector_id = pulumi.Output.from_input(None)
        self.standards_arns = pulumi.Output.from_input([])
        self.analyzer_arn = pulumi.Output.from_input(None)
        if not args.keys() & {"config", "guard_duty", "security_hub", "access_analyzer"}:
            raise ArgumentError(
                f"SecurityServices {name!r}: nothing is asked for: give config, guard_duty, "
                "security_hub or access_analyzer"
            )
        # First, so that nothing is registered when a standard is unknown.
        if "security_hub" in args:
            _known(self._standards(args["security_hub"]))
        if "config" in args:
            self._check_trails(args["config"])
        if "security_hub" in args:
            self._aggregate(args["security_hub"])
        if "guard_duty" in args:
            self._detect(args["guard_duty"])
        if "access_analyzer" in args:
            self._analyze(args["access_analyzer"])
        self.register_outputs(
            {
                "config_rule_arns": self.config_rule_arns,
                "detector_id": self.detector_id,
                "standards_arns": self.standards_arns,
                "analyzer_arn": self.analyzer_arn,
            }
        )

    def _check_trails(self, args: ConfigRulesArgs) -> None:
        excluded = args.get("excluded_account_ids", ())
        # The names of resources come of it, so it must be known, and `compute` answers at once.
        identifiers = compute(
            self,
            lambda values: config_rule_identifiers(**values),
            prefix=args.get("rule_prefix", self._prefix),
            rules=args.get("rules", DEFAULT_CONFIG_RULES),
            excluded_accounts=excluded,
        )
        rules = [
            aws.cfg.OrganizationManagedRule(
                f"{self._prefix}-{identifier.lower().replace('_', '-')}",
                name=rule,
                rule_identifier=identifier,
                excluded_accounts=list(excluded),
                region=self._region,
                opts=child_options(self),
            )
            for rule, identifier in _known(identifiers).items()
        ]
        self.config_rule_arns = pulumi.Output.all(*(rule.arn for rule in rules))

    def _detect(self, args: GuardDutyArgs) -> None:
        detector_id = self._detector(args)
        feature = aws.guardduty.DetectorFeature(
            f"{self._prefix}-s3-protection",
            detector_id=detector_id,
            name="S3_DATA_EVENTS",
            status="ENABLED",
            region=self._region,
            opts=child_options(self),
        )
        if args.get("organization", False):
            members = aws.guardduty.OrganizationConfiguration(
                f"{self._prefix}-members",
                detector_id=detector_id,
                auto_enable_organization_members="ALL",
                region=self._region,
                opts=child_options(self),
            )
            aws.guardduty.OrganizationConfigurationFeature(
                f"{self._prefix}-members-s3-protection",
                detector_id=detector_id,
                name="S3_DATA_EVENTS",
                auto_enable="ALL",
                region=self._region,
                # It sends the members' setting again, so that setting comes first.
                opts=child_options(self, depends_on=[members]),
            )
        self.detector_id = feature.detector_id

    def _detector(self, args: GuardDutyArgs) -> pulumi.Output[str]:
        if existing := args.get("existing_detector_id"):
            found = aws.guardduty.Detector.get(
                f"{self._prefix}-existing-detector",
                existing,
                region=self._region,
                opts=child_options(self),
            )
            return found.id
        made = aws.guardduty.Detector(
            f"{self._prefix}-detector",
            enable=True,
            finding_publishing_frequency=args.get(
                "finding_publishing_frequency", "FIFTEEN_MINUTES"
            ),
            region=self._region,
            opts=child_options(self, retain=True),
        )
        return made.id

    def _standards(self, args: SecurityHubArgs) -> pulumi.Input[dict[str, str]]:
        location = caller_location(self, region=self._region)
        return compute(
            self,
            lambda values: standards_arns(location, **values),
            standards=args.get("standards", DEFAULT_STANDARDS),
        )

    def _aggregate(self, args: SecurityHubArgs) -> None:
        arns = self._standards(args)
        enabled: list[pulumi.Resource] = []
        if not args.get("existing_hub", False):
            hub = aws.securityhub.Account(
                f"{self._prefix}-security-hub",
                # Only the standards named here: AWS's defaults hold an outdated one.
                enable_default_standards=False,
                region=self._region,
                opts=child_options(self, retain=True),
            )
            enabled.append(hub)
        subscriptions = [
            aws.securityhub.StandardsSubscription(
                f"{self._prefix}-{standard}",
                standards_arn=arn,
                region=self._region,
                opts=child_options(self, depends_on=enabled),
            )
            for standard, arn in _known(arns).items()
        ]
        self.standards_arns = pulumi.Output.all(*(s.standards_arn for s in subscriptions))

    def _analyze(self, args: AccessAnalyzerArgs) -> None:
        analyzer = aws.accessanalyzer.Analyzer(
            f"{self._prefix}-analyzer",
            analyzer_name=args.get("analyzer_name", self._prefix),
            type="ORGANIZATION" if args.get("organization", True) else "ACCOUNT",
            region=self._region,
            opts=child_options(self),
        )
        self.analyzer_arn = analyzer.arn


def _known(found: pulumi.Input[dict[str, str]]) -> dict[str, str]:
    """What `compute` answered: resources are named after it, so it must be known by now."""
    if not isinstance(found, dict):
        raise ArgumentError(
            "SecurityServices: rules, standards and excluded accounts must be plain values, known "
            "while the program runs; outputs of other resources are not"
        )
    return found
