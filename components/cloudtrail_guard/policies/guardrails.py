"""The statements that deny stopping, blinding or deleting trail, bucket, key and alarms.

As service control policies (SCPs) they bind every principal of the member accounts, their
administrators and root users too, and never the management account
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html). There,
and without Organizations, the same statements are IAM policies.
"""

import re
from collections.abc import Sequence
from typing import cast

from cloudtrail_guard.arns import PARTITIONS
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Allowed, Harm, Target, actions_on
from cloudtrail_guard.policies.bucket_guard import bucket_changes
from cloudtrail_guard.policies.conditions import exempt_principals, require_exempt_roles
from cloudtrail_guard.policies.document import Statement, distinct, one_or_many
from cloudtrail_guard.policies.log_key import early_deletion, in_use
from cloudtrail_guard.policies.protected import ProtectedResources

__all__ = [
    "ProtectedResources",
    "break_glass_sessions",
    "deny",
    "identity_statements",
    "limit_destruction",
    "mfa_statement",
    "monitoring_statements",
    "organization_statements",
    "record_statements",
    "require_exempt",
    "scp_statements",
]

_ROLE_MAKING = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""What makes a role, or opens it to others. AWS itself deletes and changes its services' roles."""


_TRAIL_PATTERN = re.compile(
    rf"\*|arn:({'|'.join(PARTITIONS)}):cloudtrail:[a-z0-9*-]+:(\d{{12}}|\*):"
    r"trail/[A-Za-z0-9._*?-]+",
    re.ASCII,
)


def _check_trails(trails: Sequence[str]) -> None:
    if not trails:
        raise InvalidValueError("the guardrails protect no trail: leave trail_arns out for all")
    for trail in trails:
        if not _TRAIL_PATTERN.fullmatch(trail):
            raise InvalidValueError(
                f"the guardrails: trail {trail!r} must be * or a trail's ARN, with wildcards if "
                "need be, like arn:aws:cloudtrail:*:*:trail/SecurityAuditTrail"
            )


def scp_statements(protected: ProtectedResources) -> list[Statement]:
    """Every statement of the guardrails; packing them into policies is another step.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    return [
        *record_statements(protected),
        *identity_statements(protected),
        *organization_statements(protected),
        *monitoring_statements(protected),
    ]


def record_statements(protected: ProtectedResources) -> list[Statement]:
    """The denies of harming the record itself: trails, log bucket, logs and keys.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt("the guardrails", protected)
    _check_trails(protected.trails)
    break_glass, managers = protected.break_glass, protected.managers
    (sid, actions, exempt), *notifications = bucket_changes(
        "ProtectCloudTrailBucket", managers, protected.backup_roles
    )
    statements = [
        deny(
            "ProtectCloudTrail",
            actions_on(Target.TRAIL),
            protected.trails,
            (*break_glass, *protected.stack_set_roles, *protected.control_tower_roles),
        ),
        deny("ProtectCloudTrailService", actions_on(Target.CLOUDTRAIL), ["*"], break_glass),
        deny(
            sid,
            # As in the guide, whose deletions of logs stand in this statement too.
            (*actions_on(Target.OBJECTS, harm=Harm.DESTROY), *actions),
            [*protected.buckets, *protected.objects],
            exempt,
        ),
        *(deny(each, some, protected.buckets, who) for each, some, who in notifications),
        deny("ProtectCloudTrailLogs", actions_on(Target.OBJECTS), protected.objects, break_glass),
        deny(
            "ProtectLogsFromForgery",
            actions_on(Target.LOG_PREFIX),
            protected.log_files,
            break_glass,
        ),
        deny(
            "ProtectLogsFromReplication",
            actions_on(Target.REPLICATION),
            protected.objects[:1],
            break_glass,
        ),
    ]
    if protected.keys:
        statements += [
            deny(
                "ProtectCloudTrailKey",
                actions_on(Target.KEY, Allowed.DEPLOYER),
                protected.keys,
                managers,
            ),
            deny(
                "ProtectKeyFromDestruction",
                actions_on(Target.KEY, Allowed.BREAK_GLASS),
                protected.keys,
                break_glass,
            ),
            *limit_destruction(protected.keys),
        ]
    return statements


def identity_statements(protected: ProtectedResources) -> list[Statement]:
    """The denies of becoming an exempt role or user, or a role that the stacks made.

    Break-glass alone changes what is exempt. A deployer's own role is among that, so no deployer
    widens it or becomes break-glass. The stacks' own roles are made by deployers. Service-linked
    roles, with which AWS manages those of IAM Identity Center, StackSets and Control Tower, are
    bound by no SCP.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt("the guardrails", protected)
    break_glass = protected.break_glass
    own = (*protected.own_roles, *protected.backup_roles)
    services = (*protected.stack_set_roles, *protected.control_tower_roles)
    providers = actions_on(Target.IDENTITY_PROVIDER)
    denies: list[tuple[str, Sequence[str], Sequence[str], Sequence[str]]] = [
        ("ProtectExemptRoles", actions_on(Target.EXEMPT_ROLE), protected.exempt_roles, break_glass),
        ("ProtectExemptUsers", actions_on(Target.EXEMPT_USER), protected.exempt_users, break_glass),
        ("ProtectIdentityProviders", providers, protected.identity_providers, break_glass),
        ("ProtectOwnRoles", actions_on(Target.OWN_ROLE), own, protected.managers),
        ("ProtectServiceRoles", _ROLE_MAKING, services, break_glass),
    ]
    return [
        *(deny(sid, actions, distinct(arns), who) for sid, actions, arns, who in denies if arns),
        *break_glass_sessions(protected),
    ]


def break_glass_sessions(protected: ProtectedResources) -> list[Statement]:
    """The deny of becoming break-glass, for deployers alone: others are up to the trust policy.

    A role that is both is no deployer here, so it can still be chained to.
    """
    roles = [arn for arn in protected.break_glass if ":role/" in arn]
    deployers = [arn for arn in distinct(protected.deployers) if arn not in protected.break_glass]
    if not (roles and deployers):
        return []
    return [
        {
            "Sid": "ProtectBreakGlassSessions",
            "Effect": "Deny",
            "Action": one_or_many(actions_on(Target.BREAK_GLASS_SESSION)),
            "Resource": one_or_many(roles),
            "Condition": {"ArnLike": {"aws:PrincipalArn": one_or_many(deployers)}},
        }
    ]


def organization_statements(protected: ProtectedResources) -> list[Statement]:
    """The denies of leaving the guardrails, changing them, and of changing security services.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt("the guardrails", protected)
    break_glass, managers = protected.break_glass, protected.managers
    policies = [
        f"arn:{protected.partition}:organizations::*:policy/*/{kind}_control_policy/*"
        for kind in ("service", "resource")
    ]
    statements = [
        deny("ProtectMembership", actions_on(Target.MEMBERSHIP), ["*"], break_glass),
        deny("ProtectOrganization", actions_on(Target.ORGANIZATION), ["*"], managers),
        deny(
            "ProtectOrganizationPolicies", actions_on(Target.GUARDRAIL_POLICY), policies, managers
        ),
    ]
    if protected.security_services:
        statements.append(
            deny(
                "ProtectSecurityServices",
                actions_on(Target.SECURITY_SERVICES),
                ["*"],
                (*managers, *protected.control_tower_roles),
            )
        )
    return statements


def monitoring_statements(protected: ProtectedResources) -> list[Statement]:
    """The denies of silencing alerts.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt("the guardrails", protected)
    managers = protected.managers
    account_wide = deny(
        "ProtectAccountMonitoring", actions_on(Target.ACCOUNT_MONITORING), ["*"], managers
    )
    statements = [_in_accounts(account_wide, protected.home_accounts)]
    if protected.monitoring:
        statements.append(
            deny(
                "ProtectCloudTrailMonitoring",
                actions_on(Target.MONITORING),
                protected.monitoring,
                managers,
            )
        )
    return statements


def mfa_statement(protected: ProtectedResources) -> Statement:
    """Deny managing trails, bucket and key without multi-factor authentication (MFA).

    It binds those too whom the other statements let through, the break-glass roles among them;
    only the deploying roles are exempt, because pipelines have no MFA.

    ``BoolIfExists``, because requests with long-term access keys carry no
    ``aws:MultiFactorAuthPresent`` at all: with plain ``Bool`` they would pass. The key is false, or
    absent, for every session that did not come from an IAM user's MFA: roles of workloads, chained
    roles, and people of IAM Identity Center, whose MFA happens before AWS sees them
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent).
    """
    everything = f"arn:{protected.partition}:cloudtrail:*:*:trail/*"
    trails = [everything] if "*" in protected.trails else list(protected.trails)
    condition: dict[str, object] = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    if protected.deployers:
        condition |= exempt_principals(protected.deployers)
    return {
        "Sid": "RequireMfaForCloudTrail",
        "Effect": "Deny",
        "Action": [
            action
            for target in (Target.TRAIL, Target.BUCKET, Target.OBJECTS, Target.KEY)
            for action in actions_on(target)
        ],
        "Resource": [
            *trails,
            *protected.buckets,
            *protected.objects,
            *protected.keys,
        ],
        "Condition": condition,
    }


def require_exempt(what: str, protected: ProtectedResources) -> None:
    """Refuse documents that would have no break-glass role, or an ARN that is not one principal's.

    Args:
        what: what the documents are, for the error.
        protected: with the principals that they exempt.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt_roles(
        what, protected.break_glass, (*protected.deployers, *protected.backup_roles)
    )


def limit_destruction(keys: Sequence[str]) -> list[Statement]:
    """What holds for break-glass too: no early deletion, and none of a key in use.

    Args:
        keys: the keys' ARNs.
    """
    return [
        {
            "Sid": "RequireKeyDeletionWindow",
            "Effect": "Deny",
            "Action": "kms:ScheduleKeyDeletion",
            "Resource": one_or_many(keys),
            "Condition": early_deletion(),
        },
        {
            "Sid": "ProtectKeysInUse",
            "Effect": "Deny",
            "Action": ["kms:DisableKey", "kms:ScheduleKeyDeletion"],
            "Resource": one_or_many(keys),
            "Condition": in_use(),
        },
    ]


def _in_accounts(statement: Statement, accounts: Sequence[str]) -> Statement:
    """The statement for principals of some accounts only: in others it would be in the way."""
    condition = cast("dict[str, object]", statement["Condition"])
    return {
        **statement,
        "Condition": {
            **condition,
            "StringEquals": {"aws:PrincipalAccount": one_or_many(accounts)},
        },
    }


def deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], exempt: Sequence[str]
) -> Statement:
    """Deny actions on resources to everyone but the exempt principals."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": list(actions),
        "Resource": one_or_many(resources),
        "Condition": exempt_principals(exempt),
    }
