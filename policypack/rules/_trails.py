"""CloudTrail trails as programs declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from framework.rule import Undecidable, Violation
from framework.values import UNKNOWN, is_blank, is_true

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.resources import Resource
    from framework.rule import Finding

TRAILS: Final = frozenset({"aws:cloudtrail/trail:Trail", "aws-native:cloudtrail:Trail"})
"""The trail of pulumi-aws and that of pulumi-aws-native. The properties that the rules read have
the same names in both (pulumi-aws-native: schema of ``aws-native:cloudtrail:Trail``)."""


def must_be_true(trail: Resource, name: str, harm: str) -> Iterator[Finding]:
    """Yield a finding unless a boolean property is true.

    Args:
        trail: The trail.
        name: The property.
        harm: What follows from its being false, as half a sentence.

    Yields:
        A violation when it is false, absent or no boolean; undecidable when it is not known yet.
    """
    value = trail.properties.get(name)
    if value is UNKNOWN:
        yield Undecidable(resource=trail, path=name)
    elif not is_true(value):
        state = "is not set" if is_blank(value) and value is not False else "is not true"
        yield Violation(
            resource=trail, path=name, problem=f"{state}: {harm}", mend=f"set {name} to true"
        )
