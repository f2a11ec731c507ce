"""What a search for the Pulumi CLI ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.engine.versions import text

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.engine.versions import Version

MINIMUM: Version = (3, 237, 0)
"""The oldest CLI that will do: the least version of the Python SDK that pyproject.toml asks for.

SDK and CLI are released together, and a CLI starts policy packs and components the way the SDK of
its version expects it (before 3.221, through executables that the packages no longer bring)."""


@dataclass(frozen=True)
class PulumiCli:
    """A Pulumi CLI that was found.

    Attributes:
        path: the executable; the language hosts lie beside it.
        version: its version.
        source: where it was found, for people.
    """

    path: Path
    version: Version
    source: str

    def __str__(self) -> str:
        """One line for people."""
        return f"pulumi {text(self.version)} at {self.path} ({self.source})"


@dataclass(frozen=True)
class NoPulumi:
    """There is no Pulumi CLI.

    Attributes:
        reason: one line that says what was tried.
    """

    reason: str

    def __str__(self) -> str:
        """One line for people."""
        return f"no Pulumi CLI: {self.reason}"


class PulumiRequiredError(Exception):
    """``REQUIRE_PULUMI=1`` was set and there is no Pulumi CLI."""
