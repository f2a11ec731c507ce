"""The condition keys of a request: of a caller, and of an AWS service that acts for an account.

Every request counts as sent over TLS 1.3, although the sandbox speaks plain HTTP.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sandbox.aws import lookups

if TYPE_CHECKING:
    from sandbox.aws.identity import Caller

_TRANSPORT = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}


def of_caller(caller: Caller | None) -> dict[str, str]:
    """The keys of a principal's request; an anonymous one has only those of the transport."""
    context = _TRANSPORT | {"aws:ViaAWSService": "false"}
    if caller is None:
        return context
    context |= {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalArn": caller.principal_arn,
        "aws:PrincipalAccount": caller.account_id,
        "aws:PrincipalType": _type(caller),
        "aws:userid": caller.user_id,
        "kms:CallerAccount": caller.account_id,
    }
    if context["aws:PrincipalType"] == "User":
        context["aws:username"] = caller.principal_arn.rpartition("/")[2]
    return context | _of_mfa(caller) | _of_organization("aws:Principal", caller.account_id)


def of_service(service: str, *, source_arn: str, account_id: str) -> dict[str, str]:
    """The keys of a service's request on behalf of a resource.

    Args:
        service: the service principal, e.g. ``cloudtrail.amazonaws.com``.
        source_arn: the resource for which the service acts, e.g. a trail.
        account_id: the resource's account.
    """
    context = _TRANSPORT | {
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:SourceArn": source_arn,
        "aws:SourceAccount": account_id,
    }
    return context | _of_organization("aws:Source", account_id)


def of_resource(account_id: str) -> dict[str, str]:
    """The keys of a resource of an account."""
    return {"aws:ResourceAccount": account_id} | _of_organization("aws:Resource", account_id)


def _of_organization(prefix: str, account_id: str) -> dict[str, str]:
    """The id of an account's organization and the account's path in it, if it is in one.

    The path ends in a slash: ``o-.../r-.../ou-.../``.
    """
    organization = lookups.organization_of(account_id)
    if organization is None or organization.org is None:
        return {}
    nodes = [node.id for node in lookups.path(organization, account_id)[:-1]]
    return {
        f"{prefix}OrgID": organization.org.id,
        f"{prefix}OrgPaths": "/".join((organization.org.id, *nodes, "")),
    }


def _of_mfa(caller: Caller) -> dict[str, str]:
    """Requests with long-term access keys have no key of MFA at all."""
    if not caller.temporary:
        return {}
    if caller.mfa_at is None:
        return {"aws:MultiFactorAuthPresent": "false"}
    return {
        "aws:MultiFactorAuthPresent": "true",
        "aws:MultiFactorAuthAge": str(int(time.time() - caller.mfa_at)),
    }


def _type(caller: Caller) -> str:
    if caller.is_root:
        return "Account"
    return "AssumedRole" if ":assumed-role/" in caller.arn else "User"
