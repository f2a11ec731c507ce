"""The named queries on Trino, whose dialect Athena speaks: the same answers as on DuckDB."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cloudtrail_guard.detection.queries import QUESTIONS, sql

from sandbox.aws.queries.engine import answers
from sandbox.aws.queries.hive_types import HiveType
from tests.corpus.logs import TABLE, TYPES, rows
from tests.corpus.operations import cases
from tests.corpus.scenarios import query, scenarios
from tests.support.java_programs import run_java

if TYPE_CHECKING:
    from sandbox.aws.queries.log_rows import Row
    from tests.corpus.stories import Scenario

pytestmark = pytest.mark.slow

every_question = pytest.mark.parametrize("name", sorted(each.name for each in QUESTIONS))


@dataclass(frozen=True)
class Asked:
    """A query, the rows that it was asked of, and what Trino answered."""

    query: str
    rows: list[Row]
    found: list[Row]


def ask(directory: Any, queries: dict[str, tuple[str, list[Row]]]) -> dict[str, Asked]:
    """Ask Trino all at once: it takes a while to start."""
    row, name = HiveType("struct", TYPES).trino, f'"{TABLE.database}"."{TABLE.table}"'
    given = [
        {"type": row, "table": name, "query": text, "rows": asked}
        for text, asked in queries.values()
    ]
    made: dict[str, Asked] = {}
    for (key, asked), answer in zip(
        queries.items(), run_java("trino", given, directory), strict=True
    ):
        assert "error" not in answer, f"{key}: {answer['error']}"
        found = [dict(zip(answer["columns"], each, strict=True)) for each in answer["rows"]]
        made[key] = Asked(*asked, found)
    return made


@pytest.fixture(scope="module")
def stories() -> dict[str, Scenario]:
    return scenarios()


@pytest.fixture(scope="module")
def asked_of_stories(
    stories: dict[str, Scenario], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Asked]:
    queries = {name: (query(story), rows(story.records)) for name, story in stories.items()}
    return ask(tmp_path_factory.mktemp("trino"), queries)


@pytest.fixture(scope="module")
def asked_of_corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    corpus = rows([each.record for each in cases(datetime.now(UTC) - timedelta(hours=1))])
    queries = {each.name: (sql(each, TABLE), corpus) for each in QUESTIONS}
    return ask(tmp_path_factory.mktemp("trino"), queries)


@every_question
def test_trino_gives_the_right_answer(
    name: str, stories: dict[str, Scenario], asked_of_stories: dict[str, Asked]
) -> None:
    story, asked = stories[name], asked_of_stories[name]

    assert [tuple(row[each] for each in story.columns) for row in asked.found] == story.answer


@every_question
def test_duckdb_answers_a_story_like_trino(name: str, asked_of_stories: dict[str, Asked]) -> None:
    asked = asked_of_stories[name]

    assert answers({name: asked.query}, asked.rows, TYPES) == {name: asked.found}


@every_question
def test_duckdb_answers_about_the_corpus_like_trino(
    name: str, asked_of_corpus: dict[str, Asked]
) -> None:
    asked = asked_of_corpus[name]

    assert answers({name: asked.query}, asked.rows, TYPES) == {name: asked.found}
