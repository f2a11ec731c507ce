"""Evaluate calls: caller, permissions and policies; and word the refusals."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws import lookups, request_context
from sandbox.aws.call import BY_TOKEN, AwsError
from sandbox.aws.enforcement import attached, services
from sandbox.aws.enforcement.authorization import Policies, Policy, authorize
from sandbox.aws.identity import role_session
from sandbox.aws.policy_evaluation import Principal, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.iam.models import Role

    from sandbox.aws.call import Call
    from sandbox.aws.enforcement.authorization import Refusal
    from sandbox.aws.enforcement.permissions import Permission
    from sandbox.aws.identity import Caller

_CODES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError", "sqs": "AccessDenied"}
"""Error codes of services that have their own."""


def check(call: Call) -> None:
    """Refuse a call that its caller may not make.

    Raises:
        AwsError: a policy refuses it, or it should be signed.
        NotEvaluatedError: a policy that counts uses what is not evaluated here.
    """
    if call.caller is None and call.service != "s3":
        if call.action in BY_TOKEN:
            return
        # Raises for an unsigned request.
        _ = call.signer
    for permission in services.permissions(call):
        if permission.owner:
            call.owners.add(permission.owner)
        refused = refusal(call, permission)
        if refused is not None:
            raise error(call, permission, refused)


def refusal(call: Call, permission: Permission) -> Refusal | None:
    """Why a call is refused one of its permissions, if it is."""
    address = str(call.environ.get("REMOTE_ADDR", ""))
    return _refusal(call.caller, permission, {"aws:SourceIp": address}, call.region)


def role_may(role: Role, permission: Permission, region: str) -> bool:
    """Whether a service that has assumed a role may do something in a region.

    Raises:
        NotEvaluatedError: a policy that counts uses what is not evaluated here.
    """
    return _refusal(role_session(role, "service"), permission, {}, region) is None


def _refusal(
    caller: Caller | None, permission: Permission, keys: Mapping[str, str], region: str
) -> Refusal | None:
    owner = permission.owner or (caller.account_id if caller else "")
    context = {
        **request_context.of_caller(caller),
        **(request_context.of_resource(owner) if owner else {}),
        "aws:RequestedRegion": region,
        **keys,
        **permission.context,
    }
    principal = caller.principal if caller else Principal()
    request = Request(principal, permission.action, permission.resource, context)
    return authorize(request, _policies(caller, owner, permission))


def may_service(service: str, permission: Permission, *, source_arn: str, account_id: str) -> bool:
    """Whether an AWS service may do something on behalf of a resource.

    Services have no identity policies, and SCPs do not bind them: the policy of what they reach
    for must let them in. RCPs bind them unless they say otherwise.

    Args:
        service: the service principal, e.g. ``cloudtrail.amazonaws.com``.
        permission: what it wants to do.
        source_arn: the resource for which it acts, e.g. a trail.
        account_id: the account of that resource.
    """
    context = {
        **request_context.of_service(service, source_arn=source_arn, account_id=account_id),
        **(request_context.of_resource(permission.owner) if permission.owner else {}),
        **permission.context,
    }
    request = Request(Principal(service=service), permission.action, permission.resource, context)
    return authorize(request, _of_resource(permission, permission.owner, elsewhere=True)) is None


def error(call: Call, permission: Permission, refused: Refusal) -> AwsError:
    """A refusal as the service words it.

    Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html and
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    """
    by_target = "HTTP_X_AMZ_TARGET" in call.environ
    default = "AccessDeniedException" if call.style == "json" else "AccessDenied"
    return AwsError(
        _CODES.get(call.service, default),
        _words(call, permission, refused),
        HTTPStatus.BAD_REQUEST if by_target else HTTPStatus.FORBIDDEN,
    )


def _policies(caller: Caller | None, owner: str, permission: Permission) -> Policies:
    if caller is None:
        return _of_resource(permission, owner, elsewhere=True)
    found = _of_resource(
        permission,
        "" if attached.is_service_linked(caller) else owner,
        elsewhere=permission.policy is not None and owner != caller.account_id,
    )
    return Policies(
        service_control=attached.service_control(caller),
        resource_control=found.resource_control,
        identity=attached.identity(caller),
        boundary=attached.boundary(caller),
        session=Policy(caller.session_policy) if caller.session_policy else None,
        resource=found.resource,
        elsewhere=found.elsewhere,
        leaves_to_identity=found.leaves_to_identity,
    )


def _of_resource(permission: Permission, owner: str, *, elsewhere: bool) -> Policies:
    """The policies on the resource's side."""
    bound = bool(owner) and permission.bound_by_rcps
    policy = permission.policy
    return Policies(
        resource_control=attached.resource_control(owner) if bound else (),
        resource=Policy(policy.text) if policy else None,
        elsewhere=elsewhere,
        leaves_to_identity=policy is None or policy.leaves_to_identity,
    )


def _words(call: Call, permission: Permission, refused: Refusal) -> str:
    caller = call.caller
    if call.service == "s3" and (caller is None or not _tells(caller, permission.owner)):
        return "Access Denied"
    action, resource = permission.action, permission.resource
    if call.service == "s3":
        resource = f'"{resource}"'
    elif call.service == "sns":
        action = action.replace("sns:", "SNS:")
    elif call.service == "sqs":
        action = action.lower()
    article = "an" if refused.kind.value.startswith("i") else "a"
    why = f"because no {refused.kind.value} allows the {action} action"
    if refused.explicit:
        named = f": {refused.arn}" if refused.arn else ""
        why = f"with an explicit deny in {article} {refused.kind.value}{named}"
    arn = caller.arn if caller else "anonymous"
    return f"User: {arn} is not authorized to perform: {action} on resource: {resource} {why}"


def _tells(caller: Caller, owner: str) -> bool:
    """Whether S3 says why: only within an account or organization."""
    if owner in ("", caller.account_id):
        return True
    organization = lookups.organization_id(owner)
    return organization is not None and organization == lookups.organization_id(caller.account_id)
