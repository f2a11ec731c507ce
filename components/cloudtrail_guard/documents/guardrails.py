"""The statements of the service control policies (SCPs) that protect trail, bucket and key.

SCPs bind every principal of the member accounts, their administrators and root users too, and
never the management account
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.documents.arns import bucket_arn, object_arn, parse_arn
from cloudtrail_guard.documents.bucket_policy import BUCKET_TAMPERING, OBJECT_TAMPERING
from cloudtrail_guard.documents.conditions import exempt_principals, require_exempt_roles
from cloudtrail_guard.documents.key_policy import KEY_TAMPERING
from cloudtrail_guard.documents.policy import Statement, one_or_many

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


@dataclass(frozen=True, kw_only=True)
class ProtectedResources:
    """What the guardrails protect, and from whom not.

    Attributes:
        bucket: the log bucket's name.
        key_arn: the log key's ARN; None leaves the key out.
        trails: trail ARNs or patterns to protect; ``("*",)`` is every trail, the guide's default.
        break_glass: full role ARNs that all guardrails let through.
        deployers: full ARNs of the roles that may change bucket and key, but not delete logs.
    """

    bucket: str
    key_arn: str | None = None
    trails: tuple[str, ...] = ("*",)
    break_glass: tuple[str, ...]
    deployers: tuple[str, ...] = ()

    @property
    def partition(self) -> str:
        """The partition that the exempt roles, and so everything here, live in."""
        return parse_arn(self.break_glass[0], service="iam", what="break-glass role").partition


def scp_statements(protected: ProtectedResources) -> list[Statement]:
    """Every statement of the guardrails; packing them into policies is another step.

    Raises:
        DocumentError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt_roles("the guardrails", protected.break_glass, protected.deployers)
    bucket = bucket_arn(protected.partition, protected.bucket)
    objects = object_arn(protected.partition, protected.bucket)
    managers = (*protected.break_glass, *protected.deployers)
    statements = [
        _deny("ProtectCloudTrail", TRAIL_TAMPERING, protected.trails, protected.break_glass),
        _deny("ProtectCloudTrailService", CLOUDTRAIL_TAMPERING, ["*"], protected.break_glass),
        _deny(
            "ProtectCloudTrailBucket",
            ("s3:DeleteObject", "s3:DeleteObjectVersion", *BUCKET_TAMPERING),
            [bucket, objects],
            managers,
        ),
        _deny("ProtectCloudTrailLogs", OBJECT_TAMPERING, [objects], protected.break_glass),
    ]
    if protected.key_arn is not None:
        statements.append(
            _deny("ProtectCloudTrailKey", KEY_TAMPERING, [protected.key_arn], managers)
        )
    return statements


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
