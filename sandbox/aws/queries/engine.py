"""Athena's SQL on DuckDB, by sqlglot's translation of one dialect into the other."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import duckdb
import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from sandbox.aws.queries.hive_types import HiveType
    from sandbox.aws.queries.log_rows import Row


def answers(
    queries: Mapping[str, str], rows: Iterable[Row], columns: Mapping[str, HiveType]
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
    with _loaded(rows, columns) as connection:
        return {name: _asked(connection, query)[1] for name, query in queries.items()}


def answer(
    query: str, rows: Iterable[Row], columns: Mapping[str, HiveType]
) -> tuple[list[str], list[Row]]:
    """The names of the columns, and the rows, of the answer of one query; see `answers`."""
    with _loaded(rows, columns) as connection:
        return _asked(connection, query)


def tables_of(query: str) -> set[tuple[str, str]]:
    """The databases and tables that a query reads; a database that it leaves out is empty.

    Raises:
        sqlglot.errors.SqlglotError: the query cannot be read.
    """
    tree = sqlglot.parse_one(query, dialect="athena")
    own = {each.alias for each in tree.find_all(exp.CTE)}
    return {(table.db, table.name) for table in tree.find_all(exp.Table) if table.name not in own}


@contextmanager
def _loaded(
    rows: Iterable[Row], columns: Mapping[str, HiveType]
) -> Generator[duckdb.DuckDBPyConnection]:
    """A database with the table ``logs``."""
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
            f"CREATE TABLE logs AS SELECT * FROM read_json('{file.name}', "  # noqa: S608 - own names
            f"format = 'newline_delimited', columns = {{{types}}})"
        )
        # Queries come from any caller of Athena: they read this table, and no file.
        connection.execute("SET enable_external_access = false")
        yield connection


def _asked(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[list[str], list[Row]]:
    tree = sqlglot.parse_one(query, dialect="athena")
    own = {each.alias for each in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        if table.name not in own:
            table.set("db", None)
            table.set("catalog", None)
            table.set("this", exp.to_identifier("logs"))
    found = connection.execute(tree.sql(dialect="duckdb"))
    names = [column[0] for column in found.description or ()]
    rows: list[tuple[Any, ...]] = found.fetchall()
    return names, [dict(zip(names, row, strict=True)) for row in rows]
