"""A trail records who reads and writes objects."""

from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._selectors import S3_OBJECTS
from rules._trails import TRAILS, must_record_data_events

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
    mend="Add a selector of all data events whose resources.type is AWS::S3::Object.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    advanced_event_selectors=[
        {
            "name": "S3 data events selector",
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                {
                    "field": "resources.ARN",
                    "not_starts_withs": ["arn:aws:s3:::example-org-cloudtrail-logs/"],
                },
            ],
        }
    ],
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=must_record_data_events(S3_OBJECTS, "who reads and writes objects"),
)
