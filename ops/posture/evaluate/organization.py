"""Which policies bind which account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import OPERATIONS, Document

from posture.evaluate.meant import many, statements
from posture.report import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posture.collect.answers import Facts
    from posture.evaluate.meant import Meant

_HARMFUL = frozenset(operation.action.lower() for operation in OPERATIONS)


@dataclass(frozen=True, kw_only=True)
class Guardrails:
    """The policies of an organization that deny what harms the record.

    Attributes:
        management: the management account.
        accounts: the accounts as AWS lists them.
        parents: the parent of each account and OU.
        scps: the service control policies that deny a harmful operation.
        rcps: the resource control policies that do.
    """

    management: str
    accounts: Sequence[Mapping[str, str]]
    parents: Mapping[str, str]
    scps: Sequence[Mapping[str, Any]]
    rcps: Sequence[Mapping[str, Any]]

    def chain(self, account: str) -> Iterator[str]:
        """The account, its OUs and the root."""
        at: str | None = account
        while at is not None:
            yield at
            at = self.parents.get(at)

    def binding(self, account: str, kind: Document = Document.SCP) -> list[Mapping[str, Any]]:
        """The policies that bind an account; none binds the management account."""
        if account == self.management:
            return []
        targets = set(self.chain(account))
        policies = self.scps if kind is Document.SCP else self.rcps
        return [each for each in policies if targets & set(each["Targets"])]

    @property
    def members(self) -> list[str]:
        """The active member accounts."""
        return [
            each["Id"]
            for each in self.accounts
            if each["Id"] != self.management and is_active(each)
        ]


def read_guardrails(facts: Facts, meant: Meant) -> Guardrails | None:
    """The organization's guardrails; None without Organizations, or where AWS did not answer."""
    needed = [facts[key] for key in ("organization", "accounts", "parents", "scps")]
    if (
        meant.organization_id is None
        or needed[0].value is None
        or any(answer.error for answer in needed)
    ):
        return None
    return Guardrails(
        management=facts.value("organization").get("MasterAccountId", meant.account),
        accounts=facts.value("accounts", []),
        parents=facts.value("parents", {}),
        scps=[each for each in facts.value("scps", []) if is_guardrail(each["Content"])],
        rcps=[each for each in facts.value("rcps", []) if is_guardrail(each["Content"])],
    )


def is_guardrail(document: Mapping[str, Any]) -> bool:
    """Whether a document denies one of the harmful operations by name."""
    return any(
        each.get("Effect") == "Deny"
        and any(str(action).lower() in _HARMFUL for action in many(each.get("Action", [])))
        for each in statements(document)
    )


def is_active(account: Mapping[str, str]) -> bool:
    """Whether an account is active; `State` replaces `Status` in the API."""
    return account.get("State", account.get("Status")) == "ACTIVE"


def account_rows(guardrails: Guardrails | None) -> list[Account]:
    """Every account, bound or not, and why; the unbound ones first."""
    rows: list[Account] = []
    for each in guardrails.accounts if guardrails else ():
        account = each["Id"]
        policies = [policy["Name"] for policy in guardrails.binding(account)] if guardrails else []
        if guardrails and account == guardrails.management:
            why = "the management account: no SCP and no RCP ever binds it"
        elif not is_active(each):
            why = "not active; the policies bind it all the same" if policies else "not active"
        elif policies:
            why = "bound"
        else:
            why = "no guardrail is attached to it, or to what it is in"
        rows.append(
            Account(
                id=account,
                name=each.get("Name", ""),
                status=each.get("State", each.get("Status", "")),
                bound=bool(policies),
                why=why,
                policies=policies,
            )
        )
    return sorted(rows, key=lambda row: (row.bound, row.name.lower(), row.id))
