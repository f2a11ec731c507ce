"""The statements that deny stopping, blinding or deleting trail, bucket, key and alarms.

As service control policies (SCPs) they bind every principal of the member accounts, their
administrators and root users too, and never the management account
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html). There,
and without Organizations, the same statements are IAM policies.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.arns import PARTITIONS, bucket_arn, object_arn, parse_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Allowed, Target, actions_on
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX
from cloudtrail_guard.policies.conditions import (
    exempt_principals,
    not_a_service,
    require_exempt_roles,
)
from cloudtrail_guard.policies.document import Statement, distinct, one_or_many
from cloudtrail_guard.policies.log_key import early_deletion

_ROLE_MAKING = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""What makes a role, or opens it to others. AWS itself deletes and changes StackSets' roles."""


@dataclass(frozen=True, kw_only=True)
class ProtectedResources:
    """What the guardrails protect, and from whom not.

    Attributes:
        bucket: the log bucket's name.
        key_arn: the log key's ARN; None leaves the key out.
        further_buckets: names of further buckets with logs, such as a replica.
        further_keys: ARNs of their keys.
        trails: trail ARNs or patterns to protect; ``("*",)`` is every trail, the guide's default.
        break_glass: full role ARNs that all guardrails let through.
        deployers: full ARNs of the roles that may change bucket and key, but not delete logs.
        monitoring: ARNs or patterns of log groups, alarms, event rules and topics to protect.
        stack_sets: whether CloudFormation StackSets may manage the member accounts' own trails.
        security_services: whether Config, GuardDuty, Security Hub and Access Analyzer are, too.
    """

    bucket: str
    key_arn: str | None = None
    further_buckets: tuple[str, ...] = ()
    further_keys: tuple[str, ...] = ()
    trails: tuple[str, ...] = ("*",)
    break_glass: tuple[str, ...]
    deployers: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    stack_sets: bool = False
    security_services: bool = False

    @property
    def partition(self) -> str:
        """The partition that the exempt roles, and so everything here, live in."""
        return parse_arn(self.break_glass[0], service="iam", what="break-glass role").partition

    @property
    def stack_set_roles(self) -> list[str]:
        """The roles with which service-managed StackSets work in member accounts, as a pattern.

        Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
        """
        return [f"arn:{self.partition}:iam::*:role/stacksets-exec-*"] if self.stack_sets else []

    @property
    def buckets(self) -> list[str]:
        """The ARNs of the buckets."""
        return [bucket_arn(self.partition, each) for each in (self.bucket, *self.further_buckets)]

    @property
    def objects(self) -> list[str]:
        """The ARNs of everything in the buckets."""
        return [object_arn(self.partition, each) for each in (self.bucket, *self.further_buckets)]

    @property
    def log_files(self) -> list[str]:
        """The ARNs of the log files in the log bucket and in the further ones."""
        names = (self.bucket, *self.further_buckets)
        return [object_arn(self.partition, each, f"{LOG_PREFIX}/*") for each in names]

    @property
    def keys(self) -> list[str]:
        """The ARNs of the keys."""
        return [*([] if self.key_arn is None else [self.key_arn]), *self.further_keys]


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
    require_exempt_roles("the guardrails", protected.break_glass, protected.deployers)
    _check_trails(protected.trails)
    break_glass = protected.break_glass
    managers = (*break_glass, *protected.deployers)
    statements = [
        deny(
            "ProtectCloudTrail",
            actions_on(Target.TRAIL),
            protected.trails,
            (*break_glass, *protected.stack_set_roles),
        ),
        deny("ProtectCloudTrailService", actions_on(Target.CLOUDTRAIL), ["*"], break_glass),
        deny(
            "ProtectCloudTrailBucket",
            # As in the guide: its two deletions stand in this statement too.
            ("s3:DeleteObject", "s3:DeleteObjectVersion", *actions_on(Target.BUCKET)),
            [*protected.buckets, *protected.objects],
            managers,
        ),
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
        *_roles(protected),
        deny("ProtectMembership", actions_on(Target.MEMBERSHIP), ["*"], break_glass),
    ]
    if protected.stack_sets:
        # AWS itself makes these roles with a service-linked role, which no SCP binds.
        statements.append(
            deny("ProtectStackSetRoles", _ROLE_MAKING, protected.stack_set_roles, break_glass)
        )
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
            _deny_early_deletion(protected.keys),
        ]
    if protected.monitoring:
        statements.append(
            deny(
                "ProtectCloudTrailMonitoring",
                actions_on(Target.MONITORING),
                protected.monitoring,
                managers,
            )
        )
    if protected.security_services:
        statements.append(
            deny("ProtectSecurityServices", actions_on(Target.SECURITY_SERVICES), ["*"], managers)
        )
    return statements


def rcp_statements(protected: ProtectedResources, organization: str) -> list[Statement]:
    """The statements of the resource control policies (RCPs) of bucket and key.

    They hold on the resources' side, for principals of every account and even where the bucket's
    or the key's own policy was replaced. AWS services are excepted: CloudTrail writes, S3
    replicates (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).

    Args:
        protected: what to protect; only bucket and key have RCPs.
        organization: the organization's id, ``o-...``.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt_roles("the resource guardrails", protected.break_glass, protected.deployers)
    managers = (*protected.break_glass, *protected.deployers)
    everything = [*protected.buckets, *protected.objects]
    break_glass = protected.break_glass
    statements = [
        _deny_outsiders("ProtectLogBucketFromOutside", "s3:*", everything, organization),
        _deny_anyone("ProtectLogBucket", actions_on(Target.BUCKET), protected.buckets, managers),
        _deny_anyone("ProtectLogs", actions_on(Target.OBJECTS), protected.objects, break_glass),
        _deny_anyone(
            "ProtectLogsFromForgery",
            actions_on(Target.LOG_PREFIX),
            protected.log_files,
            break_glass,
        ),
        _deny_anyone(
            "ProtectLogsFromReplication",
            actions_on(Target.REPLICATION),
            protected.objects[:1],
            break_glass,
        ),
    ]
    if protected.keys:
        statements += [
            _deny_outsiders("ProtectLogKeyFromOutside", "kms:*", protected.keys, organization),
            _deny_anyone(
                "ProtectLogKey",
                actions_on(Target.KEY, Allowed.DEPLOYER),
                protected.keys,
                managers,
            ),
            _deny_anyone(
                "ProtectLogKeyFromDestruction",
                actions_on(Target.KEY, Allowed.BREAK_GLASS),
                protected.keys,
                break_glass,
            ),
            {**_deny_early_deletion(protected.keys), "Principal": "*"},
        ]
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
        condition |= exempt_principals(protected.deployers, operator="ArnNotLike")
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


def _roles(protected: ProtectedResources) -> list[Statement]:
    """Deny becoming an exempt role, or giving it away: only break-glass changes them.

    A deployer's own role is among them, so no deployer becomes break-glass. Service-linked roles,
    with which AWS manages those of IAM Identity Center, are bound by no SCP.
    """
    roles = [arn for arn in (*protected.break_glass, *protected.deployers) if ":role/" in arn]
    if not roles:
        return []
    actions = actions_on(Target.EXEMPT_ROLE)
    return [deny("ProtectExemptRoles", actions, distinct(roles), protected.break_glass)]


def _deny_early_deletion(keys: Sequence[str]) -> Statement:
    return {
        "Sid": "RequireKeyDeletionWindow",
        "Effect": "Deny",
        "Action": "kms:ScheduleKeyDeletion",
        "Resource": one_or_many(keys),
        "Condition": early_deletion(),
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
        "Condition": exempt_principals(exempt, operator="ArnNotLike"),
    }


def _deny_anyone(
    sid: str, actions: Sequence[str], resources: Sequence[str], exempt: Sequence[str]
) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": one_or_many(resources),
        "Condition": {**exempt_principals(exempt, operator="ArnNotLike"), **not_a_service()},
    }


def _deny_outsiders(
    sid: str, actions: str, resources: Sequence[str], organization: str
) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": one_or_many(resources),
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization},
            **not_a_service(),
        },
    }
