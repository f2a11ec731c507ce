"""A trail delivers digest files that prove its log files untouched."""

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.rules.controls import controls
from cloudtrail_guard_policies.subjects.trails import TRAILS, must_be_true

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
        " shows. Without it, a principal that can write to the bucket can rewrite what happened."
    ),
    remediation="Set enableLogFileValidation to true.",
    check=must_be_true(
        "enableLogFileValidation", "it cannot be proven that a log file was not changed"
    ),
    corrections={each: {"enableLogFileValidation": True} for each in TRAILS},
)
