"""A trail reports unusual activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.rule import ResourceRule, Undecidable, Violation
from framework.values import UNKNOWN, items
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding
    from framework.settings import Settings


def _check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
    selectors = trail.properties.get("insightSelectors")
    if selectors is UNKNOWN:
        yield Undecidable(resource=trail, path="insightSelectors")
    elif not items(selectors):
        yield Violation(
            resource=trail,
            path="insightSelectors",
            problem="is not set: unusual rates of calls or errors are not reported",
            mend="add an insight selector of ApiCallRateInsight, ApiErrorRateInsight or both",
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
    mend="Add insightSelectors of ApiCallRateInsight and ApiErrorRateInsight.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    insight_selectors=[
        {"insight_type": "ApiCallRateInsight"},
        {"insight_type": "ApiErrorRateInsight"},
    ],
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=_check,
)
