"""Every named query, run over log files with known answers by DuckDB.

`test_answers_on_trino` runs them on Trino, whose dialect Athena speaks.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from cloudtrail_guard.detection.queries import QUESTIONS, sql

from sandbox.aws.queries.engine import answers
from tests.corpus.logs import TABLE, TYPES, rows
from tests.corpus.scenarios import scenarios

if TYPE_CHECKING:
    from tests.corpus.scenarios import Scenario

BY_NAME = {question.name: question for question in QUESTIONS}


def query(scenario: Scenario) -> str:
    """The scenario's query, with values in place of its placeholders."""
    text = sql(BY_NAME[scenario.question], TABLE)
    for placeholder, value in scenario.puts.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    assert "<" + "principal>" not in text
    return text


@cache
def stories() -> dict[str, Scenario]:
    return scenarios()


def answer(scenario: Scenario) -> list[tuple[Any, ...]]:
    found = answers({"query": query(scenario)}, rows(scenario.records), TYPES)["query"]
    return [tuple(row[column] for column in scenario.columns) for row in found]


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_question_gets_the_right_answer(name: str) -> None:
    scenario = stories()[name]

    assert answer(scenario) == scenario.answer


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_question_about_nothing_gets_no_answer(name: str) -> None:
    scenario = stories()[name]

    assert answers({"query": query(scenario)}, [], TYPES) == {"query": []}
