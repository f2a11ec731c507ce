"""A trail reports unusual activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, items
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
    selectors = trail.properties.get("insightSelectors")
    if selectors is UNKNOWN:
        yield Undecidable(resource=trail, path="insightSelectors")
    elif not items(selectors):
        yield Violation(
            resource=trail,
            path="insightSelectors",
            problem="is not set: unusual rates of calls or errors are not reported",
            remediation="add insight selectors of ApiCallRateInsight and ApiErrorRateInsight",
        )


RULE = ResourceRule(
    id="cloudtrail-insights",
    title="A CloudTrail trail reports unusual activity as Insights events.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls=controls("cloudtrail_insights_exist"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html",
    rationale=(
        "Insights compare the rate of management calls, and of their errors, with what is usual in"
        " the account, and record where it departs: a burst of deletions, a wave of denied calls."
        " They cost by the number of events that are analysed, so the rule is an advisory."
    ),
    remediation="Add insightSelectors of ApiCallRateInsight and ApiErrorRateInsight.",
    check=_check,
)
