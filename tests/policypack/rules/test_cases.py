"""Every rule over every case of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.policypack.support import stack_verdict
from tests.policypack.tables import all_tables

if TYPE_CHECKING:
    from tests.policypack.support import Case
    from tests.policypack.tables import Table


@pytest.mark.parametrize(
    ("table", "case"),
    [
        pytest.param(table, case, id=f"{table.rule.id}-{case.name}")
        for table in all_tables()
        for case in table.cases
    ],
)
def test_a_rule_gives_each_case_its_verdict(table: Table, case: Case) -> None:
    assert stack_verdict(table.rule, table.resources(case.properties)) == case.verdict
