"""Every document of this project that denies or lets CloudTrail in, with all that it can have."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cloudtrail_guard.arns import Location
from cloudtrail_guard.policies.alerts import alert_key_policy, alert_topic_policy
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.document import Document, document
from cloudtrail_guard.policies.evidence import (
    EvidenceBucket,
    access_log_bucket_policy,
    results_bucket_policy,
)
from cloudtrail_guard.policies.guardrails import (
    ProtectedResources,
    mfa_statement,
    scp_statements,
)
from cloudtrail_guard.policies.iam_guardrails import (
    IamPolicies,
    boundary_statements,
    iam_statements,
)
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_feed import feed_key_policy, feed_topic_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy, results_key_policy
from cloudtrail_guard.policies.replica import replica_bucket_policy, replica_key_policy
from cloudtrail_guard.policies.resource_guardrails import rcp_statements

ORGANIZATION, REGION = "o-a1b2c3d4e5", "eu-west-1"
MANAGEMENT, SECURITY, WORKLOAD = "123456789012", "111122223333", "444455556666"
BUCKET, REPLICA = "org-logs", "org-logs-replica"
ACCESS_LOGS, RESULTS = "org-logs-access-logs", "org-logs-queries"
KEY = f"arn:aws:kms:{REGION}:{SECURITY}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
REPLICA_KEY = f"arn:aws:kms:us-west-2:{SECURITY}:key/9999abcd-12ab-34cd-56ef-1234567890ab"
RESULTS_KEY = f"arn:aws:kms:{REGION}:{SECURITY}:key/7777abcd-12ab-34cd-56ef-1234567890ab"
BACKUP = f"arn:aws:iam::{SECURITY}:role/Backup"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/SecurityAuditTrail"
OWN_TRAIL = f"arn:aws:cloudtrail:{REGION}:{WORKLOAD}:trail/Own"
MEMBER_TRAIL = f"arn:aws:cloudtrail:{REGION}:{WORKLOAD}:trail/Data"
BREAK_GLASS = tuple(f"arn:aws:iam::{SECURITY}:role/{name}" for name in ("AdminRole", "Second"))
RESERVED = f"arn:aws:iam::{SECURITY}:role/aws-reserved/sso.amazonaws.com"
DEPLOYERS = (
    f"arn:aws:iam::{SECURITY}:role/Deploy",
    f"{RESERVED}/*/AWSReservedSSO_Deploy_*",
)
EMERGENCY = f"{RESERVED}/AWSReservedSSO_Emergency_*"
READERS = tuple(f"arn:aws:iam::{each}:role/Investigator" for each in (SECURITY, WORKLOAD))
REPLICATION = f"arn:aws:iam::{SECURITY}:role/cloudtrail-guard-replica"
BREAK_GLASS_USER = f"arn:aws:iam::{SECURITY}:user/break-glass"
EXEMPT: dict[str, Any] = {
    "break_glass": (*BREAK_GLASS, BREAK_GLASS_USER, EMERGENCY),
    "deployers": DEPLOYERS,
}
ARCHIVE, ARCHIVED = "777788889999", "org-logs-archive"
ARCHIVE_KEY = f"arn:aws:kms:us-west-2:{ARCHIVE}:key/5555abcd-12ab-34cd-56ef-1234567890ab"
ARCHIVING = f"arn:aws:iam::{SECURITY}:role/cloudtrail-guard-archive"
ARCHIVE_EXEMPT: dict[str, Any] = {
    "break_glass": (f"arn:aws:iam::{ARCHIVE}:role/ArchiveAdmin",),
    "deployers": (f"arn:aws:iam::{ARCHIVE}:role/ArchiveDeploy",),
}
"""The account of its own that a replica may be in, and who administers it."""
PROTECTED = ProtectedResources(
    bucket=BUCKET,
    key_arn=KEY,
    further_buckets=(REPLICA,),
    further_keys=(REPLICA_KEY,),
    monitoring=tuple(
        f"arn:aws:{kind}:{REGION}:{SECURITY}:{name}"
        for kind, name in (
            ("sns", "alerts"),
            ("sns", "guard-*"),
            ("sqs", "guard-*"),
            ("events", "rule/guard-*"),
            ("events", "event-bus/guard-*"),
            ("lambda", "function:guard-*"),
            ("logs", "log-group:guard-*"),
            ("cloudwatch", "alarm:guard-*"),
        )
    ),
    other_keys=(RESULTS_KEY,),
    backup_roles=(BACKUP,),
    own_roles=(
        "arn:aws:iam::*:role/cloudtrail-guard*",
        f"arn:aws:iam::{SECURITY}:role/Investigator",
    ),
    stack_sets=True,
    control_tower=True,
    security_services=True,
    **EXEMPT,
)
FOR_PEOPLE = replace(PROTECTED, backup_roles=())
"""The IAM form is attached to people, not to the roles of AWS Backup."""
POLICIES = IamPolicies("guard-", "guard-boundary", ("Developers",))

HERE = Location(partition="aws", region=REGION, account=SECURITY)

MAKE: Mapping[str, Callable[[], Document]] = {
    "bucket policy": lambda: log_bucket_policy(
        LogBucketAccess(
            bucket=BUCKET,
            organization_trail=TRAIL,
            account_trails=(OWN_TRAIL,),
            member_trails=("Data",),
            organization_id=ORGANIZATION,
            backup_roles=(BACKUP,),
            readers=READERS,
            **EXEMPT,
        )
    ),
    "key policy": lambda: log_key_policy(
        LogKeyAccess(
            account=SECURITY,
            trails=(TRAIL, OWN_TRAIL),
            member_trails=("Data",),
            organization_id=ORGANIZATION,
            readers=READERS,
            **EXEMPT,
        )
    ),
    "SCP": lambda: document(scp_statements(PROTECTED)),
    "RCP": lambda: document(rcp_statements(PROTECTED, ORGANIZATION)),
    "IAM policy": lambda: document(iam_statements(FOR_PEOPLE, POLICIES)),
    "boundary": lambda: document(boundary_statements(FOR_PEOPLE, POLICIES)),
    "MFA": lambda: document([mfa_statement(PROTECTED)]),
    "replica's bucket policy": lambda: replica_bucket_policy(
        BucketGuard(partition="aws", bucket=REPLICA, organization_id=ORGANIZATION, **EXEMPT),
        account=SECURITY,
        replication_role=REPLICATION,
    ),
    "replica's key policy": lambda: replica_key_policy(
        Location(partition="aws", region="us-west-2", account=SECURITY),
        bucket=REPLICA,
        replication_role=REPLICATION,
        **EXEMPT,
    ),
    "archive's bucket policy": lambda: replica_bucket_policy(
        BucketGuard(
            partition="aws", bucket=ARCHIVED, organization_id=ORGANIZATION, **ARCHIVE_EXEMPT
        ),
        account=ARCHIVE,
        replication_role=ARCHIVING,
    ),
    "archive's key policy": lambda: replica_key_policy(
        Location(partition="aws", region="us-west-2", account=ARCHIVE),
        bucket=ARCHIVED,
        replication_role=ARCHIVING,
        **ARCHIVE_EXEMPT,
    ),
    "key policy of query results": lambda: results_key_policy(HERE, **EXEMPT),
    "key policy of alerts": lambda: alert_key_policy(
        HERE, topic="alerts", log_groups=("trail",), **EXEMPT
    ),
    "key policy of the feed": lambda: feed_key_policy(
        HERE, bucket=BUCKET, topic="feed", consumers=READERS, **EXEMPT
    ),
    "topic policy of alerts": lambda: alert_topic_policy(HERE, topic="alerts", rule_prefix="guard"),
    "topic policy of the feed": lambda: feed_topic_policy(HERE, bucket=BUCKET, topic="feed"),
    "access-log bucket policy": lambda: access_log_bucket_policy(
        EvidenceBucket(partition="aws", bucket=ACCESS_LOGS, **EXEMPT),
        source_bucket=BUCKET,
        account=SECURITY,
    ),
    "results bucket policy": lambda: results_bucket_policy(
        EvidenceBucket(partition="aws", bucket=RESULTS, **EXEMPT)
    ),
}
"""By name."""


def documents() -> dict[str, dict[str, Any]]:
    """The documents as AWS gets them, by name."""
    return {name: json.loads(json.dumps(make())) for name, make in MAKE.items()}
