"""Athena's queries over log files, run by DuckDB where the sandbox's extra ``athena`` is installed.

The packages are loaded at the first query: they would cost every start.
"""

from __future__ import annotations

import csv
import io
import json
import re
import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from moto.athena.models import Execution, QueryResults
from moto.s3.models import FakeKey, s3_backends

from sandbox.aws import lookups
from sandbox.aws.enforcement import Permission, refusal
from sandbox.aws.enforcement.services.s3 import on
from sandbox.aws.patches.athena import PRIMARY, backend, existing, invalid
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sandbox.aws.call import Answer, Call
    from sandbox.aws.queries.log_rows import Row

_REASON = "moto runs no query: its results are empty"
_SELECT = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_ENGINE = ("duckdb", "sqlglot")

_FAILURES: WeakKeyDictionary[Execution, str] = WeakKeyDictionary()
"""Why an execution failed."""


class _QueryError(Exception):
    """A query fails: the message is its state's reason."""


@dataclass(frozen=True)
class _Table:
    """A table of log files as Glue describes it."""

    bucket: str
    template: str
    columns: Mapping[str, str]
    partitions: Sequence[str]
    parameters: Mapping[str, str]

    def shows(self, row: Row) -> bool:
        """Whether a row is in the partitions that are projected."""
        return all(
            row[key] in self.parameters[f"projection.{key}.values"].split(",")
            for key in self.partitions
            if self.parameters.get(f"projection.{key}.type") == "enum"
        )


@patch(
    "athena",
    "StartQueryExecution",
    _REASON,
    limit=(
        "only with the extra `athena`, which brings DuckDB and sqlglot; one table over files of "
        "CloudTrail with projected partitions; keys and encryption contexts of files are not "
        "evaluated, and the limit of scanned bytes does not count"
    ),
)
def run(call: Call) -> Answer | None:
    """Run a SELECT with the caller's permissions, and write its result to the workgroup's place."""
    text = call.text("QueryString")
    if not _SELECT.match(text) or not all(find_spec(package) for package in _ENGINE):
        return None
    here = backend(call)
    group = existing(call, call.text("WorkGroup") or PRIMARY)
    # moto's annotation of it is wrong.
    context: Any = call.params.get("QueryExecutionContext") or {}
    execution = Execution(
        query=text,
        context=context,
        config=_result_configuration(call, group.configuration),
        workgroup=group,
        execution_parameters=call.params.get("ExecutionParameters"),
    )
    here.executions[execution.id] = execution
    try:
        rows = _answer(call, text, str(context.get("Database", "")))
        here.query_results[execution.id] = _results(rows)
        _write(call, execution.config["OutputLocation"], rows)
    except _QueryError as error:
        _FAILURES[execution] = str(error)
        here.query_results.pop(execution.id, None)
    execution.end_time = time.time()
    return {"QueryExecutionId": execution.id}


@patch("athena", "GetQueryExecution", "moto knows no query that failed")
def get_execution(call: Call) -> Answer | None:
    """Say that a query failed, and why."""
    execution = backend(call).executions.get(call.text("QueryExecutionId"))
    if execution is None or execution not in _FAILURES:
        return None
    answer = json.loads(call.forward().body)
    answer["QueryExecution"]["Status"] |= {
        "State": "FAILED",
        "StateChangeReason": _FAILURES[execution],
    }
    return answer


@patch("athena", "GetQueryResults", "moto answers an empty result for a query that failed")
def get_results(call: Call) -> None:
    """Refuse the results of a query that failed."""
    execution = backend(call).executions.get(call.text("QueryExecutionId"))
    if execution is not None and execution in _FAILURES:
        raise invalid("Query did not finish successfully. Final query state: FAILED")


def _result_configuration(call: Call, group: Mapping[str, Any]) -> dict[str, Any]:
    given = call.params.get("ResultConfiguration") or {}
    own = group.get("ResultConfiguration") or {}
    return {**own} if group["EnforceWorkGroupConfiguration"] else {**own, **given}


def _answer(call: Call, query: str, default: str) -> tuple[list[str], list[Row]]:
    """The names of the columns and the rows of a query's answer.

    Args:
        call: the call.
        query: the query.
        default: the database of a table that is named without one.
    """
    import duckdb  # noqa: PLC0415 - see the module
    import sqlglot.errors  # noqa: PLC0415

    from sandbox.aws.queries.engine import answer, tables_of  # noqa: PLC0415
    from sandbox.aws.queries.hive_types import HiveType  # noqa: PLC0415
    from sandbox.aws.queries.log_rows import log_rows  # noqa: PLC0415

    try:
        named = tables_of(query)
        if len(named) > 1:
            raise _QueryError("NOT_SUPPORTED: the sandbox runs queries over one table")
        if not named:
            return answer(query, [], {"none": HiveType("string")})
        database, name = next(iter(named))
        table = _table(call, database or default, name)
        types = {name: HiveType.parse(kind) for name, kind in table.columns.items()}
        rows = log_rows(_files(call, table), table.template, types)
        keys = dict.fromkeys(table.partitions, HiveType("string"))
        return answer(query, filter(table.shows, rows), {**types, **keys})
    except (duckdb.Error, sqlglot.errors.SqlglotError, ValueError) as error:
        raise _QueryError(f"SYNTAX_ERROR: {error}") from None


def _table(call: Call, database: str, name: str) -> _Table:
    """A table of the caller's catalog, which the caller may read."""
    from moto.glue.models import glue_backends  # noqa: PLC0415 - as in the patches of Glue

    account = call.signer.account_id
    arn = f"arn:{call.partition}:glue:{call.region}:{account}:table/{database}/{name}"
    _check(call, Permission(action="glue:GetTable", resource=arn))
    found = glue_backends[account][call.region].databases.get(database.lower())
    table = found.tables.get(name.lower()) if found else None
    if table is None:
        raise _QueryError(f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{database}.{name}' not found")
    described: dict[str, Any] = table.get_version(str(max(map(int, table.versions))))
    parameters = described.get("Parameters") or {}
    template = parameters.get("storage.location.template", "")
    if not template:
        raise _QueryError("NOT_SUPPORTED: the sandbox reads tables with projected partitions")
    return _Table(
        bucket=template.removeprefix("s3://").partition("/")[0],
        template=template,
        columns={c["Name"]: c["Type"] for c in described["StorageDescriptor"]["Columns"]},
        partitions=[key["Name"] for key in described.get("PartitionKeys") or ()],
        parameters=parameters,
    )


def _files(call: Call, table: _Table) -> Iterator[tuple[str, bytes]]:
    """The files of a table, which the caller may read."""
    from sandbox.aws.queries.log_rows import partition_pattern  # noqa: PLC0415

    bucket = lookups.bucket(table.bucket)
    if bucket is None:
        raise _QueryError(f"HIVE_FILESYSTEM_ERROR: bucket {table.bucket} does not exist")
    pattern = partition_pattern(table.template)
    prefix = table.template.removeprefix(f"s3://{table.bucket}/").partition("$")[0]
    _check(call, on(call, "s3:ListBucket", bucket.name, more={"s3:prefix": prefix}))
    for key, file in list(bucket.keys.items()):
        if isinstance(file, FakeKey) and pattern.fullmatch(key):
            _check(call, on(call, "s3:GetObject", bucket.name, key))
            yield key, file.value


def _check(call: Call, permission: Permission) -> None:
    if refusal(call, permission) is not None:
        raise _QueryError(
            f"Permission denied on S3 or Glue: {call.signer.arn} may not {permission.action} on "
            f"{permission.resource}"
        )


def _results(answer: tuple[list[str], list[Row]]) -> Any:  # noqa: ANN401 - moto's is untyped
    """A result as GetQueryResults has it: its first row is the names."""
    names, rows = answer
    lines: Iterable[Sequence[Any]] = [names, *([row[name] for name in names] for row in rows)]
    return QueryResults(
        rows=[
            {"Data": [{} if each is None else {"VarCharValue": str(each)} for each in line]}
            for line in lines
        ],
        column_info=[
            {
                "CatalogName": "hive",
                "Name": name,
                "Label": name,
                "Type": "bigint" if rows and isinstance(rows[0][name], int) else "varchar",
            }
            for name in names
        ],
    )


def _write(call: Call, location: str, answer: tuple[list[str], list[Row]]) -> None:
    """Write a result as CSV to its place, which the caller may write to."""
    names, rows = answer
    name, _, key = location.removeprefix("s3://").partition("/")
    bucket = lookups.bucket(name)
    if bucket is None:
        raise _QueryError(f"Unable to verify/create output bucket {name}")
    _check(call, on(call, "s3:PutObject", name, key))
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row[each] for each in names] for row in rows)
    s3_backends[bucket.account_id][bucket.partition].put_object(name, key, text.getvalue().encode())
