"""The guardrails as IAM policies, for the management account and for an account by itself.

They deny what the service control policies deny, and besides what SCPs need not: managing the
organization, and removing these policies themselves.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from cloudtrail_guard.operations import Target, actions_on
from cloudtrail_guard.policies.conditions import exempt_principals
from cloudtrail_guard.policies.document import Statement, distinct, many, one_or_many
from cloudtrail_guard.policies.guardrails import (
    deny,
    identity_statements,
    monitoring_statements,
    organization_statements,
    record_statements,
)
from cloudtrail_guard.policies.protected import ProtectedResources

_VERB = re.compile(r"[a-z0-9-]+:[A-Z][a-z]+")


UNBOUND = (
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateRole",
    "iam:CreateUser",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""What makes an identity, or opens it, and knows its boundary. Harmless to the record by itself."""

CREDENTIALS = (
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateLoginProfile",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
)
"""What makes one a user. Harmless to the record by itself."""


@dataclass(frozen=True)
class IamPolicies:
    """The IAM policies that make the guardrails.

    Attributes:
        prefix: how their names begin.
        boundary: the name of the one that is a permissions boundary.
        groups: names of the groups that they are attached to.
    """

    prefix: str
    boundary: str
    groups: tuple[str, ...] = ()


def iam_record_statements(protected: ProtectedResources) -> list[Statement]:
    """The denies of harming the record and of managing the organization, in few statements.

    IAM counts 6,144 characters for a policy.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    return _merged([*record_statements(protected), *organization_statements(protected)])


def iam_access_statements(protected: ProtectedResources, policies: IamPolicies) -> list[Statement]:
    """The denies of becoming another identity, of silencing alerts and removing these policies.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    managers = protected.managers
    own = _policy_arn(protected, f"{policies.prefix}*")
    attachments = deny(
        "ProtectGuardrailAttachments", actions_on(Target.IAM_ATTACHMENT), ["*"], managers
    )
    boundaries = deny("ProtectBoundaries", actions_on(Target.BOUNDARY), ["*"], managers)
    denies = [
        *identity_statements(protected),
        *monitoring_statements(protected),
        deny("ProtectGuardrailPolicies", actions_on(Target.IAM_POLICY), [own], managers),
    ]
    if policies.groups:
        groups = [
            f"arn:{protected.partition}:iam::*:group/{path}{group}"
            for group in policies.groups
            for path in ("", "*/")
        ]
        denies.append(deny("ProtectGroups", actions_on(Target.GUARDED_GROUP), groups, managers))
    if protected.exempt_roles:
        denies.append(
            deny(
                "ProtectExemptSessions",
                actions_on(Target.BREAK_GLASS_SESSION),
                protected.exempt_roles,
                managers,
            )
        )
    return [
        *_merged(denies),
        _only_if(attachments, {"ArnLike": {"iam:PolicyARN": own}}),
        _only_if(boundaries, {"ArnLike": {"iam:PermissionsBoundary": own}}),
        _require_boundary(protected, policies),
        _own_credentials_only(protected),
    ]


def iam_statements(protected: ProtectedResources, policies: IamPolicies) -> list[Statement]:
    """All denies of the IAM policies together."""
    return [*iam_record_statements(protected), *iam_access_statements(protected, policies)]


def boundary_statements(protected: ProtectedResources, policies: IamPolicies) -> list[Statement]:
    """The same denies for a permissions boundary, which is one policy of 6,144 characters.

    No principal with the boundary is exempt: it is for roles that others make. So the denies need
    not tell break-glass from deployers, and are few.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    # What binds break-glass too limits what is denied here anyway.
    denies = [
        for_everyone
        for each in iam_statements(protected, policies)
        if (for_everyone := _for_everyone(each)) != each
    ]
    plain = [each for each in denies if "Resource" in each and "Condition" not in each]
    return [*_merged(plain), *(each for each in denies if each not in plain)]


def _require_boundary(protected: ProtectedResources, policies: IamPolicies) -> Statement:
    """Deny making or changing principals without the boundary, to those who are bound themselves.

    Otherwise they would make a role without it, or open one that exists, and be that role. A
    negated operator also holds where the key is absent, which is where there is no boundary
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate).
    """
    boundary = _policy_arn(protected, policies.boundary)
    return {
        "Sid": "RequireBoundary",
        "Effect": "Deny",
        "Action": list(UNBOUND),
        "Resource": "*",
        "Condition": {
            "ArnNotLike": {
                "aws:PrincipalArn": one_or_many(protected.managers),
                "iam:PermissionsBoundary": boundary,
            }
        },
    }


def _own_credentials_only(protected: ProtectedResources) -> Statement:
    """Deny making credentials of other users: one of them may be bound by nothing.

    A role has no ``aws:username``, and makes credentials of no user: the default is no user's name
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specify-default-value).
    """
    own = "${aws:username, '/'}"
    return {
        "Sid": "ProtectCredentials",
        "Effect": "Deny",
        "Action": list(CREDENTIALS),
        "NotResource": [
            f"arn:{protected.partition}:iam::*:user/{path}{own}" for path in ("", "*/")
        ],
        "Condition": exempt_principals(protected.managers),
    }


def _for_everyone(statement: Statement) -> Statement:
    """The statement without its exemptions."""
    condition = cast("dict[str, dict[str, object]]", statement["Condition"])
    kept = {
        operator: {key: value for key, value in tests.items() if key != "aws:PrincipalArn"}
        for operator, tests in condition.items()
    }
    conditions = {operator: tests for operator, tests in kept.items() if tests}
    unconditional = {key: value for key, value in statement.items() if key != "Condition"}
    return {**unconditional, "Condition": conditions} if conditions else unconditional


def _policy_arn(protected: ProtectedResources, name: str) -> str:
    return f"arn:{protected.partition}:iam::*:policy/{name}"


def _only_if(statement: Statement, condition: dict[str, object]) -> Statement:
    return {
        **statement,
        "Condition": {**cast("dict[str, object]", statement["Condition"]), **condition},
    }


def _merged(statements: Sequence[Statement]) -> list[Statement]:
    """One statement for all that have the same condition, on any resource or on named ones.

    An action only ever matches resources of its own kind, so that one list of actions and one of
    resources deny what the statements denied. Objects are an exception: what was denied on some of
    the buckets is denied on all of them.
    """
    merged: dict[tuple[str, bool], list[Statement]] = {}
    for statement in statements:
        condition = json.dumps(statement.get("Condition"), sort_keys=True)
        merged.setdefault((condition, statement.get("Resource") == "*"), []).append(statement)
    return [_together(alike) for alike in merged.values()]


def _together(statements: Sequence[Statement]) -> Statement:
    first = statements[0]
    resources = distinct(resource for each in statements for resource in many(each["Resource"]))
    actions = distinct(action for each in statements for action in many(each["Action"]))
    return {
        **first,
        "Action": one_or_many(_by_verb(actions)),
        "Resource": one_or_many([each for each in resources if not _within(each, resources)]),
    }


def _within(resource: str, resources: Sequence[str]) -> bool:
    """Whether another pattern of the list covers this one."""
    return any(
        other.endswith("/*") and other != resource and resource.startswith(other[:-1])
        for other in resources
    )


def _by_verb(actions: Sequence[str]) -> list[str]:
    """One pattern for the actions of one verb.

    It also denies harmless actions of that verb, to principals that are not to manage CloudTrail or
    the organization at all.
    """
    grouped = groupby(sorted(actions), _verb)
    return [
        f"{verb}*" if len(found) > 1 else found[0]
        for verb, found in ((verb, list(group)) for verb, group in grouped)
    ]


def _verb(action: str) -> str:
    match = _VERB.match(action)
    return match[0] if match else action
