"""IAM and STS: users, groups, roles and policies; who may become a role.

Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_identityandaccessmanagement.html
and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from moto.iam.models import iam_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.enforcement.permissions import Permission, ResourcePolicy, action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.aws.call import Call

_UNRESTRICTED = {
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    "GetCallerIdentity",
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html
    "GetSessionToken",
}
_OWN_USER = {
    *("GetUser", "ChangePassword", "CreateAccessKey", "DeleteAccessKey", "ListAccessKeys"),
    *("UpdateAccessKey", "ListMFADevices", "EnableMFADevice", "DeactivateMFADevice"),
}
"""Operations on the caller itself when no user is named."""


def of_iam(call: Call) -> Iterable[Permission]:
    """The user, group, role or policy that a call names; who holds a policy comes first."""
    params = call.params
    path = str(params.get("Path") or "/")
    resource = "*"
    if "GroupName" in params:
        resource = _arn(call, "group", call.text("GroupName"), path)
    elif "UserName" in params:
        resource = _arn(call, "user", call.text("UserName"), path)
    elif "RoleName" in params:
        resource = _arn(call, "role", call.text("RoleName"), path)
    elif "PolicyArn" in params:
        resource = call.text("PolicyArn")
    elif call.action == "CreatePolicy":
        resource = _arn(call, "policy", call.text("PolicyName"), path)
    elif call.action == "CreateServiceLinkedRole":
        service = call.text("AWSServiceName")
        resource = _arn(call, "role", "*", f"/aws-service-role/{service}/")
    elif call.action in _OWN_USER:
        resource = call.signer.principal_arn
    return [Permission(action=action(call), resource=resource, context=_iam_keys(call))]


def of_sts(call: Call) -> Iterable[Permission]:
    """A role with its trust policy; nothing for what every caller may do.

    Raises:
        AwsError: the call has a code of MFA that cannot be right.
        NotImplementedError: the session would be narrowed by managed policies.
    """
    if call.action in _UNRESTRICTED:
        return []
    if call.action != "AssumeRole":
        return [Permission(action=action(call))]
    if call.params.get("PolicyArns"):
        raise NotImplementedError("a session narrowed by managed policies")
    arn = call.text("RoleArn")
    role = lookups.role(arn)
    # A role that does not exist trusts no principal.
    policy = ResourcePolicy(
        text=role.assume_role_policy_document if role else "", leaves_to_identity=False
    )
    keys: dict[str, str | list[str]] = {"sts:RoleSessionName": call.text("RoleSessionName")}
    if call.text("ExternalId"):
        keys["sts:ExternalId"] = call.text("ExternalId")
    if gives_mfa(call):
        keys |= {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}
    owner = arn.split(":")[4] if role else call.signer.account_id
    return [
        Permission(action=action(call), resource=arn, owner=owner, policy=policy, context=keys),
    ]


def gives_mfa(call: Call) -> bool:
    """Whether a call has a code of multi-factor authentication.

    Raises:
        AwsError: the device is not the caller's, or the code cannot be one.
    """
    serial, code = call.text("SerialNumber"), call.text("TokenCode")
    if not (serial or code):
        return False
    user = lookups.user(call.signer.principal_arn)
    if user is None or serial not in user.mfa_devices:
        raise _denied(
            "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA "
            "serial number is valid and associated with this user."
        )
    if not code:
        raise _denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")
    return True


def _denied(message: str) -> AwsError:
    return AwsError("AccessDenied", message, HTTPStatus.FORBIDDEN)


def _arn(call: Call, kind: str, name: str, path: str) -> str:
    """The ARN of what exists, with its path; else of what a call would make."""
    backend = iam_backends[call.signer.account_id][call.partition]
    existing = {
        "user": lambda: backend.users.get(name),
        "group": lambda: backend.groups.get(name),
        "role": lambda: next((r for r in backend.roles.values() if r.name == name), None),
        "policy": lambda: None,
    }[kind]()
    if existing is not None:
        return existing.arn
    return f"arn:{call.partition}:iam::{call.signer.account_id}:{kind}{path}{name}"


def _iam_keys(call: Call) -> dict[str, str | list[str]]:
    """The condition keys of IAM."""
    keys: dict[str, str | list[str]] = {}
    boundary = call.text("PermissionsBoundary") or _boundary(call)
    if boundary:
        keys["iam:PermissionsBoundary"] = boundary
    if call.text("PolicyArn"):
        keys["iam:PolicyARN"] = call.text("PolicyArn")
    if call.text("AWSServiceName"):
        keys["iam:AWSServiceName"] = call.text("AWSServiceName")
    return keys


def _boundary(call: Call) -> str:
    """The boundary of the role that a call changes."""
    backend = iam_backends[call.signer.account_id][call.partition]
    name = call.text("RoleName")
    found = (role.permissions_boundary_arn for role in backend.roles.values() if role.name == name)
    return next(found, None) or ""
