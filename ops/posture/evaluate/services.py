"""The services that watch beside CloudTrail, which are optional."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.evaluate.checks import Rule, attention, good, listed, off

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posture.collect.answers import Facts
    from posture.evaluate.checks import Verdict
    from posture.report import Check

_SERVICES = {
    "config": ("AWS Config records", "Config records no change of settings here."),
    "guardduty": ("GuardDuty detects", "GuardDuty looks at no events here."),
}


def service_checks(facts: Facts) -> Iterator[Check]:
    """Whether Config, GuardDuty and Security Hub are on, in each account that was read."""
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
    for account in facts.below("securityhub."):
        yield Rule(
            id=f"services.securityhub.{account}",
            title=f"Security Hub gathers findings in account {account}",
            key=f"securityhub.{account}",
            decide=_hub,
        ).check(facts)


def _hub(found: Mapping[str, Any] | None) -> Verdict:
    """Statuses: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StandardsSubscription.html."""
    if found is None:
        return off("Security Hub is not enabled here.")
    standards: Mapping[str, str] = found["standards"]
    if not standards:
        return attention("It is on, without a standard: it checks nothing by itself.")
    unready = [
        _name(arn) for arn, status in standards.items() if status in ("FAILED", "INCOMPLETE")
    ]
    if unready:
        return attention(f"Not all controls of these standards run: {listed(unready)}.")
    return good(f"It is on, with {listed(map(_name, standards))}.")


def _name(standard: str) -> str:
    """Of `arn:...:standards/cis-aws-foundations-benchmark/v/3.0.0`: the name and version."""
    return standard.partition("/")[2].replace("/v/", " ")
