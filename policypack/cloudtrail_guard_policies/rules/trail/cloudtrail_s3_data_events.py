"""A trail records who reads and writes objects."""

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.event_selectors import S3_OBJECTS
from cloudtrail_guard_policies.subjects.trails import TRAILS, must_record_data_events

RULE = ResourceRule(
    id="cloudtrail-s3-data-events",
    title="A CloudTrail trail records data events of S3 objects.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls=controls(
        "cloudtrail_s3_dataevents_read_enabled", "cloudtrail_s3_dataevents_write_enabled"
    ),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html",
    rationale=(
        "Management events show who made a bucket, not who read what lies in it. Data events do,"
        " for reads and writes. They cost by the event, so the rule is an advisory: a trail of"
        " management events alone is sound, and another trail may record the data events."
    ),
    remediation="Add a selector of all data events whose resources.type is AWS::S3::Object.",
    check=must_record_data_events(S3_OBJECTS, "who reads and writes objects"),
)
