"""A trail records who invokes functions."""

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.subjects.event_selectors import LAMBDA_FUNCTIONS
from cloudtrail_guard_policies.subjects.trails import TRAILS, must_record_data_events

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
    remediation="Add a selector of all data events whose resources.type is AWS::Lambda::Function.",
    check=must_record_data_events(LAMBDA_FUNCTIONS, "who invokes functions"),
)
