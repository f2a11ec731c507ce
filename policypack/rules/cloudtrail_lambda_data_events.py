"""A trail records who invokes functions."""

from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._selectors import LAMBDA_FUNCTIONS
from rules._trails import TRAILS, must_record_data_events

RULE = ResourceRule(
    id="cloudtrail-lambda-data-events",
    title="A CloudTrail trail records invocations of Lambda functions.",
    severity=Severity.LOW,
    level=EnforcementLevel.ADVISORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html",
    rationale=(
        "Management events show who changed a function, not who invoked it. Data events do. They"
        " cost by the event, so the rule is an advisory: a trail of management events alone is"
        " sound, and another trail may record the data events."
    ),
    mend="Add a selector of all data events whose resources.type is AWS::Lambda::Function.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    advanced_event_selectors=[
        {
            "name": "Lambda data events selector",
            "field_selectors": [
                {"field": "eventCategory", "equals": ["Data"]},
                {"field": "resources.type", "equals": ["AWS::Lambda::Function"]},
            ],
        }
    ],
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=must_record_data_events(LAMBDA_FUNCTIONS, "who invokes functions"),
)
