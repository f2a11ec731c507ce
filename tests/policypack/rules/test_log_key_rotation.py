from __future__ import annotations

from cloudtrail_guard_policies.rules.log_key.log_key_rotation import RULE

from tests.policypack.support import NOT_KNOWN, Case, log_key
from tests.policypack.tables import Table

ROTATION = "enableKeyRotation"
CASES = [
    Case(name="true", properties={ROTATION: True}, verdict="pass"),
    Case(name="true-as-a-string", properties={ROTATION: "true"}, verdict="pass"),
    Case(name="false", properties={ROTATION: False}, verdict="fail"),
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown", properties={ROTATION: NOT_KNOWN}, verdict="undecided"),
]

TABLES = (Table(RULE, CASES, log_key),)
