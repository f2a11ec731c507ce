"""The condition keys of a request: of a caller, and of an AWS service that acts for an account.

Every request counts as sent over TLS 1.3, although the sandbox speaks plain HTTP.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import world

if TYPE_CHECKING:
    from sandbox.aws.identity import Caller

_TRANSPORT = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}


def of_caller(caller: Caller | None) -> dict[str, str]:
    """The keys of a principal's request; an anonymous one has only those of the transport."""
    if caller is None:
        return dict(_TRANSPORT)
    context = _TRANSPORT | {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalArn": caller.principal_arn,
        "aws:PrincipalAccount": caller.account_id,
        "kms:CallerAccount": caller.account_id,
    }
    return _with(context, "aws:PrincipalOrgID", world.organization_id(caller.account_id))


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
    return _with(context, "aws:SourceOrgID", world.organization_id(account_id))


def _with(context: dict[str, str], key: str, value: str | None) -> dict[str, str]:
    return context if value is None else context | {key: value}
