"""Who x what: the operations of the table, held against every document that was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cloudtrail_guard.operations import Allowed, Document, Target

from posture.evaluate.checks import counted
from posture.evaluate.denials import Principal, allows, denies
from posture.evaluate.guardrails import SOMEONE
from posture.evaluate.requests import COLUMNS, OF_BUCKET, guarded_operations, operations_on, request
from posture.report import Cell, Matrix, MatrixRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cloudtrail_guard.operations import Operation

    from posture.collect.answers import Answer, Facts
    from posture.evaluate.denials import Request
    from posture.evaluate.meant import Meant
    from posture.evaluate.organization import Guardrails

_STRANGER = "000000000000"
_UNREAD = "unread"
_OF_ORGANIZATION = ((Target.MEMBERSHIP,), (Target.ORGANIZATION,))


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A kind of principal.

    Attributes:
        who: what it is called.
        note: what counts for it.
        principal: one of them.
        exempt: the operations that it may call by intent.
        policies: the IAM documents that are attached to it.
    """

    who: str
    note: str
    principal: Principal
    exempt: frozenset[Allowed] = frozenset()
    policies: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def make_matrix(facts: Facts, meant: Meant, guardrails: Guardrails | None) -> Matrix:
    """The matrix of everyone who could harm the record."""
    columns = [
        (title, _column(meant, targets))
        for title, targets in COLUMNS
        if meant.organization_id or targets not in _OF_ORGANIZATION
    ]
    documents = _Documents(facts=facts, meant=meant, guardrails=guardrails)
    return Matrix(
        columns=[title for title, _ in columns],
        rows=[
            MatrixRow(
                who=row.who,
                note=row.note,
                cells=[_cell(documents, row, operations) for _, operations in columns],
            )
            for row in _rows(facts, meant, guardrails)
        ],
    )


def _column(meant: Meant, targets: tuple[Target, ...]) -> list[Operation]:
    """The operations of a column; of monitoring, those on what the guardrails name."""
    if targets == (Target.MONITORING,):
        return guarded_operations(meant.partition, targets)
    return operations_on(targets)


def _rows(facts: Facts, meant: Meant, guardrails: Guardrails | None) -> Iterator[_Row]:
    def someone(account: str, name: str = SOMEONE, organization: str | None = None) -> Principal:
        arn = f"arn:{meant.partition}:iam::{account}:role/{name}"
        return Principal(arn=arn, organization=organization or meant.organization_id)

    if guardrails:
        groups: dict[tuple[str, ...], list[str]] = {}
        for account in guardrails.members:
            ids = tuple(policy["Name"] for policy in guardrails.binding(account))
            if account != meant.log_account:
                groups.setdefault(ids, []).append(account)
        for names, accounts in groups.items():
            by = f"bound by {', '.join(names)}" if names else "bound by no guardrail"
            yield _Row(
                who="Administrators of member accounts",
                note=f"{counted(len(accounts), 'account')}, {by}",
                principal=someone(accounts[0]),
            )
    if meant.log_account and meant.log_account != meant.account:
        yield _Row(
            who="Administrators of the log account",
            note=f"account {meant.log_account}",
            principal=someone(meant.log_account),
        )
    manager = someone(meant.account)
    yield _Row(
        who="Administrators of the management account" if guardrails else "Administrators",
        note=f"account {meant.account}" + (", which no SCP binds" if guardrails else ""),
        principal=manager,
    )
    form = facts.value("identity-policy.cloudtrail-guard", {})
    if form.get("entities"):
        yield _Row(
            who="Those who have the IAM form of the guardrails",
            note=", ".join(form["entities"][:3]),
            principal=manager,
            policies=[form["document"]],
        )
    for arn in meant.deployers[:1]:
        yield _Row(
            who="Deploying roles",
            note=arn,
            principal=Principal(arn=arn, organization=meant.organization_id),
            exempt=frozenset({Allowed.DEPLOYER}),
        )
    for arn in meant.break_glass[:1]:
        yield _Row(
            who="Break-glass roles",
            note=arn,
            principal=Principal(arn=arn, organization=meant.organization_id),
            exempt=frozenset(Allowed),
        )
    yield _Row(
        who="Anyone outside",
        note="another account's administrators",
        principal=Principal(
            arn=f"arn:{meant.partition}:iam::{_STRANGER}:role/{SOMEONE}", organization=None
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Documents:
    """The documents that may refuse a request.

    Attributes:
        facts: the answers.
        meant: what was meant.
        guardrails: the organization's, if they were read.
    """

    facts: Facts
    meant: Meant
    guardrails: Guardrails | None

    def refusal(self, row: _Row, operation: Operation) -> str:
        """What refuses an operation to a kind of principal.

        Returns:
            A kind of document, `_UNREAD`, or empty where nothing does.
        """
        asked = request(self.meant, row.principal, operation)
        own = self._resource_policy(operation.target)
        by_kind: tuple[tuple[str, Iterable[Mapping[str, Any]]], ...] = (
            (Document.IAM, row.policies),
            (
                Document.KEY_POLICY if operation.target is Target.KEY else Document.BUCKET_POLICY,
                [own.value] if own and own.value else (),
            ),
            (Document.SCP, self._binding(asked.who.account, Document.SCP)),
            (Document.RCP, self._rcps(operation.target)),
        )
        for kind, documents in by_kind:
            if any(denies(document, asked) for document in documents):
                return kind
        if own and own.error:
            return _UNREAD
        if _lacks_grant(self.meant, own, asked, operation):
            return "no grant"
        by_scp = self.meant.organization_id and Document.SCP in operation.denied_in
        return _UNREAD if by_scp and self.guardrails is None else ""

    def _resource_policy(self, target: Target) -> Answer | None:
        if target in OF_BUCKET:
            return self.facts["bucket.policy"]
        return self.facts["key.policy"] if target is Target.KEY else None

    def _binding(self, account: str | None, kind: Document) -> list[Mapping[str, Any]]:
        if self.guardrails is None or account is None:
            return []
        return [each["Content"] for each in self.guardrails.binding(account, kind)]

    def _rcps(self, target: Target) -> list[Mapping[str, Any]]:
        if target in OF_BUCKET or target is Target.KEY:
            return self._binding(self.meant.log_account, Document.RCP)
        return []


def _cell(documents: _Documents, row: _Row, operations: Sequence[Operation]) -> Cell:
    refusals = {each.action: documents.refusal(row, each) for each in operations}
    opened = [action for action, by in refusals.items() if by in ("", _UNREAD)]
    intended = any(
        refusals[each.action] == "" and each.allowed in row.exempt for each in operations
    )
    return Cell(
        state=_state(
            len(opened), len(operations), unread=_UNREAD in refusals.values(), intended=intended
        ),
        denied=len(operations) - len(opened),
        of=len(operations),
        by=sorted(set(refusals.values()) - {"", _UNREAD}),
        open=sorted(opened),
    )


def _state(
    opened: int, of: int, *, unread: bool, intended: bool
) -> Literal["denied", "partly", "open", "exempt", "unknown"]:
    if not opened:
        return "denied"
    if unread:
        return "unknown"
    if intended:
        return "exempt"
    return "open" if opened == of else "partly"


def _lacks_grant(
    meant: Meant, resource_policy: Answer | None, asked: Request, operation: Operation
) -> bool:
    """Whether the resource is another account's, whose policy allows nothing.

    Access across accounts needs an Allow on both sides
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    if resource_policy is not None:
        foreign = asked.who.account != meant.log_account
        return foreign and not allows(resource_policy.value, asked)
    owner = {
        Target.TRAIL: meant.account,
        Target.ORGANIZATION: meant.account,
        Target.EXEMPT_ROLE: (*meant.break_glass, "::::")[0].split(":")[4],
        Target.IAM_POLICY: meant.account,
    }.get(operation.target)
    if asked.who.organization is None:
        return True
    return owner is not None and asked.who.account != owner
