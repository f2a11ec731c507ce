"""Who may assume a role: principals by ARN, or AWS services acting for a resource."""

import re
from collections.abc import Sequence

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import (
    Document,
    Statement,
    distinct,
    document,
    one_or_many,
    to_json,
)

_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_TRUSTED = ("role/", "user/", "root")
_PROVIDER = "oidc-provider/"


def trust_principals(
    principals: Sequence[str], *, external_id: str | None = None, require_mfa: bool = False
) -> Document:
    """A trust policy for principals by their ARN.

    Args:
        principals: ARNs of roles, users or whole accounts (``...:root``), without wildcards.
        external_id: what a third party must send along, against the confused deputy
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
        require_mfa: ask for MFA. People who come by a role of their own, as with IAM Identity
            Center, carry no MFA any more and are rejected.

    Raises:
        InvalidValueError: there is no principal, one is a pattern or no ARN of IAM, or the
            external id is malformed.
    """
    return trust_policy([principals_statement(principals, external_id, require_mfa=require_mfa)])


def trust_policy(statements: Sequence[Statement]) -> Document:
    """A trust policy of these statements.

    Raises:
        InvalidValueError: it is longer than IAM allows.
    """
    policy = document(statements)
    quotas.TRUST_POLICY.check(
        to_json(policy),
        ": name fewer principals, such as an account (...:root) for many of its roles",
    )
    return policy


def oidc_statement(provider_arn: str, *, audience: str, subjects: Sequence[str]) -> Statement:
    """Trust for identities of an OpenID Connect provider, such as jobs of GitHub Actions.

    Args:
        provider_arn: the provider's ARN, ``...:oidc-provider/token.actions.githubusercontent.com``.
        audience: what their tokens are meant for, usually ``sts.amazonaws.com``.
        subjects: whom they name, in full, such as ``repo:owner/name:ref:refs/heads/main``: a
            pattern may let in anyone who makes a repository of a fitting name
            (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_secure-by-default.html).

    Raises:
        InvalidValueError: no provider's ARN, no subject, or a pattern.
    """
    provider = parse_arn(provider_arn, service="iam", what="OIDC provider").resource
    if not provider.startswith(_PROVIDER):
        raise InvalidValueError(
            f"OIDC provider {provider_arn!r} must be an ARN like ...:oidc-provider/"
        )
    if not subjects:
        raise InvalidValueError(
            "OIDC provider: no subject is named; give one or more, like "
            "repo:owner/name:ref:refs/heads/main"
        )
    for text in (audience, *subjects):
        if not text or "*" in text or "?" in text:
            raise InvalidValueError(
                f"OIDC provider: audience or subject {text!r} must be given in full, without "
                "wildcards, like repo:owner/name:ref:refs/heads/main"
            )
    host = provider.removeprefix(_PROVIDER)
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{host}:aud": audience,
                f"{host}:sub": one_or_many(distinct(subjects)),
            }
        },
    }


def trust_service(service: str, *, account: str, source_arn: str) -> Document:
    """A trust policy for an AWS service that acts for one resource of one account.

    Args:
        service: the service principal, e.g. ``s3.amazonaws.com``.
        account: the resource's account, 12 digits.
        source_arn: the resource's ARN.
    """
    return document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "ArnLike": {"aws:SourceArn": source_arn},
                    "StringEquals": {"aws:SourceAccount": account},
                },
            }
        ]
    )


def check_principals(what: str, principals: Sequence[str]) -> None:
    """Reject principals that could be anybody.

    Raises:
        InvalidValueError: there is none, or one is a pattern, or no ARN of a role, user or account.
    """
    if not principals:
        raise InvalidValueError(
            f"{what}: no principal is named; give one or more ARNs of roles, users or accounts"
        )
    for arn in principals:
        parsed = parse_arn(arn, service="iam", what=f"{what}: principal")
        if "*" in arn or "?" in arn or not parsed.resource.startswith(_TRUSTED):
            raise InvalidValueError(
                f"{what}: principal {arn!r} must be one role, user or account (...:root) by its "
                "full ARN, without wildcards"
            )


def principals_statement(
    principals: Sequence[str], external_id: str | None = None, *, require_mfa: bool = False
) -> Statement:
    """The one statement of `trust_principals`."""
    check_principals("trust policy", principals)
    conditions: dict[str, dict[str, str]] = {}
    if external_id is not None:
        if not _EXTERNAL_ID.fullmatch(external_id):
            raise InvalidValueError(
                f"external id {external_id!r} is malformed: 2 to 1,224 letters, digits and "
                "+ = , . @ : / -"
            )
        conditions["StringEquals"] = {"sts:ExternalId": external_id}
    if require_mfa:
        conditions["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"AWS": one_or_many(distinct(principals))},
        "Action": "sts:AssumeRole",
    }
    if conditions:
        statement["Condition"] = conditions
    return statement
