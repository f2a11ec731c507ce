from __future__ import annotations

from cloudtrail_guard_policies.rules.log_bucket.log_bucket_access_logging import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, made, stack_verdict
from tests.policypack.tables import Table

PART = "aws:s3/bucketLogging:BucketLogging"
CASES = [
    Case(name="name", properties={"targetBucket": "access-logs"}, verdict="pass"),
    Case(name="unknown", properties={"targetBucket": NOT_KNOWN}, verdict="pass"),
    Case(name="empty", properties={"targetBucket": ""}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
]
INLINE = [
    Case(name="name", properties={"logging": {"targetBucket": "access-logs"}}, verdict="pass"),
    Case(name="v2", properties={"loggings": [{"targetBucket": "access-logs"}]}, verdict="pass"),
    Case(
        name="itself",
        properties={"bucket": "logs", "logging": {"targetBucket": "logs"}},
        verdict="fail",
    ),
]

TABLES = (
    Table(RULE, CASES, lambda properties: log_bucket(PART, properties)),
    Table(RULE, INLINE, lambda properties: log_bucket(PART, {}, bucket=properties)),
)


def test_access_logs_in_the_log_bucket_itself_violate_the_rule() -> None:
    [logs, trail] = log_bucket(PART, {}, bucket={"bucket": "logs"})

    by_reference = made(PART, "logging", bucket=logs, targetBucket=logs)
    by_name = made(PART, "logging", {"targetBucket": "logs"}, bucket=logs)

    assert stack_verdict(RULE, [logs, trail, by_reference]) == "fail"
    assert stack_verdict(RULE, [logs, trail, by_name]) == "fail"
