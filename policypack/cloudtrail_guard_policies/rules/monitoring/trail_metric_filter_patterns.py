"""A trail's metric filters match those of the CIS benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import StackRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.cis_filters import CIS_FILTERS
from cloudtrail_guard_policies.subjects.monitoring import FILTERS, JOINED_WITH_GROUPS, trail_filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Stack
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
    for watching in trail_filters(stack):
        pattern = watching.properties.get("pattern")
        if pattern is UNKNOWN:
            yield Undecidable(resource=watching, path="pattern")
        meant = [
            each for each in CIS_FILTERS if isinstance(pattern, str) and each.is_meant_by(pattern)
        ]
        lacks = {each.title: each.missing(str(pattern)) for each in meant}
        # One filter may be near two of the benchmark's: it counts if it is one of them.
        if lacks and all(lacks.values()):
            title, missing = min(lacks.items(), key=lambda each: len(each[1]))
            yield Violation(
                resource=watching,
                path="pattern",
                problem=f"is not the benchmark's for {title}: it lacks {', '.join(missing)}",
                remediation="complete the pattern as the CIS AWS Foundations Benchmark has it",
            )


RULE = StackRule(
    id="trail-metric-filter-patterns",
    title="A metric filter on a trail's log group that is meant to be one of CIS matches it.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=FILTERS,
    joins=JOINED_WITH_GROUPS,
    controls=controls(
        "cloudwatch_changes_to_network_acls_alarm_configured",
        "cloudwatch_changes_to_network_gateways_alarm_configured",
        "cloudwatch_changes_to_network_route_tables_alarm_configured",
        "cloudwatch_changes_to_vpcs_alarm_configured",
        "cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled",
        "cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled",
        "cloudwatch_log_metric_filter_authentication_failures",
        "cloudwatch_log_metric_filter_aws_organizations_changes",
        "cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk",
        "cloudwatch_log_metric_filter_for_s3_bucket_policy_changes",
        "cloudwatch_log_metric_filter_policy_changes",
        "cloudwatch_log_metric_filter_root_usage",
        "cloudwatch_log_metric_filter_security_group_changes",
        "cloudwatch_log_metric_filter_sign_in_without_mfa",
        "cloudwatch_log_metric_filter_unauthorized_api_calls",
    ),
    link="https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html",
    rationale=(
        "Auditors compare each filter with the benchmark's, and a filter that lacks one event"
        " name does not count, nor does it see that event. A filter that shares most of its names"
        " with one of the fifteen is taken as meant to be it; all other filters are none of this"
        " rule's business."
    ),
    remediation="Complete the pattern as the benchmark has it.",
    check=_check,
)
