"""A trail records the events of every region."""

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.trails import TRAILS, must_be_true

RULE = ResourceRule(
    id="cloudtrail-multi-region",
    title="A CloudTrail trail records the events of every region.",
    severity=Severity.HIGH,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls=controls("cloudtrail_multi_region_enabled", "CloudTrail.1"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html",
    rationale=(
        "A trail of one region says nothing about the others. An attacker can work in a region"
        " that is otherwise unused, and leaves no trace in the logs. A multi-region trail also"
        " covers regions that are enabled later."
    ),
    remediation="Set isMultiRegionTrail to true.",
    check=must_be_true("isMultiRegionTrail", "what happens in other regions is not recorded"),
    corrections={each: {"isMultiRegionTrail": True} for each in TRAILS},
)
