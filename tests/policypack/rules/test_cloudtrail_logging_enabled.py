from __future__ import annotations

from cloudtrail_guard_policies.rules.trail.cloudtrail_logging_enabled import RULE

from tests.policypack.support import NATIVE_TRAIL, NOT_KNOWN, TRAIL, Case
from tests.policypack.tables import Table, one

CASES = [
    Case(name="true", properties={"enableLogging": True}, verdict="pass"),
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="false", properties={"enableLogging": False}, verdict="fail"),
    Case(name="false-as-a-string", properties={"enableLogging": "false"}, verdict="fail"),
    Case(name="unknown", properties={"enableLogging": NOT_KNOWN}, verdict="undecided"),
]
NATIVE_CASES = [
    Case(name="true", properties={"isLogging": True}, verdict="pass"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="false", properties={"isLogging": False}, verdict="fail"),
    Case(name="another-property", properties={"enableLogging": True}, verdict="fail"),
    Case(name="unknown", properties={"isLogging": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (
    Table(RULE, CASES, one(TRAIL)),
    Table(RULE, NATIVE_CASES, one(NATIVE_TRAIL)),
)
