"""Who x what: the operations of the table, held against every document that was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cloudtrail_guard.operations import Allowed, Document, Operation, Target

from posture.evaluate.checks import counted
from posture.evaluate.denials import Principal, Request, allows, denies
from posture.evaluate.guardrails import SOMEONE
from posture.evaluate.requests import COLUMNS, OF_BUCKET, guarded_operations, operations_on, request
from posture.report import Cell, Matrix, MatrixRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from posture.collect.answers import Answer, Facts
    from posture.evaluate.meant import Meant
    from posture.evaluate.organization import Guardrails

_STRANGER = "000000000000"
_UNREAD = "unread"


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
        if meant.organization_id or targets not in ((Target.MEMBERSHIP,), (Target.ORGANIZATION,))
    ]
    return Matrix(
        columns=[title for title, _ in columns],
        rows=[
            MatrixRow(
                who=row.who,
                note=row.note,
                cells=[
                    _cell(facts, meant, guardrails, row, operations) for _, operations in columns
                ],
            )
            for row in _rows(facts, meant, guardrails)
        ],
    )


def _column(meant: Meant, targets: tuple[Target, ...]) -> list[Operation]:
    """The operations of a column; those on resources that no account but the trail's has are out."""
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


def _cell(
    facts: Facts,
    meant: Meant,
    guardrails: Guardrails | None,
    row: _Row,
    operations: Sequence[Operation],
) -> Cell:
    by: set[str] = set()
    opened: list[str] = []
    unread = intended = False
    for operation in operations:
        refused = _refused(
            facts, meant, guardrails, row, request(meant, row.principal, operation), operation
        )
        if refused == _UNREAD:
            unread = True
            opened.append(operation.action)
        elif refused:
            by.add(refused)
        else:
            intended = intended or operation.allowed in row.exempt
            opened.append(operation.action)
    return Cell(
        state=_state(len(opened), len(operations), unread=unread, intended=intended),
        denied=len(operations) - len(opened),
        of=len(operations),
        by=sorted(by),
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


def _refused(  # noqa: PLR0913, PLR0911 - each document may refuse
    facts: Facts,
    meant: Meant,
    guardrails: Guardrails | None,
    row: _Row,
    asked: Request,
    operation: Operation,
) -> str:
    """What refuses a request: a kind of document, `_UNREAD`, or empty where nothing does."""
    of_log_account = operation.target in OF_BUCKET or operation.target is Target.KEY
    if any(denies(document, asked) for document in row.policies):
        return Document.IAM
    resource_policy = _resource_policy(facts, operation.target)
    if resource_policy and denies(resource_policy.value, asked):
        return Document.BUCKET_POLICY if operation.target in OF_BUCKET else Document.KEY_POLICY
    if guardrails:
        account = asked.who.account
        if any(denies(each["Content"], asked) for each in guardrails.binding(account)):
            return Document.SCP
        if of_log_account and meant.log_account:
            rcps = guardrails.binding(meant.log_account, Document.RCP)
            if any(denies(each["Content"], asked) for each in rcps):
                return Document.RCP
    if resource_policy and resource_policy.error:
        return _UNREAD
    if _lacks_grant(meant, resource_policy, asked, operation):
        return "no grant"
    if guardrails is None and meant.organization_id and Document.SCP in operation.denied_in:
        return _UNREAD
    return ""


def _resource_policy(facts: Facts, target: Target) -> Answer | None:
    if target in OF_BUCKET:
        return facts["bucket.policy"]
    return facts["key.policy"] if target is Target.KEY else None


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
