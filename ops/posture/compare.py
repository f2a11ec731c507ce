"""What changed since another report.

Only checks are compared: what they say does not depend on the hour. A change belongs to the subject
of its check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import ValidationError

from posture.report import Report, State

if TYPE_CHECKING:
    from pathlib import Path

    from posture.report import Check


class OldReportError(Exception):
    """The other report cannot be read, or is about something else."""


class Change(NamedTuple):
    """One check that is not as it was.

    Attributes:
        kind: whether it is new, gone, or says something else.
        before: the check before; None for a new one.
        after: the check now; None for one that is gone.
    """

    kind: Literal["new", "gone", "changed"]
    before: Check | None
    after: Check | None

    @property
    def check(self) -> Check:
        """The check as it is now, or as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them is always there
        return found

    @property
    def is_worse(self) -> bool:
        """Whether it got worse."""
        rank = [State.BAD, State.UNKNOWN, State.ATTENTION, State.OFF, State.GOOD]
        before = rank.index(self.before.state) if self.before else len(rank)
        after = rank.index(self.after.state) if self.after else len(rank)
        return after < before


def read_report(path: Path) -> Report:
    """Read a report of before.

    Raises:
        OldReportError: it cannot be read, or is no such report.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise OldReportError(f"--compare {path} cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise OldReportError(
            f"--compare {path} is no report of `cloudtrail-guard posture --json`: {where}: "
            f"{first['msg']}"
        ) from None


def changes(before: Report, after: Report) -> list[Change]:
    """What changed, the worse first.

    Raises:
        OldReportError: the reports are about two trails.
    """
    if before.subject.trail_arn != after.subject.trail_arn:
        raise OldReportError(
            f"the other report is about {before.subject.trail_arn}, not {after.subject.trail_arn}"
        )
    old = {check.id: check for check in before.checks}
    new = {check.id: check for check in after.checks}
    found = [
        *(Change("gone", old[name], None) for name in old.keys() - new.keys()),
        *(Change("new", None, new[name]) for name in new.keys() - old.keys()),
        *(
            Change("changed", old[name], new[name])
            for name in old.keys() & new.keys()
            if (old[name].state, old[name].says) != (new[name].state, new[name].says)
        ),
    ]
    return sorted(found, key=lambda change: (not change.is_worse, change.check.id))
