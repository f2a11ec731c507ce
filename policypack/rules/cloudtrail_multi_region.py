"""A trail records the events of every region."""

from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._trails import TRAILS, must_be_true

RULE = ResourceRule(
    id="cloudtrail-multi-region",
    title="A CloudTrail trail records the events of every region.",
    severity=Severity.HIGH,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls=controls("cloudtrail_multi_region_enabled", "CloudTrail.1"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html",
    rationale=(
        "A trail of one region says nothing about the others. Whoever has credentials can work in"
        " a region that nobody uses, and leaves no trace in the logs. A multi-region trail also"
        " covers regions that are enabled later."
    ),
    mend="Set isMultiRegionTrail to true.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    is_multi_region_trail=True,
)
""",
    bad="""\
import pulumi_aws as aws

# is_multi_region_trail is false unless it is set.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=must_be_true("isMultiRegionTrail", "what happens in other regions is not recorded"),
    fixes={each: {"isMultiRegionTrail": True} for each in TRAILS},
)
