"""Every named query, run over log files with known answers by DuckDB.

`test_answers_on_trino` runs them on Trino, whose dialect Athena speaks.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard.detection.queries import QUESTIONS

from sandbox.aws.queries.engine import answers
from tests.corpus.logs import TYPES, rows
from tests.corpus.scenarios import query, scenarios

if TYPE_CHECKING:
    from tests.corpus.stories import Scenario

every_question = pytest.mark.parametrize("name", sorted(each.name for each in QUESTIONS))


@cache
def stories() -> dict[str, Scenario]:
    return scenarios()


@every_question
def test_a_question_gets_the_right_answer(name: str) -> None:
    scenario = stories()[name]

    (found,) = answers({name: query(scenario)}, rows(scenario.records), TYPES).values()
    assert [tuple(row[column] for column in scenario.columns) for row in found] == scenario.answer


@every_question
def test_a_question_about_nothing_gets_no_answer(name: str) -> None:
    assert answers({name: query(stories()[name])}, [], TYPES) == {name: []}
