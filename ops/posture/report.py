"""What a report says, as plain values: the JSON file, and what the page and the table are made of.

The schema of the file is generated from these models: `docs/posture-report.schema.json`.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - the models read it at run time
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

FORMAT: Final = "cloudtrail-guard-posture/1"


class State(StrEnum):
    """How something is."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"
    UNKNOWN = "unknown"
    OFF = "off"


WORST_FIRST: Final = (State.BAD, State.UNKNOWN, State.ATTENTION, State.GOOD, State.OFF)

GOOD, NOT_GOOD, NOT_KNOWN = 0, 1, 2
"""Exit codes, as those of `cloudtrail-guard integrity`."""


def worst(states: list[State]) -> State:
    """The worst of some states; `OFF` for none."""
    return next((state for state in WORST_FIRST if state in states), State.OFF)


class Plain(BaseModel):
    """A part of the report: its JSON has camelCase names, and unknown ones are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )


class Evidence(Plain):
    """What AWS answered."""

    call: str
    """The operation, such as `s3:GetBucketVersioning`."""
    of: str
    """What it was asked about."""
    at: datetime
    """When it was answered."""
    saw: str
    """The part of the answer that counts, as text."""


class Check(Plain):
    """One thing that is as meant, or not."""

    id: str
    """Its name, the same in every report: `trail.logging`."""
    subject: str
    """What it is about: `trail`, `bucket`, ..."""
    title: str
    """What is meant."""
    state: State
    says: str
    """What is."""
    evidence: list[Evidence] = []


class GuideLine(Plain):
    """A line of the set-up guide."""

    step: str
    text: str
    state: State
    checks: list[str]
    """The ids of the checks that its state comes from."""


class Node(Plain):
    """A station on an event's way."""

    id: str
    title: str
    detail: str
    state: State
    checks: list[str]


class Cell(Plain):
    """How many of the operations on a target are refused to a kind of principal."""

    state: Literal["denied", "partly", "open", "exempt", "unknown"]
    denied: int
    of: int
    by: list[str]
    """The kinds of documents that deny them."""
    open: list[str]
    """The actions that nothing denies."""


class MatrixRow(Plain):
    """What a kind of principal may do to the record."""

    who: str
    note: str
    cells: list[Cell]


class Matrix(Plain):
    """Who x what."""

    columns: list[str]
    rows: list[MatrixRow] = []


class CoveredPlace(Plain):
    """The hours of an account and region."""

    account: str
    region: str
    state: State
    hours: str
    """A letter for each hour: `#` digest, `.` gap, `-` not due or before the trail, `?` unread."""
    error: str = ""


class Coverage(Plain):
    """The hours that have a digest file."""

    start: datetime
    hours: int
    places: list[CoveredPlace] = []


class Account(Plain):
    """An account of the organization."""

    id: str
    name: str
    status: str
    bound: bool
    why: str
    """By which policies, or why by none."""
    policies: list[str] = []


class Exempt(Plain):
    """A principal that denies let through."""

    arn: str
    state: State
    says: str
    named_in: list[str]
    """The documents that name it."""
    trusts: list[str]
    """Who may assume it, by its trust policy."""
    last_used: str | None = None


class Alert(Plain):
    """An alarm, an event rule or a subscription."""

    kind: Literal["alarm", "rule", "subscription"]
    name: str
    where: str
    state: State
    says: str
    last_fired: str | None = None


class Exemption(Plain):
    """An exemption from a rule of the policy pack."""

    rule: str
    resource: str
    reason: str
    expires: str
    state: State


class Tier(Plain):
    """What a storage class keeps."""

    storage_class: str
    gb: float
    usd_per_month: float


class Cost(Plain):
    """What keeping the logs costs, as of CloudWatch's last measurement."""

    prices: str
    tiers: list[Tier] = []
    error: str = ""


class Subject(Plain):
    """What the report is about."""

    trail_arn: str
    account: str
    region: str
    organization: str | None
    bucket: str | None
    key: str | None
    compared_with_outputs: bool


class Report(Plain):
    """A whole report."""

    format: Literal["cloudtrail-guard-posture/1"] = FORMAT
    made: datetime
    subject: Subject
    state: State
    checks: list[Check]
    guide: list[GuideLine]
    flow: list[Node]
    matrix: Matrix
    coverage: Coverage
    accounts: list[Account]
    exempt: list[Exempt]
    alerts: list[Alert]
    exemptions: list[Exemption]
    cost: Cost
    unprotected: list[str]
    """What is not protected, plainly."""

    @property
    def exit_code(self) -> int:
        """0: all is as meant. 1: something is not. 2: only that something is not known."""
        return {State.BAD: NOT_GOOD, State.UNKNOWN: NOT_KNOWN}.get(self.state, GOOD)

    def check(self, name: str) -> Check | None:
        """A check by its id."""
        return next((each for each in self.checks if each.id == name), None)

    def plain(self) -> str:
        """The report as JSON."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"
