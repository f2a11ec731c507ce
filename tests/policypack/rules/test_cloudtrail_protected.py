from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard_policies.rules.trail.cloudtrail_protected import RULE

from tests.policypack.support import NOT_KNOWN, TRAIL, Case, made
from tests.policypack.tables import Table, one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto.analyzer_pb2 import AnalyzerResource

CASES = [
    Case(name="absent", properties={}, verdict="fail"),
    Case(name="unknown-name", properties={"name": NOT_KNOWN}, verdict="fail"),
]
PROTECTED = [Case(name="protected", properties={"name": "audit"}, verdict="pass")]


def protected(properties: Mapping[str, object]) -> list[AnalyzerResource]:
    trail = made(TRAIL, "audit", properties)
    trail.options.protect = True
    return [trail]


TABLES = (Table(RULE, CASES, one(TRAIL)), Table(RULE, PROTECTED, protected))
