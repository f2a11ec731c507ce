"""What AWS has against what the stacks say they made, and the policy pack's exemptions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from posture.collect.replica import destination
from posture.evaluate.checks import Rule, bad, evidence, good, listed, make, unanswered
from posture.evaluate.meant import many
from posture.report import Check, Exemption, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from posture.collect.answers import Facts
    from posture.evaluate.meant import Meant

_SOON = timedelta(days=30)

_OUTPUTS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "trailArn": ("trail", lambda trail: trail and trail.get("TrailARN")),
    "trailName": ("trail", lambda trail: trail and trail.get("Name")),
    "homeRegion": ("trail", lambda trail: trail and trail.get("HomeRegion")),
    "bucketName": ("trail", lambda trail: trail and trail.get("S3BucketName")),
    "keyArn": ("trail", lambda trail: trail and trail.get("KmsKeyId")),
    "logGroupArn": ("trail", lambda trail: trail and trail.get("CloudWatchLogsLogGroupArn")),
    "organizationId": ("organization", lambda found: found and found.get("Id")),
    "accessLogBucketName": ("bucket.access-logs", lambda found: found and found["TargetBucket"]),
    "replicaBucketName": ("bucket.replication", lambda found: destination(found)[0]),
    "replicaKeyArn": ("bucket.replication", lambda found: destination(found)[1]),
    "eventDataStoreArn": ("lake", lambda found: [each["EventDataStoreArn"] for each in found]),
    "accountId": ("caller.logs", lambda caller: caller and caller["Account"]),
}
"""The outputs that AWS can confirm: in which answer, and what of it."""

_BY_ACCOUNT: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "guardDutyDetectorId": ("guardduty", lambda found: found or ()),
    "securityHubStandardArns": ("securityhub", lambda found: (found or {}).get("standards", ())),
}
"""The outputs that are by account: in which of its answers, and what of it."""


def drift_checks(facts: Facts, meant: Meant) -> Iterator[Check]:
    """A check for each output of the stacks that AWS can confirm."""
    for name, (key, pick) in _OUTPUTS.items():
        wanted = meant.outputs.get(name)
        if wanted is None:
            continue
        yield Rule(
            id=f"drift.{name}",
            title=f"Output {name}",
            key=key,
            decide=lambda value, pick=pick, wanted=wanted: (
                good("AWS has what the stack says.")
                if _plain(wanted) in map(_plain, many(pick(value)))
                else bad(f"The stack says {wanted}, AWS has {pick(value)}.")
            ),
            show=lambda value, pick=pick: str(pick(value)),
        ).check(facts)
    yield from _services(facts, meant)
    yield from _attachments(facts, meant)


def _services(facts: Facts, meant: Meant) -> Iterator[Check]:
    """Each account's services have what its stack says."""
    for name, (key, pick) in _BY_ACCOUNT.items():
        by_account: Mapping[str, Any] = meant.outputs.get(name) or {}
        for account, wanted in by_account.items():
            yield Rule(
                id=f"drift.{name}.{account}",
                title=f"Output {name} of account {account}",
                key=f"{key}.{account}",
                decide=lambda found, pick=pick, wanted=wanted: (
                    bad(f"AWS lacks {listed(missing)}, or it is off.")
                    if (missing := sorted({*many(wanted)} - {*pick(found)}))
                    else good("AWS has what the stack says.")
                ),
            ).check(facts)


def _attachments(facts: Facts, meant: Meant) -> Iterator[Check]:
    """Each guardrail of the stack exists, and is attached where the stack says."""
    ids: Sequence[str] = meant.outputs.get("guardrailPolicyIds") or ()
    targets = set(meant.outputs.get("guardrailTargets") or ())
    found = {each["Id"]: each for key in ("scps", "rcps") for each in facts.value(key, [])}
    for policy in ids:
        missing = targets - set(found.get(policy, {}).get("Targets", ()))
        verdict = unanswered(facts["scps"], facts["rcps"]) or (
            bad("The policy does not exist.")
            if policy not in found
            else bad(f"It is not attached to {listed(sorted(missing))}.")
            if missing
            else good("It is attached where the stack says.")
        )
        saw = evidence(
            facts["scps"], lambda _, policy=policy: found.get(policy, {}).get("Targets", "none")
        )
        yield make(f"drift.guardrail.{policy}", f"Guardrail policy {policy}", verdict, [saw])


def _plain(value: object) -> str:
    return str(value).removesuffix(":*")


def exemption_rows(settings: Mapping[str, Any], today: date) -> tuple[list[Exemption], list[Check]]:
    """The exemptions of the policy pack's configuration, with a check for each.

    Args:
        settings: the configuration, by rule.
        today: the day in UTC.
    """
    rows: list[Exemption] = []
    checks: list[Check] = []
    for rule, configured in settings.items():
        for each in configured.get("exemptions", ()) if isinstance(configured, dict) else ():
            expires = date.fromisoformat(each["expires"])
            if expires < today:
                state, says = State.BAD, f"It expired on {expires}: it is a violation again."
            elif expires - today <= _SOON:
                state, says = State.ATTENTION, f"It expires on {expires}, within 30 days."
            else:
                state, says = State.GOOD, f"It holds until {expires}: {each['reason']}"
            rows.append(
                Exemption(
                    rule=rule,
                    resource=each["resource"],
                    reason=each["reason"],
                    expires=str(expires),
                    state=state,
                )
            )
            checks.append(
                Check(
                    id=f"exemptions.{rule}.{each['resource']}",
                    subject="exemptions",
                    title=f"{rule} lets {each['resource']} pass",
                    state=state,
                    says=says,
                )
            )
    return rows, checks
