from __future__ import annotations

import pytest
from rules.log_bucket_access_logging import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_bucket, made, stack_verdict

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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_log_bucket_is_judged_by_where_its_access_logs_go(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, case.properties)) == case.verdict


@pytest.mark.parametrize("case", INLINE, ids=lambda case: case.name)
def test_a_bucket_is_judged_by_its_own_properties_too(case: Case) -> None:
    assert stack_verdict(RULE, log_bucket(PART, {}, bucket=case.properties)) == case.verdict


def test_access_logs_in_the_log_bucket_itself_are_refused() -> None:
    [logs, trail] = log_bucket(PART, {}, bucket={"bucket": "logs"})

    by_reference = made(PART, "logging", bucket=logs, targetBucket=logs)
    by_name = made(PART, "logging", {"targetBucket": "logs"}, bucket=logs)

    assert stack_verdict(RULE, [logs, trail, by_reference]) == "fail"
    assert stack_verdict(RULE, [logs, trail, by_name]) == "fail"
