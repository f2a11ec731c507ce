"""A trail records the events of global services."""

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.subjects.trails import TRAILS, must_not_be_false

RULE = ResourceRule(
    id="cloudtrail-global-service-events",
    title="A CloudTrail trail records the events of global services such as IAM.",
    severity=Severity.HIGH,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls={},
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events",
    rationale=(
        "IAM, STS and CloudFront are global services. A trail that leaves out their events does not"
        " show who made users, changed permissions or assumed roles. The property is true unless"
        " it is set; CloudTrail requires it for a multi-region trail."
    ),
    remediation="Set includeGlobalServiceEvents to true, or leave it out.",
    check=must_not_be_false(
        "includeGlobalServiceEvents", "what happens in IAM and STS is not recorded"
    ),
    corrections={each: {"includeGlobalServiceEvents": True} for each in TRAILS},
)
