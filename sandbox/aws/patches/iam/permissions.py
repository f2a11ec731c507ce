"""What a role may do by its own policies: where AWS tries a role out before it takes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from moto.iam.models import iam_backends
from moto.utilities.utils import get_partition

from sandbox.aws import request_context
from sandbox.aws.identity import Caller
from sandbox.aws.policy_evaluation import Effect, Request, decide

if TYPE_CHECKING:
    from moto.iam.models import ManagedPolicy, Role


def role_may(role: Role, action: str, resource: str, region: str) -> bool:
    """Whether a role's own policies, within its permissions boundary, allow an action.

    Args:
        role: the role.
        action: e.g. ``logs:PutLogEvents``.
        resource: the ARN of what it shall do it to.
        region: where it shall do it.

    Raises:
        NotEvaluatedError: a policy that counts uses a condition that is not evaluated here.
    """
    partition = get_partition(region)
    session = f"arn:{partition}:sts::{role.account_id}:assumed-role/{role.name}/service"
    caller = Caller(role.account_id, session, role.arn, f"{role.id}:service", temporary=True)
    context = request_context.of_caller(caller) | {"aws:RequestedRegion": region}
    request = Request(caller.principal, action, resource, context)
    texts = [*role.policies.values(), *map(_text, role.managed_policies.values())]
    effects = {decide(json.loads(text), request) for text in texts}
    if role.permissions_boundary_arn:
        policies = iam_backends[role.account_id][partition].managed_policies
        boundary = policies.get(role.permissions_boundary_arn)
        within = boundary and decide(json.loads(_text(boundary)), request) is Effect.ALLOW
        effects.add(Effect.NONE if within else Effect.DENY)
    return Effect.ALLOW in effects and Effect.DENY not in effects


def _text(policy: ManagedPolicy) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)
