"""A trail records the events of every region."""

from framework import standards
from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._trails import TRAILS, must_be_true

RULE = ResourceRule(
    id="cloudtrail-multi-region",
    title="A CloudTrail trail records the events of every region.",
    severity=Severity.HIGH,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    # Prowler check cloudtrail_multi_region_enabled; Security Hub control CloudTrail.1.
    controls={
        standards.CIS_3_0: ("3.1",),
        standards.CIS_5_0: ("3.1",),
        standards.CIS_7_0: ("4.1",),
        standards.AWS_FSBP: ("CloudTrail.1",),
        standards.NIST_800_53_R5: (
            "AC-2(4)",
            "AC-4(26)",
            "AC-6(9)",
            "AU-2",
            "AU-3",
            "AU-6(3)",
            "AU-6(4)",
            "AU-10",
            "AU-12",
            "AU-14(1)",
            "CA-7",
            "SA-8(22)",
            "SC-7(9)",
            "SI-3(8)",
            "SI-4(20)",
            "SI-7(8)",
        ),
        standards.PCI_DSS_4_0_1: (
            "5.3.4",
            "10.2.1",
            "10.2.1.1",
            "10.2.1.2",
            "10.2.1.3",
            "10.2.1.4",
            "10.2.1.5",
            "10.2.1.6",
            "10.2.1.7",
            "10.2.2",
            "10.3.1",
            "10.6.3",
            "A1.2.1",
        ),
    },
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
    fix={"isMultiRegionTrail": True},
)
