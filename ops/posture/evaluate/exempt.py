"""Who is exempt from the denies, and who could become it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudtrail_guard.arns import is_permission_set
from cloudtrail_guard_policies.iam.callers import is_pattern_of_principals

from posture.evaluate.checks import (
    attention,
    bad,
    evidence,
    good,
    listed,
    make,
    unanswered,
)
from posture.evaluate.meant import many, statements
from posture.report import Exempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from posture.collect.answers import Facts
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.evaluate.meant import Meant
    from posture.evaluate.organization import Guardrails
    from posture.report import Check

_MFA = "aws:MultiFactorAuthPresent"
_STACK_SETS = "arn:{partition}:iam::*:role/stacksets-exec-*"
"""The roles with which StackSets works in member accounts: AWS alone makes them."""


def exempt_principals(
    facts: Facts, meant: Meant, guardrails: Guardrails | None
) -> tuple[list[Exempt], list[Check]]:
    """Every principal that a deny names as exempt, with a check for each."""
    named = _named(facts, guardrails)
    rows: list[Exempt] = []
    checks: list[Check] = []
    for arn in sorted({*named, *meant.break_glass, *meant.deployers, *meant.exempt}):
        answer = facts[f"role.{arn}"]
        trusts = trusted(answer.value)
        verdict = _verdict(facts, meant, arn, trusts)
        rows.append(
            Exempt(
                arn=arn,
                state=verdict.state,
                says=verdict.says,
                named_in=sorted(named.get(arn, ())),
                trusts=trusts,
                last_used=(answer.value or {}).get("lastUsed"),
            )
        )
        saw = evidence(answer, lambda value: value.get("trust", value))
        checks.append(make(f"exempt.{arn}", f"{arn} is exempt, and meant to be", verdict, [saw]))
    return rows, checks


def _named(facts: Facts, guardrails: Guardrails | None) -> dict[str, set[str]]:
    """What names each exempt principal."""
    documents: list[tuple[str, Any]] = [
        ("bucket policy", facts["bucket.policy"].value),
        ("key policy", facts["key.policy"].value),
    ]
    if guardrails:
        documents += [(f"SCP {each['Name']}", each["Content"]) for each in guardrails.scps]
        documents += [(f"RCP {each['Name']}", each["Content"]) for each in guardrails.rcps]
    found: dict[str, set[str]] = {}
    for name, document in documents:
        for arn in spared(document or {}):
            found.setdefault(arn, set()).add(name)
    return found


def spared(document: Mapping[str, Any]) -> list[str]:
    """The principals that a document's denies leave out by ARN, patterns too."""
    return sorted(
        {
            str(value)
            for statement in statements(document)
            if statement.get("Effect") == "Deny"
            # Whose denies are for services alone, or for another's replication role, exempt no one.
            for operator, keys in (statement.get("Condition") or {}).items()
            if "not" in operator.lower()
            for key, values in keys.items()
            if key.lower() == "aws:principalarn"
            for value in many(values)
        }
    )


def _verdict(facts: Facts, meant: Meant, arn: str, trusts: list[str]) -> Verdict:
    intended = {*meant.break_glass, *meant.deployers, *meant.exempt}
    answer = facts[f"role.{arn}"]
    verdicts = (
        (
            arn == _STACK_SETS.format(partition=meant.partition),
            good("These roles are made by AWS alone, for StackSets."),
        ),
        (
            is_pattern_of_principals(arn),
            bad("It is a pattern: anyone who may create a role of such a name becomes exempt."),
        ),
        (
            bool(meant.outputs) and arn not in intended,
            bad("It is exempt, and the stack's outputs do not name it."),
        ),
        (bool(answer.error), unanswered(answer) or attention("")),
        (
            answer.value is None and is_permission_set(arn),
            attention("The account has no role of this permission set: no one uses it."),
        ),
        (
            answer.value is None,
            bad("It does not exist: anyone who may create a role of this name becomes exempt."),
        ),
        (
            bool((answer.value or {}).get("user")),
            attention("It is a user: its access keys last until they are deleted."),
        ),
        (not trusts, good("No one may assume it, by its trust policy.")),
        (
            any("*" in each for each in trusts),
            bad(f"Anyone may assume it, by its trust policy: {listed(trusts)}."),
        ),
        (
            arn in meant.break_glass and any(_MFA not in each for each in trusts),
            attention(f"It may be assumed without MFA, by {listed(trusts)}."),
        ),
    )
    found = (verdict for holds, verdict in verdicts if holds)
    return next(found, good(f"It may be assumed by {listed(trusts)}."))


def trusted(role: Mapping[str, Any] | None) -> list[str]:
    """Who may assume a role, by its trust policy: principals, with what is asked of them."""
    found: list[str] = []
    for statement in statements((role or {}).get("trust") or {}):
        if statement.get("Effect") != "Allow":
            continue
        given = statement.get("Principal", {})
        kinds = given if isinstance(given, dict) else {"AWS": given}
        asked = sorted(key for keys in (statement.get("Condition") or {}).values() for key in keys)
        condition = f" (if {', '.join(asked)})" if asked else ""
        found += [
            f"{_account(str(each))}{condition}" for names in kinds.values() for each in many(names)
        ]
    return sorted(set(found))


def _account(principal: str) -> str:
    """A principal; the root of an account stands for all that its IAM policies let."""
    if principal.endswith(":root"):
        return f"anyone of account {principal.split(':')[4]} whom IAM lets"
    return principal


def exempt_notes(facts: Facts) -> Iterator[str]:
    """Who could become exempt, plainly."""
    for key, answer in facts.below("role.").items():
        for each in trusted(answer.value):
            if each.startswith("anyone of"):
                name = key.rsplit("/", maxsplit=1)[-1]
                yield f"The exempt role {name}: its trust policy lets in {each}."
