"""The services that watch beside CloudTrail, which are optional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.evaluate.checks import Rule, good, listed, off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posture.collect.answers import Facts
    from posture.report import Check

_SERVICES = {
    "config": ("AWS Config records", "Config records no change of settings here."),
    "guardduty": ("GuardDuty detects", "GuardDuty looks at no events here."),
}


def service_checks(facts: Facts) -> Iterator[Check]:
    """Whether Config and GuardDuty are on, in each account that was read."""
    for service, (title, none) in _SERVICES.items():
        for account in facts.below(f"{service}."):
            yield Rule(
                id=f"services.{service}.{account}",
                title=f"{title} in account {account}",
                key=f"{service}.{account}",
                decide=lambda found, none=none: (
                    good(f"It is on: {listed(found)}.") if found else off(none)
                ),
            ).check(facts)
