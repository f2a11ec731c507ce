"""A trail delivers digest files that prove its log files untouched."""

from framework.rule import ResourceRule
from pulumi_policy import EnforcementLevel, Severity

from rules._controls import controls
from rules._trails import TRAILS, must_be_true

RULE = ResourceRule(
    id="cloudtrail-log-file-validation",
    title="A CloudTrail trail delivers digest files that prove its log files untouched.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.MANDATORY,
    types=TRAILS,
    controls=controls("cloudtrail_log_file_validation_enabled", "CloudTrail.4"),
    link="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
    rationale=(
        "With validation on, CloudTrail signs a digest of the log files every hour, and each digest"
        " contains the hash of the one before. A log file that was changed, deleted or forged"
        " shows. Without it, whoever can write to the bucket can rewrite what happened."
    ),
    mend="Set enableLogFileValidation to true.",
    good="""\
import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    enable_log_file_validation=True,
)
""",
    bad="""\
import pulumi_aws as aws

# enable_log_file_validation is false unless it is set.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
""",
    check=must_be_true(
        "enableLogFileValidation", "nobody can prove that a log file was not changed"
    ),
    fixes={each: {"enableLogFileValidation": True} for each in TRAILS},
)
