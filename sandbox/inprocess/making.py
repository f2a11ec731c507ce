"""What becomes of the resources that a program registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.provider import Provider
    from sandbox.plugin.results import Created


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource as the program wants it, checked.

    Attributes:
        provider: what makes it.
        type: its type token.
        name: its logical name.
        urn: its URN.
        inputs: its inputs, complete.
        ignored: property paths of which no change counts.
        uses: URNs of the resources whose outputs are among its inputs.
        retained: whether AWS keeps it when it leaves the stack.
        preview: whether nothing is made.
    """

    provider: Provider
    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    ignored: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()
    retained: bool = False
    preview: bool = False

    def create(self) -> Created:
        """Make it, or in a preview say what it will be."""
        return self.provider.create(self.type, self.name, self.inputs, preview=self.preview)


class Making:
    """What becomes of a checked resource: it is made. A subclass may know what is there already."""

    def old_inputs(self, urn: str) -> Mapping[str, Any]:  # noqa: ARG002 - of subclasses
        """The checked inputs of the deployment before; none where there was none."""
        return {}

    def make(self, wanted: Wanted) -> Created:
        """Make the resource, or in a preview say what it will be."""
        return wanted.create()
