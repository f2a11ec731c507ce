"""A question as Athena's SQL (Trino's), and the columns that answers have in common.

What Athena and the engine of the fast tests answer differently is not used: ``date_diff``, casts of
``json_extract``, and ``split_part`` of a text that may have fewer parts.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import TextWrapper

from cloudtrail_guard.detection.queries.table import LogTable
from cloudtrail_guard.operations import Target, events_by_source

PLACEHOLDER = "<account id>"
"""What stands for the account to look at where none is named."""

_SHORT = 50
_LINES = TextWrapper(100, initial_indent=" " * 6, subsequent_indent=" " * 6, break_on_hyphens=False)
"""Breaks lists of values, which have no spaces, between them."""

WHO = (
    "coalesce(useridentity.arn, useridentity.invokedby, "
    "useridentity.accountid || '/' || useridentity.principalid, useridentity.username, "
    "useridentity.principalid, useridentity.accountid)"
)
"""Who called: an ARN; a service; account and id of a principal of another account, whose ARN the
record lacks; the name that was typed at a sign-in.
Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

PRINCIPAL = f"coalesce(useridentity.sessioncontext.sessionissuer.arn, {WHO})"
"""Who called, all sessions of a role as one."""

FROM_WHERE = "coalesce(sourceipaddress || ' through ' || vpcendpointid, sourceipaddress)"
"""Where a call came from: the address or service, and the VPC endpoint."""

OUTCOME = "coalesce(errorcode, errormessage, 'Success')"
"""What became of it. A failed sign-in has a message and no code."""

EVENT = (
    "eventtime AS time",
    f"{WHO} AS who",
    "eventname AS what",
    f"{FROM_WHERE} AS from_where",
    f"{OUTCOME} AS outcome",
    "recipientaccountid AS in_account",
    "awsregion AS in_region",
    "eventsource AS service",
    "requestparameters AS details",
    "useragent AS tool",
    "eventid AS event_id",
)
"""The columns of an answer with a row for each event."""

ROLE = (
    "coalesce(json_extract_scalar(requestparameters, '$.roleArn'), "
    "regexp_extract(errormessage, 'arn:[a-z-]+:iam::[0-9]+:role/[^ ]+'))"
)
"""The role that a call takes; a refused one names it in its message alone."""

NEWEST_FIRST = "ORDER BY time DESC, event_id"

Condition = str | Callable[[LogTable], str]
"""A condition of SQL, or one that is made from where the logs are."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A named query, without what it is asked of.

    Every answer has the columns ``time``, ``who``, ``what``, ``from_where`` and ``outcome``.

    Attributes:
        name: the query's name.
        description: what its answer tells, and what to change in it before it is run.
        columns: what is selected of the events.
        conditions: which events it is about.
        days: how many days it goes back.
        over: a query over the selected events, which stand in it as ``{events}``.
        ending: what follows.
    """

    name: str
    description: str
    columns: Sequence[str] = EVENT
    conditions: Sequence[Condition] = ()
    days: int = 30
    over: str = "{events}"
    ending: str = NEWEST_FIRST


def sql(question: Question, table: LogTable) -> str:
    """The question in Athena's SQL.

    It reads only the days, accounts and regions that it is about. These stand first, one a line, to
    be changed.
    """
    columns = ",\n  ".join(question.columns)
    conditions = [
        *_pruning(question, table),
        *(each if isinstance(each, str) else each(table) for each in question.conditions),
    ]
    events = "\n".join(
        [
            f"SELECT\n  {columns}",
            f'FROM "{table.database}"."{table.table}"',
            "WHERE " + "\n  AND ".join(conditions),
        ]
    )
    return f"{question.over.replace('{events}', events)}\n{question.ending}"


def _pruning(question: Question, table: LogTable) -> tuple[str, str, str]:
    first = f"date_format(current_date - interval '{question.days}' day, '%Y/%m/%d')"
    return (
        f"day BETWEEN {first} AND date_format(current_date, '%Y/%m/%d')",
        is_in("account", table.accounts or (PLACEHOLDER,)),
        is_in("region", table.regions),
    )


def events_on(*targets: Target, data_events: bool = False) -> str:
    """The condition that an event is of an operation of the table on these targets."""
    return any_of(
        *(
            all_of(f"eventsource = {quoted(source)}", is_in("eventname", names))
            for source, names in events_by_source(*targets, data_events=data_events).items()
        )
    )


def parameter(name: str, column: str = "requestparameters") -> str:
    """A parameter of the request, or a member of another column of JSON; NULL if it is absent."""
    return f"json_extract_scalar({column}, '$.{name}')"


def message_names(*texts: str) -> str:
    """The condition that the error message of a refused call names one of some resources.

    Many services record a refused call without parameters and resources; its message says ``User: X
    is not authorized to perform: Y on resource: Z``.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    return holds_one_of("errormessage || ' '", [f"resource: {text} " for text in texts])


def any_resource(condition: str) -> str:
    """The condition that one of the event's resources, ``resource``, meets a condition."""
    return f"cardinality(filter(resources, resource -> {condition})) > 0"


def all_of(*conditions: str) -> str:
    """The condition that all of these hold."""
    return f"({' AND '.join(conditions)})"


def any_of(*conditions: str) -> str:
    """The condition that one of these holds."""
    return "(" + "\n    OR ".join(conditions) + ")"


def is_in(column: str, values: Iterable[str]) -> str:
    """The condition that a column has one of some values."""
    texts = [quoted(value) for value in values]
    if len(texts) == 1:
        return f"{column} = {texts[0]}"
    listed = ", ".join(texts)
    if len(listed) > _SHORT:
        listed = "\n" + _LINES.fill(listed)
    return f"{column} IN ({listed})"


def is_like(column: str, pattern: str) -> str:
    """The condition that a column fits a pattern of IAM whose one wildcard is ``*``."""
    like = re.sub(r"([%_\\])", r"\\\1", pattern).replace("*", "%")
    return f"{column} LIKE {quoted(like)} ESCAPE '\\'"


def is_principal(column: str, arns: Iterable[str]) -> str:
    """The condition that a column has one of some ARNs, of which some may be patterns."""
    given = [*arns]
    exact = [arn for arn in given if "*" not in arn]
    fits = [is_like(column, arn) for arn in given if "*" in arn]
    conditions = [*([is_in(column, exact)] if exact else []), *fits]
    return conditions[0] if len(conditions) == 1 else any_of(*conditions)


def holds_one_of(text: str, parts: Iterable[str]) -> str:
    """The condition that a text has one of some texts in it."""
    return any_of(*(f"strpos({text}, {quoted(part)}) > 0" for part in parts))


def texts_of(column: str) -> str:
    """The different values of a column of many rows, sorted, as one text."""
    return f"array_join(array_sort(array_agg(DISTINCT {column})), ', ')"


def quoted(text: str) -> str:
    """A string of SQL."""
    return "'" + text.replace("'", "''") + "'"
