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
from cloudtrail_guard.policies.conditions import require_exempt_roles
from cloudtrail_guard.policies.document import Statement, distinct, one_or_many
from cloudtrail_guard.policies.guardrails import ProtectedResources, deny, scp_statements

_VERB = re.compile(r"[a-z0-9-]+:[A-Z][a-z]+")


@dataclass(frozen=True)
class IamPolicies:
    """The IAM policies that make the guardrails.

    Attributes:
        prefix: how their names begin.
        boundary: the name of the one that is a permissions boundary.
    """

    prefix: str
    boundary: str


def iam_statements(protected: ProtectedResources, policies: IamPolicies) -> list[Statement]:
    """The denies of an IAM policy, in few statements: IAM counts 6,144 characters.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt_roles("the guardrails", protected.break_glass, protected.deployers)
    managers = (*protected.break_glass, *protected.deployers)
    own = _policy_arn(protected, f"{policies.prefix}*")
    attachments = deny(
        "ProtectGuardrailAttachments", actions_on(Target.IAM_ATTACHMENT), ["*"], managers
    )
    boundaries = deny("ProtectBoundaries", actions_on(Target.BOUNDARY), ["*"], managers)
    return [
        *_merged(
            [
                *scp_statements(protected),
                deny("ProtectOrganization", actions_on(Target.ORGANIZATION), ["*"], managers),
                deny("ProtectGuardrailPolicies", actions_on(Target.IAM_POLICY), [own], managers),
            ]
        ),
        _only_if(attachments, {"ArnLike": {"iam:PolicyARN": own}}),
        _only_if(boundaries, {"ArnLike": {"iam:PermissionsBoundary": own}}),
    ]


def boundary_statement(protected: ProtectedResources, policies: IamPolicies) -> Statement:
    """Deny making principals without the boundary, to those whom the boundary binds.

    Otherwise they would make a role without it, and be that role. A negated operator also holds
    where the key is absent, which is where no boundary is given
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate).
    """
    boundary = _policy_arn(protected, policies.boundary)
    return {
        "Sid": "RequireBoundary",
        "Effect": "Deny",
        "Action": [
            "iam:CreateRole",
            "iam:CreateUser",
            "iam:PutRolePermissionsBoundary",
            "iam:PutUserPermissionsBoundary",
        ],
        "Resource": "*",
        "Condition": {
            "ArnNotLike": {
                "aws:PrincipalArn": one_or_many([*protected.break_glass, *protected.deployers]),
                "iam:PermissionsBoundary": boundary,
            }
        },
    }


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
        condition = json.dumps(statement["Condition"], sort_keys=True)
        merged.setdefault((condition, statement["Resource"] == "*"), []).append(statement)
    return [_together(alike) for alike in merged.values()]


def _together(statements: Sequence[Statement]) -> Statement:
    first = statements[0]
    resources = distinct(resource for each in statements for resource in _listed(each["Resource"]))
    actions = distinct(action for each in statements for action in _listed(each["Action"]))
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


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else cast("list[str]", value)


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
