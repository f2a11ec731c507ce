"""A trail records the events of global services."""

from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._trails import TRAILS, must_not_be_false

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
    mend="Set includeGlobalServiceEvents to true, or leave it out.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    include_global_service_events=True,
)
""",
    bad="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    include_global_service_events=False,
)
""",
    check=must_not_be_false(
        "includeGlobalServiceEvents", "what happens in IAM and STS is not recorded"
    ),
    fixes={each: {"includeGlobalServiceEvents": True} for each in TRAILS},
)
