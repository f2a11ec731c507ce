from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_enabled import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key
from tests.policypack.tables import Table

CASES = [
    Case(name="absent", properties={}, verdict="pass"),
    Case(name="true", properties={"isEnabled": True}, verdict="pass"),
    Case(name="false", properties={"isEnabled": False}, verdict="fail"),
    Case(name="unknown", properties={"isEnabled": NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)
