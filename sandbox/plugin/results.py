"""What the provider answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.plugin.diff import Change
    from sandbox.plugin.normalize import Failure
    from sandbox.plugin.values import Properties


class PartialFailureError(Exception):
    """An object was made or changed, but not completely: the next deployment has to finish it."""

    def __init__(self, id_: str, state: Properties, inputs: Properties, reason: str) -> None:
        """Say what there is.

        Args:
            id_: the object's id.
            state: its outputs as far as they are known.
            inputs: what it was to become.
            reason: what went wrong, in one line.
        """
        super().__init__(reason)
        self.id = id_
        self.state = state
        self.inputs = inputs
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Checked:
    """Inputs, completed, and what is wrong with them."""

    inputs: Properties
    failures: list[Failure]


@dataclass(frozen=True, slots=True)
class Diff:
    """What an update would do."""

    changes: list[Change]
    delete_before_replace: bool = False
    stable: list[str] = field(default_factory=list[str])
    """Top-level outputs that certainly stay as they are."""

    @property
    def replaces(self) -> list[str]:
        """The top-level properties because of which the resource is replaced."""
        return sorted({change.top for change in self.changes if change.replace})


@dataclass(frozen=True, slots=True)
class Created:
    """A new object. In a preview its id is empty."""

    id: str
    state: Properties


@dataclass(frozen=True, slots=True)
class Found:
    """An object that was read, with the inputs that would have made it so."""

    id: str
    state: Properties
    inputs: Properties


@dataclass(frozen=True, slots=True)
class Invoked:
    """A function's results, or why its arguments are wrong."""

    result: Properties
    failures: list[Failure]
