"""Whether the policies of a call, taken together, let a request through.

A pure function: the request and every policy that has a say go in, a refusal or nothing comes out.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from sandbox.aws.policy_evaluation import Grant, evaluate_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sandbox.aws.policy_evaluation import Evaluation, Request

    Evaluate: TypeAlias = Callable[["Policy"], Evaluation]


class Kind(Enum):
    """The kinds of policies, as AWS words them in its refusals."""

    SERVICE_CONTROL = "service control policy"
    RESOURCE_CONTROL = "resource control policy"
    RESOURCE = "resource-based policy"
    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


@dataclass(frozen=True)
class Policy:
    """A policy and where it comes from.

    Attributes:
        text: the document as JSON; empty for one that says nothing.
        arn: the policy's ARN; empty for one that is part of another thing: inline policies,
            policies of resources.
    """

    text: str
    arn: str = ""


@dataclass(frozen=True, kw_only=True)
class Policies:
    """Every policy that has a say on a request.

    Attributes:
        service_control: the SCPs of each level from the root to the principal's account; empty
            where none bind.
        resource_control: the RCPs along the path of the resource's account.
        identity: the policies of the principal; ``None`` for a principal that has none and may do
            everything: a root user, an AWS service.
        boundary: the permissions boundary, if there is one.
        session: the session policy, if there is one.
        resource: the resource's own policy; ``None`` for a resource that cannot have one.
        elsewhere: whether principal and resource are in different accounts, or the principal is in
            none: an anonymous one, an AWS service.
        leaves_to_identity: whether identity policies are enough in the resource's own account. They
            are not for KMS keys and roles: their policy must let the account in first.
    """

    service_control: Sequence[Sequence[Policy]] = ()
    resource_control: Sequence[Policy] = ()
    identity: Sequence[Policy] | None = None
    boundary: Policy | None = None
    session: Policy | None = None
    resource: Policy | None = None
    elsewhere: bool = False
    leaves_to_identity: bool = True


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused.

    Attributes:
        kind: the kind of policy that decides.
        explicit: whether a policy denies; else none of that kind allows.
        arn: the ARN of the policy that denies, if it has one.
    """

    kind: Kind
    explicit: bool
    arn: str = ""


def authorize(request: Request, policies: Policies) -> Refusal | None:
    """Why a request is refused, or ``None`` if it is allowed.

    Raises:
        NotEvaluatedError: a policy that counts uses what is not evaluated here.
    """
    evaluated = cache(lambda policy: evaluate_text(policy.text, request))
    return _denied(evaluated, policies) or _not_allowed(evaluated, policies)


def _denied(evaluated: Evaluate, policies: Policies) -> Refusal | None:
    """The first explicit deny; any outweighs every allow."""
    for kind, found in (
        (Kind.SERVICE_CONTROL, [policy for level in policies.service_control for policy in level]),
        (Kind.RESOURCE_CONTROL, policies.resource_control),
        (Kind.RESOURCE, _present(policies.resource)),
        (Kind.IDENTITY, policies.identity or ()),
        (Kind.BOUNDARY, _present(policies.boundary)),
        (Kind.SESSION, _present(policies.session)),
    ):
        for policy in found:
            if evaluated(policy).denied:
                return Refusal(kind, explicit=True, arn=policy.arn)
    return None


def _not_allowed(evaluated: Evaluate, policies: Policies) -> Refusal | None:
    """The kind of policy of which one should allow, and none does.

    RCPs are not asked: AWS's own RCP, which allows everything, cannot be detached.
    """
    if any(_grant(evaluated, level) is Grant.NONE for level in policies.service_control):
        return Refusal(Kind.SERVICE_CONTROL, explicit=False)
    granted = _grant(evaluated, _present(policies.resource))
    if granted is Grant.DIRECT and not policies.elsewhere:
        return None
    limits = _limits(evaluated, policies)
    if granted is Grant.ROLE and not policies.elsewhere:
        return limits
    needs_grant = policies.elsewhere or not policies.leaves_to_identity
    if policies.resource is not None and needs_grant and granted is Grant.NONE:
        return Refusal(Kind.RESOURCE, explicit=False)
    if policies.identity is not None and _grant(evaluated, policies.identity) is Grant.NONE:
        return Refusal(Kind.IDENTITY, explicit=False)
    return limits


def _limits(evaluated: Evaluate, policies: Policies) -> Refusal | None:
    """Whether permissions boundary or session policy leave the request out."""
    for kind, limit in (
        (Kind.BOUNDARY, policies.boundary),
        (Kind.SESSION, policies.session),
    ):
        if limit is not None and _grant(evaluated, [limit]) is Grant.NONE:
            return Refusal(kind, explicit=False)
    return None


def _grant(evaluated: Evaluate, policies: Iterable[Policy]) -> Grant:
    grants = (evaluated(policy).granted for policy in policies)
    return max(grants, default=Grant.NONE)


def _present(policy: Policy | None) -> Sequence[Policy]:
    return () if policy is None else (policy,)
