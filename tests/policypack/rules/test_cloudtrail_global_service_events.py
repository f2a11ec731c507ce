from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_global_service_events import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case, secret
from tests.policypack.tables import Table, one

GLOBAL = "includeGlobalServiceEvents"
CASES = [
    Case(name="true", properties={GLOBAL: True}, verdict="pass"),
    Case(name="true-as-a-string", properties={GLOBAL: "true"}, verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="null", properties={GLOBAL: None}, verdict="pass"),
    Case(name="false", properties={GLOBAL: False}, verdict="fail"),
    Case(name="false-as-a-string", properties={GLOBAL: "false"}, verdict="fail"),
    Case(name="secret-false", properties={GLOBAL: secret(False)}, verdict="fail"),
    Case(name="unknown", properties={GLOBAL: NOT_KNOWN}, verdict="undecided"),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, CASES, one(NATIVE_TRAIL)),
)
