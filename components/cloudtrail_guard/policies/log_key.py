"""The log key's policy: CloudTrail encrypts, readers decrypt, and no one takes it away.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import Location, parse_trail_arn, root_arn
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Allowed, Target, actions_on
from cloudtrail_guard.policies.conditions import (
    exempt_principals,
    from_member_trails,
    member_trail_arns,
    require_exempt_roles,
    require_organization,
)
from cloudtrail_guard.policies.document import (
    Document,
    Statement,
    distinct,
    document,
    one_or_many,
    to_json,
)

CLOUDTRAIL = "cloudtrail.amazonaws.com"

DELETION_WINDOW_DAYS = 30
"""The longest window that KMS allows: the time in which a deletion can still be cancelled."""

IN_USE_DAYS = 30
"""A key counts as in use for so many days after it was made or used last."""

KEY_POLICY_SIDS = frozenset(
    {
        "AllowAccountAdministration",
        "AllowCloudTrailEncrypt",
        "AllowCloudTrailDescribeKey",
        "AllowMemberTrailsEncrypt",
        "AllowMemberTrailsDescribeKey",
        "AllowLogReadersDecrypt",
        "DenyKeyTampering",
        "DenyKeyDestruction",
        "DenyEarlyKeyDeletion",
        "DenyDestructionInUse",
    }
)
"""Every Sid that this document writes: in a merge they are ours to replace, all others stay."""


@dataclass(frozen=True, kw_only=True)
class LogKeyAccess:
    """Who may do what with the key that encrypts the logs.

    Attributes:
        account: the 12-digit id of the key's account.
        trails: ARNs of the trails that encrypt with the key.
        member_trails: names of trails with which any account of the organization encrypts.
        organization_id: ``o-...``; needed with member trails.
        break_glass: full role ARNs that may disable, delete and re-policy the key.
        deployers: full ARNs of the roles that manage the key, but neither disable nor delete it.
        readers: ARNs of the principals that may decrypt logs.
    """

    account: str
    trails: tuple[str, ...]
    member_trails: tuple[str, ...] = ()
    organization_id: str | None = None
    break_glass: tuple[str, ...]
    deployers: tuple[str, ...]
    readers: tuple[str, ...] = ()

    @property
    def partition(self) -> str:
        """The partition that the trails, and so the key, live in."""
        return parse_trail_arn(self.trails[0]).partition


def log_key_policy(access: LogKeyAccess) -> Document:
    """The log key's whole policy.

    Raises:
        InvalidValueError: no trail or no exempt role is given, an ARN is malformed, a member trail
            comes without the organization's id, or the policy is too long.
    """
    if not access.trails:
        raise InvalidValueError(
            "the log key admits no trail: name the ARNs of the trails that encrypt with it"
        )
    require_organization("log key", access.member_trails, access.organization_id)
    require_exempt_roles("log key", access.break_glass, access.deployers)
    policy = document(
        [
            administration(access.partition, access.account),
            _encrypt(access),
            _describe(access),
            *_member_trails(access),
            *deny_key_tampering(access.break_glass, access.deployers),
            # Last, so that adding the first reader moves no other statement in a preview's diff.
            *_decrypt(access),
        ]
    )
    quotas.KEY_POLICY.check(to_json(policy))
    return policy


def administration(partition: str, account: str) -> Statement:
    """Without the account's own statement a key can become unmanageable for good.

    It also lets IAM policies of the account's own roles allow the use of the key.
    """
    return {
        "Sid": "AllowAccountAdministration",
        "Effect": "Allow",
        "Principal": {"AWS": root_arn(partition, account)},
        "Action": "kms:*",
        "Resource": "*",
    }


def deny_key_tampering(break_glass: Sequence[str], deployers: Sequence[str]) -> list[Statement]:
    """The denies of every key that logs, alerts, the feed or query results are encrypted with.

    Deployers manage the key, but neither disable nor delete it: it is kept when it leaves a stack.
    No one, break-glass included, deletes it before the longest window has passed, and no one
    disables or deletes it while it is in use.

    Args:
        break_glass: full ARNs of the roles that may disable and delete the key.
        deployers: full ARNs of the roles that may change it besides.
    """
    return [
        _deny(
            "DenyKeyTampering",
            actions_on(Target.KEY, Allowed.DEPLOYER),
            exempt_principals((*break_glass, *deployers)),
        ),
        _deny(
            "DenyKeyDestruction",
            actions_on(Target.KEY, Allowed.BREAK_GLASS),
            exempt_principals(break_glass),
        ),
        _deny("DenyEarlyKeyDeletion", ["kms:ScheduleKeyDeletion"], early_deletion()),
        _deny("DenyDestructionInUse", ["kms:DisableKey", "kms:ScheduleKeyDeletion"], in_use()),
    ]


def deny_tampering_if_exempt(
    break_glass: Sequence[str], deployers: Sequence[str], what: str
) -> list[Statement]:
    """The denies of a key, if it is known who is exempt from them.

    Args:
        break_glass: full ARNs of the roles that may disable and delete the key.
        deployers: full ARNs of the roles that may change it besides.
        what: what an error calls the key.

    Raises:
        InvalidValueError: there are deployers and no break-glass role, or an ARN is malformed.
    """
    if not (break_glass or deployers):
        return []
    require_exempt_roles(what, break_glass, deployers)
    return deny_key_tampering(break_glass, deployers)


def results_key_policy(
    location: Location, *, break_glass: Sequence[str] = (), deployers: Sequence[str] = ()
) -> Document:
    """The policy of the key that encrypts query results: IAM policies of its account allow its use.

    Args:
        location: where the key is.
        break_glass: full ARNs of the roles that may disable and delete the key.
        deployers: full ARNs of the roles that may change it besides. With neither, the policy
            denies nothing.

    Raises:
        InvalidValueError: there are deployers and no break-glass role, or an ARN is malformed.
    """
    return document(
        [
            administration(location.partition, location.account),
            *deny_tampering_if_exempt(break_glass, deployers, "query results key"),
        ]
    )


def early_deletion() -> dict[str, dict[str, str]]:
    """For a Deny: it holds for deletions that could take effect in less than 30 days.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-schedule-key-deletion-pending-window-in-days
    """
    window = str(DELETION_WINDOW_DAYS)
    return {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": window}}


def in_use() -> dict[str, dict[str, str]]:
    """For a Deny: it holds for keys that were made or used in the last 30 days.

    Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-trailing-days-without-key-usage
    """
    return {"NumericLessThan": {"kms:TrailingDaysWithoutKeyUsage": str(IN_USE_DAYS)}}


def _deny(sid: str, actions: list[str], condition: Mapping[str, object]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": one_or_many(actions),
        "Resource": "*",
        "Condition": condition,
    }


def encryption_contexts(trails: tuple[str, ...]) -> list[str]:
    """The trails as CloudTrail names them in the encryption context.

    The region is left open: a multi-region trail encrypts in every region.
    """
    arns = [parse_trail_arn(arn) for arn in trails]
    return list(distinct(f"arn:{a.partition}:cloudtrail:*:{a.account}:{a.resource}" for a in arns))


def _context(trails: list[str]) -> dict[str, object]:
    return {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": one_or_many(trails)}}


def _for_these_logs(access: LogKeyAccess) -> dict[str, object]:
    return _context(encryption_contexts(access.trails))


def _from_these_trails(access: LogKeyAccess) -> dict[str, object]:
    return {"StringEquals": {"aws:SourceArn": one_or_many(distinct(access.trails))}}


def _encrypt(access: LogKeyAccess) -> Statement:
    return {
        "Sid": "AllowCloudTrailEncrypt",
        "Effect": "Allow",
        "Principal": {"Service": CLOUDTRAIL},
        "Action": "kms:GenerateDataKey*",
        "Resource": "*",
        "Condition": {**_from_these_trails(access), **_for_these_logs(access)},
    }


def _describe(access: LogKeyAccess) -> Statement:
    return {
        "Sid": "AllowCloudTrailDescribeKey",
        "Effect": "Allow",
        "Principal": {"Service": CLOUDTRAIL},
        "Action": "kms:DescribeKey",
        "Resource": "*",
        "Condition": _from_these_trails(access),
    }


def _member_trails(access: LogKeyAccess) -> list[Statement]:
    if not access.member_trails:
        return []
    partition = access.partition
    anywhere = from_member_trails(partition, access.member_trails, access.organization_id)
    contexts = member_trail_arns(partition, access.member_trails)
    return [
        {
            "Sid": "AllowMemberTrailsEncrypt",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDTRAIL},
            "Action": "kms:GenerateDataKey*",
            "Resource": "*",
            "Condition": {**anywhere, **_context(contexts)},
        },
        {
            "Sid": "AllowMemberTrailsDescribeKey",
            "Effect": "Allow",
            "Principal": {"Service": CLOUDTRAIL},
            "Action": "kms:DescribeKey",
            "Resource": "*",
            "Condition": anywhere,
        },
    ]


def _decrypt(access: LogKeyAccess) -> list[Statement]:
    if not access.readers:
        return []
    contexts = [
        *encryption_contexts(access.trails),
        *member_trail_arns(access.partition, access.member_trails),
    ]
    return [
        {
            "Sid": "AllowLogReadersDecrypt",
            "Effect": "Allow",
            "Principal": {"AWS": one_or_many(distinct(access.readers))},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": _context(contexts),
        }
    ]
