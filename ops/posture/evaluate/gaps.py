"""What is not protected, plainly, and what keeping the logs costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard.storage.costs import (
    DEEP_ARCHIVE,
    GLACIER_IR,
    PRICES_AS_OF,
    STANDARD,
)

from posture.evaluate.checks import counted, listed
from posture.evaluate.exempt import exempt_notes
from posture.report import Cost, State, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from posture.collect.answers import Facts
    from posture.evaluate.meant import Meant
    from posture.report import Account, Check

_PRICES = {each.name: each.usd_per_gb_month for each in (STANDARD, GLACIER_IR, DEEP_ARCHIVE)}
_GB = 1_000_000_000


def unprotected(
    facts: Facts, meant: Meant, checks: Sequence[Check], accounts: Sequence[Account]
) -> list[str]:
    """Sentences on what nothing protects; each is true of what was read."""
    return list(_unprotected(facts, meant, {check.id: check for check in checks}, accounts))


def _unprotected(
    facts: Facts, meant: Meant, checks: dict[str, Check], accounts: Sequence[Account]
) -> Iterator[str]:
    unbound = [each for each in accounts if not each.bound and each.id != meant.account]
    if meant.organization_id:
        yield (
            f"The management account {meant.account}: no SCP and no RCP binds it. Its "
            "administrators can stop the trail and detach the guardrails; bucket and key have "
            "policies of their own."
        )
    if unbound:
        names = listed(f"{each.name} ({each.id})" for each in unbound)
        yield f"{counted(len(unbound), 'account')} that no guardrail binds: {names}."
    lock = facts.value("bucket.lock", {}).get("Rule", {}).get("DefaultRetention", {})
    if lock.get("Mode") != "COMPLIANCE":
        roles = (
            listed(arn.rsplit("/", maxsplit=1)[-1] for arn in meant.break_glass) or "exempt roles"
        )
        yield (
            f"Locked log files: in {lock.get('Mode', 'no')} mode {roles} can delete them, by "
            "bypassing the lock. COMPLIANCE mode lets no one."
        )
    if _is(checks, "replica.replication", State.OFF):
        yield "The loss of the log bucket with its region: there is no copy in a second one."
    elif facts["replica.region"].value == facts["bucket.region"].value is not None:
        yield "The loss of the log bucket with its region: the copy is in the same one."
    if _is(checks, "trail.data-events", State.OFF):
        yield "Reading and writing of objects, calls of functions: data events are not recorded."
    silent = [check for check in checks.values() if check.id.startswith("alerts.topic.")]
    for check in silent:
        if check.state is State.ATTENTION:
            yield f"Alerts of {check.id.removeprefix('alerts.topic.')}: {check.says}"
    yield from exempt_notes(facts)
    not_known = [check for check in checks.values() if check.state is State.UNKNOWN]
    if not_known:
        titles = listed((check.title for check in not_known), 4)
        yield f"{counted(len(not_known), 'thing')} that AWS did not answer about: {titles}."
    yield "The minutes between a call and its delivery, and what happens inside machines."


def _is(checks: dict[str, Check], name: str, state: State) -> bool:
    return name in checks and checks[name].state is state


def storage_cost(facts: Facts) -> Cost:
    """What the log bucket keeps now, and what a month of it costs; requests are not in it."""
    answer = facts["bucket.size"]
    if answer.error:
        return Cost(prices=PRICES_AS_OF, error=answer.error)
    if not answer.value:
        return Cost(prices=PRICES_AS_OF, error="CloudWatch has not measured the bucket yet")
    return Cost(
        prices=PRICES_AS_OF,
        tiers=[
            Tier(storage_class=name, gb=size / _GB, usd_per_month=size / _GB * _PRICES[name])
            for name, size in answer.value.items()
        ],
    )
