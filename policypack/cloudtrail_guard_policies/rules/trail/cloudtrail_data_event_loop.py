"""A trail does not record the writing of its own log files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.subjects.deliveries import recorded_deliveries, s3_data_events
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings


def _check(trail: Resource, _settings: RuleSettings) -> Iterator[Finding]:
    for path, recorded in recorded_deliveries(s3_data_events(trail), trail):
        if recorded is None:
            yield Undecidable(resource=trail, path=path)
        elif recorded:
            yield Violation(
                resource=trail,
                path=path,
                problem="records the log bucket's own objects: each log file causes another one",
                remediation=(
                    "exclude the log bucket by a field selector on resources.ARN with"
                    " notStartsWiths of its ARN and a slash"
                ),
            )


RULE = ResourceRule(
    id="cloudtrail-data-event-loop",
    title="A CloudTrail trail does not record the writing of its own log files.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    rationale=(
        "A trail that records data events of its own log bucket records each log file that it"
        " writes, in the next log file, for ever. One organization paid for some 1.5 billion such"
        " events (https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/1192). Only"
        " advanced selectors can leave a bucket out. CloudTrail's own writes are PutObject events"
        " without a user's ARN, so that selectors of reads, or of other events, do not loop."
    ),
    remediation="Leave the log bucket out: resources.ARN, notStartsWiths, its ARN with a slash.",
    check=_check,
)
