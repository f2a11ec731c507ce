"""Athena's SQL on DuckDB, by sqlglot's translation of one dialect into the other."""

from __future__ import annotations

import json
from contextlib import closing
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import duckdb
import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sandbox.aws.queries.hive_types import HiveType
    from sandbox.aws.queries.log_rows import Row


def answers(
    queries: Mapping[str, str],
    rows: Iterable[Row],
    columns: Mapping[str, HiveType],
) -> dict[str, list[Row]]:
    """The answers of queries, by the queries' names.

    Args:
        queries: SQL by name, in Athena's dialect. All read one table, whatever they call it.
        rows: the table's rows.
        columns: all columns of the table, partitions too, with their types.

    Raises:
        duckdb.Error: a query cannot be run.
        sqlglot.errors.SqlglotError: a query cannot be read.
    """
    with (
        closing(duckdb.connect()) as connection,
        NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file,
    ):
        for row in rows:
            file.write(json.dumps(row) + "\n")
        file.flush()
        # Athena's time is UTC.
        connection.execute("SET TimeZone = 'UTC'")
        types = ", ".join(f"'{name}': '{kind.duckdb}'" for name, kind in columns.items())
        connection.execute(
            f"CREATE TABLE logs AS SELECT * FROM read_json('{file.name}', "  # noqa: S608 - names of our own
            f"format = 'newline_delimited', columns = {{{types}}})"
        )
        return {name: _answer(connection, query) for name, query in queries.items()}


def _answer(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    tree = sqlglot.parse_one(query, dialect="athena")
    for table in tree.find_all(exp.Table):
        table.replace(exp.to_table("logs"))
    found = connection.execute(tree.sql(dialect="duckdb"))
    names = [column[0] for column in found.description or ()]
    rows: list[tuple[Any, ...]] = found.fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
