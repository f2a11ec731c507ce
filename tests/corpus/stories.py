"""What a story is: records, a question about them, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.corpus.records import ADDRESS, MANAGEMENT, SECURITY, TIME, session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tests.corpus.records import Record

Found = tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """A story: records, a question, and its answer.

    Attributes:
        question: the query's name.
        records: what was recorded.
        columns: the columns of the answer that are compared.
        answer: the rows, in the query's order.
        puts: what is put in place of a placeholder of the query.
    """

    question: str
    records: list[Record]
    columns: tuple[str, ...]
    answer: list[tuple[Any, ...]]
    puts: Mapping[str, str] = field(default_factory=dict[str, str])


ADMINISTRATOR = f"arn:aws:iam::{MANAGEMENT}:role/Administrator"
ANALYST = f"arn:aws:iam::{SECURITY}:role/Analyst"
AT_MANAGEMENT = session(ADMINISTRATOR, "s1")
AT_SECURITY = session(ANALYST, "s1")
ROWS = ("time", "who", "what", "from_where", "outcome")


class Clock:
    """The times of a story, as hours before it was written down."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def ago(self, hours: float = 0, *, days: int = 0) -> datetime:
        return self.now - timedelta(hours=hours, days=days)

    def said(self, hours: float = 0, *, days: int = 0) -> str:
        return f"{self.ago(hours, days=days):{TIME}}"


def row(clock: Clock, hours: float, who: Mapping[str, Any], what: str, outcome: str) -> Found:
    return (clock.said(hours), who["arn"], what, ADDRESS, outcome)
