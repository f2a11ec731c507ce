"""The log bucket's one policy: who may write logs, who may read them, and what is denied.

The guide's two policies and AWS's own statements
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html)
in one document, because a bucket has a single policy and the second would overwrite the first.
"""

from dataclasses import dataclass

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import bucket_arn, object_arn, parse_trail_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.bucket_guard import (
    LOG_PREFIX,
    BucketGuard,
    guard_statements,
)
from cloudtrail_guard.policies.conditions import from_member_trails, require_organization
from cloudtrail_guard.policies.document import (
    Document,
    Statement,
    distinct,
    document,
    one_or_many,
    to_json,
)

CLOUDTRAIL = "cloudtrail.amazonaws.com"

BUCKET_POLICY_SIDS = frozenset(
    {
        "AWSCloudTrailAclCheck20150319",
        "AWSCloudTrailWrite20150319",
        "AWSCloudTrailOrganizationWrite20150319",
        "AWSCloudTrailMemberAclCheck",
        "AWSCloudTrailMemberWrite",
        "AllowLogReadersList",
        "AllowLogReadersGet",
        "DenyDeleteCloudTrailLogs",
        "DenyLogBucketTampering",
        "DenyLogBucketNotification",
        "DenyLogForgery",
        "DenyOutsideOrganization",
        "DenyInsecureTransport",
        "DenyOutdatedTransport",
        "DenyReplicationByOthers",
    }
)
"""Every Sid that these documents write: in a merge they are ours to replace, all others stay."""


@dataclass(frozen=True, kw_only=True)
class LogBucketAccess:
    """Who may do what with a log bucket.

    Attributes:
        bucket: the bucket's name.
        organization_trail: ARN of the organization trail that writes here, if there is one.
        account_trails: ARNs of the trails of single accounts that write here.
        member_trails: names of trails with which any account of the organization writes here.
        organization_id: ``o-...``; no one outside it has access. None without Organizations.
        require_source_org_id: ask for ``aws:SourceOrgID`` on CloudTrail's writes as well.
        break_glass: full role ARNs that may delete logs and change the bucket.
        deployers: full ARNs of the roles that may change the bucket, but not delete logs.
        backup_roles: full ARNs of the roles with which AWS Backup copies the bucket.
        readers: ARNs of the principals that may read logs.
    """

    bucket: str
    organization_trail: str | None = None
    account_trails: tuple[str, ...] = ()
    member_trails: tuple[str, ...] = ()
    organization_id: str | None = None
    require_source_org_id: bool = True
    break_glass: tuple[str, ...]
    deployers: tuple[str, ...]
    backup_roles: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()

    @property
    def trails(self) -> tuple[str, ...]:
        """Every admitted trail, each once."""
        organization = () if self.organization_trail is None else (self.organization_trail,)
        return distinct((*organization, *self.account_trails))

    @property
    def partition(self) -> str:
        """The partition that the trails, and so the bucket, live in."""
        return parse_trail_arn(self.trails[0]).partition

    @property
    def guard(self) -> BucketGuard:
        """What the bucket is guarded against, and who is exempt."""
        return BucketGuard(
            partition=self.partition,
            bucket=self.bucket,
            organization_id=self.organization_id,
            break_glass=self.break_glass,
            deployers=self.deployers,
            backup_roles=self.backup_roles,
        )


def log_bucket_policy(access: LogBucketAccess) -> Document:
    """The log bucket's whole policy.

    Raises:
        InvalidValueError: no trail is admitted, no role is exempt from the denies, an ARN is
            malformed, an organization or member trail comes without the organization's id, or the
            policy is too long.
    """
    if not access.trails:
        raise InvalidValueError(
            f"log bucket {access.bucket!r} admits no trail: name the organization trail's ARN, "
            "or the ARN of an account trail, that writes to it"
        )
    if access.organization_trail is not None and access.organization_id is None:
        raise InvalidValueError(
            f"log bucket {access.bucket!r} admits the organization trail "
            f"{access.organization_trail!r} without an organization id (o-...): CloudTrail writes "
            f"an organization's logs under {LOG_PREFIX}/<organization id>/"
        )
    require_organization(
        f"log bucket {access.bucket!r}", access.member_trails, access.organization_id
    )
    policy = document(
        [
            _acl_check(access),
            _account_writes(access),
            *_organization_writes(access),
            *_member_writes(access),
            *guard_statements(access.guard),
            # Last, so that adding the first reader moves no other statement in a preview's diff.
            *_reads(access),
        ]
    )
    quotas.BUCKET_POLICY.check(to_json(policy))
    return policy


def _acl_check(access: LogBucketAccess) -> Statement:
    return {
        "Sid": "AWSCloudTrailAclCheck20150319",
        "Effect": "Allow",
        "Principal": {"Service": CLOUDTRAIL},
        "Action": "s3:GetBucketAcl",
        "Resource": bucket_arn(access.partition, access.bucket),
        "Condition": {"StringEquals": {"aws:SourceArn": one_or_many(access.trails)}},
    }


def _account_writes(access: LogBucketAccess) -> Statement:
    """An organization trail, too, writes under its own account before it is one."""
    accounts = distinct(parse_trail_arn(arn).account for arn in access.trails)
    prefixes = [
        object_arn(access.partition, access.bucket, f"{LOG_PREFIX}/{account}/*")
        for account in accounts
    ]
    return _write("AWSCloudTrailWrite20150319", access, prefixes, access.trails)


def _organization_writes(access: LogBucketAccess) -> list[Statement]:
    if access.organization_trail is None:
        return []
    prefix = object_arn(access.partition, access.bucket, f"{LOG_PREFIX}/{access.organization_id}/*")
    trails = (access.organization_trail,)
    return [_write("AWSCloudTrailOrganizationWrite20150319", access, [prefix], trails)]


def _member_writes(access: LogBucketAccess) -> list[Statement]:
    """Each account of the organization, with trails of these names, under its own id alone."""
    if not access.member_trails:
        return []
    anywhere = from_member_trails(access.partition, access.member_trails, access.organization_id)
    own_prefix = f"{LOG_PREFIX}/${{aws:SourceAccount}}/*"
    return [
        {
            "Sid": "AWSCloudTrailMemberAclCheck",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDTRAIL},
            "Action": "s3:GetBucketAcl",
            "Resource": bucket_arn(access.partition, access.bucket),
            "Condition": anywhere,
        },
        {
            "Sid": "AWSCloudTrailMemberWrite",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDTRAIL},
            "Action": "s3:PutObject",
            "Resource": object_arn(access.partition, access.bucket, own_prefix),
            "Condition": {
                **anywhere,
                "StringEquals": {
                    **anywhere["StringEquals"],
                    "s3:x-amz-acl": "bucket-owner-full-control",
                },
            },
        },
    ]


def _write(
    sid: str, access: LogBucketAccess, prefixes: list[str], trails: tuple[str, ...]
) -> Statement:
    conditions: dict[str, object] = {
        "s3:x-amz-acl": "bucket-owner-full-control",
        "aws:SourceArn": one_or_many(trails),
    }
    if access.organization_id is not None and access.require_source_org_id:
        conditions["aws:SourceOrgID"] = access.organization_id
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": CLOUDTRAIL},
        "Action": "s3:PutObject",
        "Resource": one_or_many(prefixes),
        "Condition": {"StringEquals": conditions},
    }


def _reads(access: LogBucketAccess) -> list[Statement]:
    if not access.readers:
        return []
    readers = {"AWS": one_or_many(distinct(access.readers))}
    return [
        {
            "Sid": "AllowLogReadersList",
            "Effect": "Allow",
            "Principal": readers,
            "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
            "Resource": bucket_arn(access.partition, access.bucket),
        },
        {
            "Sid": "AllowLogReadersGet",
            "Effect": "Allow",
            "Principal": readers,
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": object_arn(access.partition, access.bucket, f"{LOG_PREFIX}/*"),
        },
    ]
