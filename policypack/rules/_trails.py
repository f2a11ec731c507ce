"""CloudTrail trails as programs declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from framework.rule import Undecidable, Violation
from framework.values import UNKNOWN, is_blank, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding, ResourceCheck
    from framework.settings import Settings

TRAILS: Final = frozenset({"aws:cloudtrail/trail:Trail", "aws-native:cloudtrail:Trail"})
"""The trail of pulumi-aws and that of pulumi-aws-native. The properties that the rules read have
the same names in both (pulumi-aws-native: schema of ``aws-native:cloudtrail:Trail``)."""


def must_be_true(name: str, harm: str) -> ResourceCheck:
    """Return the check that a boolean property is true.

    It finds a violation when the property is false, absent or no boolean, and cannot decide while
    the property is not known yet.

    Args:
        name: The property.
        harm: What follows from its being false, as half a sentence.

    Returns:
        The check.
    """

    def check(trail: Resource, _settings: Settings) -> Iterator[Finding]:
        value = trail.properties.get(name)
        if value is UNKNOWN:
            yield Undecidable(resource=trail, path=name)
        elif not is_true(value):
            state = "is not set" if is_blank(value) and value is not False else "is not true"
            yield Violation(
                resource=trail, path=name, problem=f"{state}: {harm}", mend=f"set {name} to true"
            )

    return check
