"""The statements that deny stopping, blinding or deleting trail, bucket, key and alarms.

As service control policies (SCPs) they bind every principal of the member accounts, their
administrators and root users too, and never the management account
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html). There,
and without Organizations, the same statements are IAM policies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.arns import bucket_arn, object_arn, parse_arn
from cloudtrail_guard.policies.bucket_guard import BUCKET_TAMPERING, OBJECT_TAMPERING
from cloudtrail_guard.policies.conditions import (
    exempt_principals,
    not_a_service,
    require_exempt_roles,
)
from cloudtrail_guard.policies.document import Statement, one_or_many
from cloudtrail_guard.policies.log_key import KEY_TAMPERING

TRAIL_TAMPERING = (
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
    # No such API exists: PutEventSelectors also removes selectors. AWS accepts the name, and
    # reviewers who compare the policy with the guide look for it, so it stays.
    "cloudtrail:DeleteEventSelectors",
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:RemoveTags",
)
"""What stops, blinds or removes a trail; these actions are authorised on the trail's ARN."""

CLOUDTRAIL_TAMPERING = (
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:StopEventDataStoreIngestion",
    "cloudtrail:DeregisterOrganizationDelegatedAdmin",
)
"""The same for what is not a trail: event data stores and the delegated administrator."""


MONITORING_TAMPERING = (
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteMetricFilter",
    "logs:DeleteRetentionPolicy",
    "logs:DisassociateKmsKey",
    "logs:PutMetricFilter",
    "logs:PutRetentionPolicy",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:SetAlarmState",
    "events:DeleteRule",
    "events:DisableRule",
    "events:PutRule",
    "events:RemoveTargets",
    "sns:DeleteTopic",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:Unsubscribe",
)
"""What silences log group, metric filters, alarms, event rules and topics."""

ROLE_TAMPERING = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
)
"""What makes a role, or opens it to others."""

SERVICE_TAMPERING = (
    "access-analyzer:DeleteAnalyzer",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:DeleteOrganizationConfigRule",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "guardduty:DeleteMembers",
    "guardduty:DisassociateFromAdministratorAccount",
    "guardduty:StopMonitoringMembers",
    "guardduty:UpdateDetector",
    "securityhub:BatchDisableStandards",
    "securityhub:DeleteMembers",
    "securityhub:DisableSecurityHub",
    "securityhub:DisassociateFromAdministratorAccount",
)
"""What switches the security services off; they know no resource to name in advance."""


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
    def keys(self) -> list[str]:
        """The ARNs of the keys."""
        return [*([] if self.key_arn is None else [self.key_arn]), *self.further_keys]


def scp_statements(protected: ProtectedResources) -> list[Statement]:
    """Every statement of the guardrails; packing them into policies is another step.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt_roles("the guardrails", protected.break_glass, protected.deployers)
    managers = (*protected.break_glass, *protected.deployers)
    trail_managers = (*protected.break_glass, *protected.stack_set_roles)
    statements = [
        _deny("ProtectCloudTrail", TRAIL_TAMPERING, protected.trails, trail_managers),
        _deny("ProtectCloudTrailService", CLOUDTRAIL_TAMPERING, ["*"], protected.break_glass),
        _deny(
            "ProtectCloudTrailBucket",
            ("s3:DeleteObject", "s3:DeleteObjectVersion", *BUCKET_TAMPERING),
            [*protected.buckets, *protected.objects],
            managers,
        ),
        _deny("ProtectCloudTrailLogs", OBJECT_TAMPERING, protected.objects, protected.break_glass),
    ]
    if protected.stack_sets:
        # AWS itself makes these roles with a service-linked role, which no SCP binds.
        statements.append(
            _deny(
                "ProtectStackSetRoles",
                ROLE_TAMPERING,
                protected.stack_set_roles,
                protected.break_glass,
            )
        )
    if protected.keys:
        statements.append(_deny("ProtectCloudTrailKey", KEY_TAMPERING, protected.keys, managers))
    if protected.monitoring:
        statements.append(
            _deny(
                "ProtectCloudTrailMonitoring", MONITORING_TAMPERING, protected.monitoring, managers
            )
        )
    if protected.security_services:
        statements.append(
            _deny("ProtectSecurityServices", SERVICE_TAMPERING, ["*"], protected.break_glass)
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
    statements = [
        _deny_outsiders("ProtectLogBucketFromOutside", "s3:*", everything, organization),
        _deny_anybody("ProtectLogBucket", BUCKET_TAMPERING, protected.buckets, managers),
        _deny_anybody("ProtectLogs", OBJECT_TAMPERING, protected.objects, protected.break_glass),
    ]
    if protected.keys:
        statements += [
            _deny_outsiders("ProtectLogKeyFromOutside", "kms:*", protected.keys, organization),
            _deny_anybody("ProtectLogKey", KEY_TAMPERING, protected.keys, managers),
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
        "Action": [*TRAIL_TAMPERING, *BUCKET_TAMPERING, *OBJECT_TAMPERING, *KEY_TAMPERING],
        "Resource": [
            *trails,
            *protected.buckets,
            *protected.objects,
            *protected.keys,
        ],
        "Condition": condition,
    }


def _deny(
    sid: str, actions: Sequence[str], resources: Sequence[str], exempt: Sequence[str]
) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": list(actions),
        "Resource": one_or_many(resources),
        "Condition": exempt_principals(exempt, operator="ArnNotLike"),
    }


def _deny_anybody(
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
