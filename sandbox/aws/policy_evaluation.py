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

from sandbox.aws.policy_conditions import conditions_hold, fits, like, values

if TYPE_CHECKING:
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
    """

    account_id: str = ""
    arns: tuple[str, ...] = ()
    service: str = ""


@dataclass(frozen=True)
class Request:
    """What is asked: one action on one resource."""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict[str, str])

    @cached_property
    def keys(self) -> Context:
        """The context by keys in lower case, as case does not count in them."""
        return {key.lower(): value for key, value in self.context.items()}


def evaluate(policy: Mapping[str, Any], request: Request) -> Evaluation:
    """Whether a policy document denies a request, and how it allows it.

    Raises:
        NotEvaluatedError: a statement that could apply has an operator or a key not known here.
    """
    denied, granted = False, Grant.NONE
    for statement in statements(policy):
        denies = statement["Effect"] == "Deny"
        if (denies and denied) or (not denies and granted is Grant.DIRECT):
            continue
        grant = _naming(statement, request.principal)
        if grant is Grant.NONE or not _applies(statement, request):
            continue
        if denies:
            denied = True
        else:
            granted = max(granted, grant)
    return Evaluation(denied, granted)


@lru_cache(maxsize=1024)
def load(text: str) -> Mapping[str, Any]:
    """The document in a text, parsed once; an empty text is a document that says nothing."""
    return json.loads(text or "{}")


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


def _naming(statement: Mapping[str, Any], principal: Principal) -> Grant:
    """How a statement names a principal; one without the element is for all who have the policy."""
    if "Principal" in statement:
        return max((_match(k, v, principal) for k, v in principals(statement)), default=Grant.NONE)
    if "NotPrincipal" in statement:
        named = any(_match(kind, value, principal) for kind, value in principals(statement))
        return Grant.NONE if named else Grant.DIRECT
    return Grant.DIRECT


def _match(kind: str, value: str, principal: Principal) -> Grant:
    if value == "*" or (kind == "Service" and value == principal.service):
        return Grant.DIRECT
    if kind != "AWS" or not principal.account_id:
        return Grant.NONE
    if value == principal.account_id or value.endswith(f"::{principal.account_id}:root"):
        return Grant.ACCOUNT
    if value not in principal.arns:
        return Grant.NONE
    return Grant.DIRECT if value == principal.arns[-1] else Grant.ROLE


def _applies(statement: Mapping[str, Any], request: Request) -> bool:
    return (
        _covers(statement, "Action", request.action.lower(), request, fold=True)
        and _covers(statement, "Resource", request.resource, request)
        and conditions_hold(statement.get("Condition", {}), request.keys)
    )


def _covers(
    statement: Mapping[str, Any], element: str, text: str, request: Request, *, fold: bool = False
) -> bool:
    """Whether Action or Resource (or its Not form) covers a text; absent means everything."""
    negated = f"Not{element}" in statement
    patterns = statement.get(f"Not{element}" if negated else element)
    if patterns is None:
        return True
    covered = any(
        fits(like, pattern.lower() if fold else pattern, text, request.keys)
        for pattern in values(patterns)
    )
    return covered is not negated
