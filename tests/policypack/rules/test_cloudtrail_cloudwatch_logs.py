from __future__ import annotations

from dataclasses import replace

from cloudtrail_guard_policies.rules.trail.cloudtrail_cloudwatch_logs import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case
from tests.policypack.tables import Table, one

GROUP, ROLE = "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"
CASES = [
    Case(name="both", properties={GROUP: "arn:group:*", ROLE: "arn:role"}, verdict="pass"),
    Case(name="unknown", properties={GROUP: NOT_KNOWN, ROLE: NOT_KNOWN}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="no-role", properties={GROUP: "arn:group:*"}, verdict="fail"),
    Case(name="no-group", properties={ROLE: NOT_KNOWN}, verdict="fail"),
    Case(name="empty", properties={GROUP: "", ROLE: ""}, verdict="fail"),
]

NATIVE_NAMES = {GROUP: "cloudWatchLogsLogGroupArn"}
NATIVE_CASES = [
    replace(
        case,
        properties={NATIVE_NAMES.get(name, name): value for name, value in case.properties.items()},
    )
    for case in CASES
]

TABLES = (Table(RULE, CASES, one(TRAIL)), Table(RULE, NATIVE_CASES, one(NATIVE_TRAIL)))
