"""How long Object Lock keeps an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import UNKNOWN, whole_number

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.values import Unknown, Value

_DAYS_A_YEAR: Final = 365


def lock_days(retention: Value) -> int | Unknown:
    """Return the days of a default retention.

    Args:
        retention: An object with ``days`` or ``years``.

    Returns:
        The days, a year counting 365; 0 where there is no period, `UNKNOWN` while it is not known.
    """
    if retention is UNKNOWN:
        return UNKNOWN
    given = retention if isinstance(retention, dict) else {}
    days, years = given.get("days"), given.get("years")
    if UNKNOWN in (days, years):
        return UNKNOWN
    return (whole_number(days) or 0) or (whole_number(years) or 0) * _DAYS_A_YEAR
