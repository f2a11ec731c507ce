"""What one policy says about one request: how it allows it, and whether it denies it.

A pure function of a document and a request, for every kind of policy. ``sandbox.aws.enforcement``
puts the policies of a call together; where AWS tries a single resource's policy out (CloudTrail's
delivery to a bucket, a service that assumes a role), it is asked directly.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from sandbox.aws.policy_conditions import Patterns, conditions_hold, values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from sandbox.aws.policy_conditions import Context


class Grant(IntEnum):
    """How closely the statements that allow a request name its principal.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-resource.html
    """

    NONE = 0
    """No statement allows."""
    ACCOUNT = 1
    """The principal's account: it is left to identity policies."""
    ROLE = 2
    """The session's role: permissions boundary and session policy still bind."""
    DIRECT = 3
    """The principal itself, or all principals; or the policy names no principals."""


@dataclass(frozen=True)
class Evaluation:
    """What a policy says about a request, in full."""

    denied: bool
    granted: Grant


@dataclass(frozen=True)
class Principal:
    """Who asks.

    Attributes:
        account_id: the account, when it is no service.
        arns: the ARNs that name the principal: role and session, or user.
        service: the service principal, when it is one.
        provider: ARN of the identity provider, for who is known by its token alone.
    """

    account_id: str = ""
    arns: tuple[str, ...] = ()
    service: str = ""
    provider: str = ""


@dataclass(frozen=True)
class Request:
    """What is asked: one action on one resource."""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict[str, str])

    @cached_property
    def folded_action(self) -> str:
        """The action in lower case, as case does not count in it."""
        return self.action.lower()

    @cached_property
    def keys(self) -> Context:
        """The context by keys in lower case, as case does not count in them."""
        return {key.lower(): value for key, value in self.context.items()}


def evaluate(policy: Mapping[str, Any], request: Request) -> Evaluation:
    """Whether a policy document denies a request, and how it allows it.

    Raises:
        NotEvaluatedError: a statement that could apply has an operator or a key not known here.
    """
    # Writing a document takes a fraction of reading it, which is done once for each text.
    return evaluate_text(json.dumps(policy), request)


def evaluate_text(text: str, request: Request) -> Evaluation:
    """The same for a document as JSON, which is read once; an empty text says nothing.

    Raises:
        NotEvaluatedError: see ``evaluate``.
    """
    return _evaluate(_about(text, request.folded_action), request)


def statements(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a document, which may be a single one without a list."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def principals(statement: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Kind and value of each principal that a statement names; ``"*"`` is ``("AWS", "*")``."""
    element = statement.get("Principal", statement.get("NotPrincipal", {}))
    if isinstance(element, Mapping):
        return [(str(kind), value) for kind, found in element.items() for value in values(found)]
    return [("AWS", value) for value in values(element)]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement as every request is held against it.

    Attributes:
        denies: whether its effect is Deny.
        named: kind and value of the principals that it names; ``None`` for one without the element,
            which is for all who have the policy.
        all_but_named: whether it is for everyone but those.
        actions: its Action or NotAction, in lower case: case does not count in actions.
        resources: its Resource or NotResource.
        conditions: its Condition.
    """

    denies: bool
    named: Sequence[tuple[str, str]] | None
    all_but_named: bool
    actions: _Element
    resources: _Element
    conditions: Mapping[str, Mapping[str, object]]

    @classmethod
    def read(cls, statement: Mapping[str, Any]) -> Self:
        """Read a statement."""
        has_principals = not statement.keys().isdisjoint({"Principal", "NotPrincipal"})
        return cls(
            denies=statement["Effect"] == "Deny",
            named=principals(statement) if has_principals else None,
            all_but_named="Principal" not in statement,
            actions=_Element.read(statement, "Action", fold=True),
            resources=_Element.read(statement, "Resource"),
            conditions=statement.get("Condition", {}),
        )

    def names(self, principal: Principal) -> Grant:
        """How closely it names a principal."""
        if self.named is None:
            return Grant.DIRECT
        grants = (_match(kind, value, principal) for kind, value in self.named)
        if self.all_but_named:
            return Grant.NONE if any(grants) else Grant.DIRECT
        return max(grants, default=Grant.NONE)

    def applies(self, request: Request) -> bool:
        """Whether it is about the resource, and its conditions hold."""
        return self.resources.covers(request.resource, request.keys) and conditions_hold(
            self.conditions, request.keys
        )


@dataclass(frozen=True, slots=True)
class _Element:
    """Action or Resource of a statement, or its Not form.

    Attributes:
        patterns: what it lists; ``None`` where it is absent, which is everything.
        negated: whether it is the Not form.
    """

    patterns: Patterns | None
    negated: bool

    @classmethod
    def read(cls, statement: Mapping[str, Any], name: str, *, fold: bool = False) -> Self:
        """Read an element of a statement."""
        negated = f"Not{name}" in statement
        found = statement.get(f"Not{name}" if negated else name)
        if found is None:
            return cls(None, negated)
        return cls(Patterns(each.lower() if fold else each for each in values(found)), negated)

    def covers(self, text: str, keys: Context) -> bool:
        """Whether an action or resource is among what the statement is about."""
        return self.patterns is None or self.patterns.fit(text, keys) is not self.negated


@lru_cache(maxsize=1024)
def _read(text: str) -> Sequence[_Statement]:
    return [_Statement.read(statement) for statement in statements(json.loads(text or "{}"))]


@lru_cache(maxsize=16384)
def _about(text: str, action: str) -> Sequence[_Statement]:
    return _of_action(_read(text), action)


def _of_action(document: Sequence[_Statement], action: str) -> Sequence[_Statement]:
    """The statements about an action: few of a policy's, and the same for every request.

    Actions have no policy variables, which are for resources and conditions:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse
    """
    return [statement for statement in document if statement.actions.covers(action, {})]


def _evaluate(document: Sequence[_Statement], request: Request) -> Evaluation:
    denied, granted = False, Grant.NONE
    for statement in document:
        if denied if statement.denies else granted is Grant.DIRECT:
            continue
        grant = statement.names(request.principal)
        if grant is Grant.NONE or not statement.applies(request):
            continue
        if statement.denies:
            denied = True
        else:
            granted = max(granted, grant)
    return Evaluation(denied, granted)


def _match(kind: str, value: str, principal: Principal) -> Grant:
    if value == "*" or (kind, value) in (
        ("Service", principal.service),
        ("Federated", principal.provider),
    ):
        return Grant.DIRECT
    if kind != "AWS" or not principal.account_id:
        return Grant.NONE
    if value == principal.account_id or value.endswith(f"::{principal.account_id}:root"):
        return Grant.ACCOUNT
    if value not in principal.arns:
        return Grant.NONE
    return Grant.DIRECT if value == principal.arns[-1] else Grant.ROLE
