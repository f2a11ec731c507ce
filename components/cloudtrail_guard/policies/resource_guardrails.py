"""The statements that hold on the side of bucket, key and break-glass roles, for every caller.

As resource control policies (RCPs): they bind principals of every account, and hold even where the
bucket's or the key's own policy was replaced. AWS services are excepted: CloudTrail writes, S3
replicates (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
"""

from collections.abc import Sequence

from cloudtrail_guard.operations import Allowed, Target, actions_on
from cloudtrail_guard.policies.bucket_guard import bucket_changes
from cloudtrail_guard.policies.conditions import exempt_principals, not_a_service
from cloudtrail_guard.policies.document import Statement, one_or_many
from cloudtrail_guard.policies.guardrails import (
    break_glass_sessions,
    limit_destruction,
    require_exempt,
)
from cloudtrail_guard.policies.protected import ProtectedResources


def rcp_statements(protected: ProtectedResources, organization: str) -> list[Statement]:
    """The statements of the resource control policies (RCPs) of bucket, key and break-glass.

    Args:
        protected: what to protect; of it buckets, keys and roles have RCPs.
        organization: the organization's id, ``o-...``.

    Raises:
        InvalidValueError: there is no break-glass role, or an exempt ARN is not one principal's.
    """
    require_exempt("the resource guardrails", protected)
    break_glass, managers = protected.break_glass, protected.managers
    everything = [*protected.buckets, *protected.objects]
    statements = [
        _deny_outsiders("ProtectLogBucketFromOutside", "s3:*", everything, organization),
        *(
            _deny_anyone(sid, actions, protected.buckets, exempt)
            for sid, actions, exempt in bucket_changes(
                "ProtectLogBucket", managers, protected.backup_roles
            )
        ),
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
    statements += [{**each, "Principal": "*"} for each in break_glass_sessions(protected)]
    if protected.log_keys:
        statements.append(
            _deny_outsiders("ProtectLogKeyFromOutside", "kms:*", protected.log_keys, organization)
        )
    if protected.keys:
        statements += [
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
            *({**each, "Principal": "*"} for each in limit_destruction(protected.keys)),
        ]
    return statements


def _deny_anyone(
    sid: str, actions: Sequence[str], resources: Sequence[str], exempt: Sequence[str]
) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": one_or_many(resources),
        "Condition": {**exempt_principals(exempt), **not_a_service()},
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
