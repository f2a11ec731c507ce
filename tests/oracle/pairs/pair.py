"""What a row of the comparison is: rules and checks of the same subject, and known differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

PASS: Final = "pass"
FAIL: Final = "fail"
UNDECIDED: Final = "undecided"
SILENT: Final = "silent"
"""Prowler reports nothing about what the program has."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Where checks are known to say otherwise than rules.

    Attributes:
        where: the choices of a program that make the difference: one of those of each part.
        pack: what the rules say there.
        prowler: what the checks say there.
        because: why they differ.
        source: the page that the reason is from, or empty.
    """

    where: Mapping[str, tuple[str, ...]]
    pack: str
    prowler: str
    because: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Rules and checks of the same subject: all of these rules pass where all of these checks do.

    Attributes:
        checks: ids of Prowler's checks.
        rules: ids of the pack's rules.
        on: what the checks report about: the ``trail``, the ``bucket`` or the ``key``.
        differences: where they do not agree.
    """

    checks: tuple[str, ...]
    rules: tuple[str, ...]
    on: str
    differences: tuple[Difference, ...] = ()
