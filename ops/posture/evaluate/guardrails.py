"""The guardrails: what do they deny, whom do they bind, and whom do they let through?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.evaluate.checks import (
    Rule,
    attention,
    bad,
    counted,
    evidence,
    good,
    listed,
    make,
    off,
    unanswered,
    unknown,
)
from posture.evaluate.denials import Principal, denies
from posture.evaluate.meant import statements
from posture.evaluate.requests import COLUMNS, guarded_operations, request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cloudtrail_guard.operations import Operation

    from posture.collect.answers import Answer, Facts
    from posture.evaluate.checks import (
        Verdict,
    )
    from posture.evaluate.meant import Meant
    from posture.evaluate.organization import Guardrails
    from posture.report import Check

SOMEONE = "SomeAdministrator"
"""The name of a role that no document exempts."""

OPTIONAL = frozenset({"Security services"})


def guardrail_checks(facts: Facts, meant: Meant, guardrails: Guardrails | None) -> Iterator[Check]:
    """The checks of organization and guardrails; of an account's trail, those of IAM alone.

    A member account may not ask which SCPs bind it.
    """
    if meant.organization_id is None:
        yield _identity(facts)
        yield _mfa(facts, ())
        return
    yield from (rule.check(facts) for rule in _RULES)
    if guardrails is None:
        problem = unanswered(
            *(facts[key] for key in ("organization", "scps", "accounts", "parents"))
        )
        verdict = problem or unknown("The organization's policies were not read.")
        yield make(
            "guardrails.policies", "Guardrails are attached", verdict, [evidence(facts["scps"])]
        )
        return
    yield from _policies(facts, guardrails, "scps")
    yield from _policies(facts, guardrails, "rcps")
    yield from _denials(facts, meant, guardrails)
    yield _accounts(facts, guardrails)
    yield _management(facts)
    yield _mfa(facts, guardrails.scps)


def _policies(facts: Facts, guardrails: Guardrails, key: str) -> Iterator[Check]:
    """A check for each policy: is it attached, and whom does it exempt?"""
    kind = "SCP" if key == "scps" else "RCP"
    problem = unanswered(facts[key])
    policies = guardrails.scps if key == "scps" else guardrails.rcps
    if problem or not policies:
        none = bad("No SCP denies what harms the record.")
        if key == "rcps":
            none = attention("No RCP protects bucket and key: their own policies must.")
        yield make(
            f"guardrails.{key}", f"{kind}s are there", problem or none, [evidence(facts[key])]
        )
    for policy in policies:
        name = policy["Name"]
        verdict = (
            good(f"It is attached to {listed(policy['Targets'])}.")
            if policy["Targets"]
            else bad("It is attached to nothing.")
        )
        saw = evidence(
            facts[key],
            lambda _, policy=policy: {
                "Id": policy["Id"],
                "Targets": policy["Targets"],
                "Statements": [each.get("Sid") for each in statements(policy["Content"])],
            },
        )
        yield make(f"guardrails.{key}.{name}", f"{kind} {name} is attached", verdict, [saw])


def _denials(facts: Facts, meant: Meant, guardrails: Guardrails) -> Iterator[Check]:
    """For each target: are all operations on it denied to the administrators of the members?"""
    bound = {account: guardrails.binding(account) for account in guardrails.members}
    for title, targets in COLUMNS:
        operations = guarded_operations(meant.partition, targets)
        if not operations:
            continue
        open_in: dict[str, tuple[str, ...]] = {}
        cache: dict[tuple[str, ...], tuple[str, ...]] = {}
        for account, policies in bound.items():
            ids = tuple(policy["Id"] for policy in policies)
            if ids not in cache:
                cache[ids] = _undenied(meant, account, policies, operations)
            open_in[account] = cache[ids]
        verdict = _verdict(title, operations, open_in)
        name = title.lower().replace(" ", "-")
        yield make(
            f"guardrails.deny.{name}",
            f"SCPs deny harm to: {title.lower()}",
            verdict,
            [
                evidence(
                    facts["scps"],
                    lambda _, open_in=open_in: {
                        "accounts": len(open_in),
                        "not denied": sorted(
                            {action for each in open_in.values() for action in each}
                        ),
                    },
                )
            ],
        )


def _undenied(
    meant: Meant,
    account: str,
    policies: Sequence[Mapping[str, Any]],
    operations: Sequence[Operation],
) -> tuple[str, ...]:
    """The actions that no policy denies to an administrator of an account."""
    who = Principal(
        arn=f"arn:{meant.partition}:iam::{account}:role/{SOMEONE}",
        organization=meant.organization_id,
    )
    asked = [request(meant, who, each) for each in operations]
    return tuple(
        each.action
        for each in asked
        if not any(denies(policy["Content"], each) for policy in policies)
    )


def _verdict(
    title: str, operations: Sequence[Operation], open_in: Mapping[str, Sequence[str]]
) -> Verdict:
    fully = [account for account, actions in open_in.items() if not actions]
    if not open_in:
        return off("There is no member account.")
    if len(fully) == len(open_in):
        return good(f"Denied in every member account: {counted(len(operations), 'operation')}.")
    every = {each.action for each in operations}
    if title in OPTIONAL and all(set(actions) == every for actions in open_in.values()):
        return off("The SCPs leave these alone, as they do by default.")
    missing = sorted({action for actions in open_in.values() for action in actions})
    partly = [account for account, actions in open_in.items() if actions]
    says = f"Not denied in {counted(len(partly), 'account')} ({listed(partly, 3)}): "
    says += "any of them." if set(missing) == every else f"{listed(missing)}."
    return bad(says) if not fully else attention(says)


def _accounts(facts: Facts, guardrails: Guardrails) -> Check:
    unbound = [account for account in guardrails.members if not guardrails.binding(account)]
    names = {each["Id"]: each.get("Name", "") for each in guardrails.accounts}
    if not guardrails.members:
        verdict = off("There is no member account.")
    elif not unbound:
        verdict = good("Every active member account is bound.")
    else:
        says = (
            f"{len(unbound):,} of {counted(len(guardrails.members), 'active member account')} "
            f"are not bound: {listed(f'{names[each]} ({each})' for each in unbound)}."
        )
        verdict = attention(says) if len(unbound) < len(guardrails.members) else bad(says)
    return make(
        "guardrails.accounts",
        "The guardrails bind every member account",
        verdict,
        [evidence(facts["accounts"], lambda accounts: f"{len(accounts)} accounts")],
    )


def _identity(facts: Facts) -> Check:
    """Without Organizations, the guardrails are IAM policies."""
    answers, entities = _identity_policies(facts)
    verdict = unanswered(*answers) or (
        good(f"The IAM policies bind {listed(entities)}.")
        if entities
        else attention("The IAM policies of the guardrails are attached to no one.")
    )
    saw = [evidence(each, lambda value: {"attached to": value.get("entities")}) for each in answers]
    return make("guardrails.identity", "IAM policies deny harm to trail and bucket", verdict, saw)


def _management(facts: Facts) -> Check:
    """The management account has no guardrail but IAM's."""
    answers, entities = _identity_policies(facts)
    verdict = unanswered(*answers) or (
        attention(
            f"No SCP binds it. The IAM form of the guardrails binds {listed(entities)} alone."
        )
        if entities
        else attention("No SCP binds it, and the IAM form of the guardrails is attached to no one.")
    )
    return make(
        "guardrails.management",
        "The management account's administrators are bound",
        verdict,
        [
            evidence(answer, lambda value: {"attached to": value.get("entities")})
            for answer in answers
        ],
    )


def _identity_policies(facts: Facts) -> tuple[list[Answer], list[str]]:
    """The IAM form of the guardrails and its boundary, and what they are attached to."""
    names = ("cloudtrail-guard", "cloudtrail-guard-boundary")
    answers = [facts[f"identity-policy.{name}"] for name in names]
    found = {each for answer in answers for each in (answer.value or {}).get("entities", ())}
    return answers, sorted(found)


def _mfa(facts: Facts, scps: Sequence[Mapping[str, Any]]) -> Check:
    """Managing CloudTrail asks for MFA: by an SCP, or by the IAM policy."""
    answer = facts["identity-policy.cloudtrail-guard-mfa"]
    by_scp = [
        policy["Name"]
        for policy in scps
        if policy["Targets"]
        and any(
            key.lower() == "aws:multifactorauthpresent"
            for statement in statements(policy["Content"])
            for keys in (statement.get("Condition") or {}).values()
            for key in keys
        )
    ]
    entities = (answer.value or {}).get("entities", [])
    if by_scp:
        verdict = good(f"SCPs ask for it: {listed(by_scp)}.")
    elif entities:
        verdict = good(f"An IAM policy asks for it, of {listed(entities)}.")
    else:
        verdict = unanswered(answer) or attention(
            "No policy asks for it: set guardrails.requireMfa, or attach the MFA policy."
        )
    return make(
        "guardrails.mfa",
        "Managing CloudTrail asks for MFA",
        verdict,
        [evidence(answer, lambda value: {"attached to": value.get("entities")})],
    )


def _administrators(found: Sequence[str] | None) -> Verdict:
    if found:
        return attention(f"CloudTrail is administered by {listed(sorted(found))} as well.")
    return good("No other account administers the organization's trails.")


_RULES = (
    Rule(
        id="organization.features",
        title="All features of Organizations are on",
        key="organization",
        decide=lambda found: (
            good("All features are on.")
            if found["FeatureSet"] == "ALL"
            else bad("Only consolidated billing is on: there are no SCPs.")
        ),
    ),
    Rule(
        id="organization.trusted-access",
        title="CloudTrail has trusted access",
        key="trusted-access",
        decide=lambda on: (
            good("CloudTrail has trusted access.")
            if on
            else bad("CloudTrail has no trusted access: the organization trail stops.")
        ),
    ),
    Rule(
        id="organization.administrators",
        title="No other account administers the trail",
        key="administrators",
        decide=_administrators,
    ),
)
