"""Policy documents as pure functions: names and ARNs in, plain dicts out. No Pulumi here."""

from cloudtrail_guard.documents import quotas
from cloudtrail_guard.documents.arns import (
    bucket_arn,
    object_arn,
    parse_arn,
    partition_of_region,
    role_arn,
    root_arn,
    trail_arn,
)
from cloudtrail_guard.documents.bucket_policy import (
    BUCKET_POLICY_SIDS,
    LogBucketAccess,
    access_log_bucket_policy,
    log_bucket_policy,
)
from cloudtrail_guard.documents.guardrails import (
    ProtectedResources,
    mfa_statement,
    rcp_statements,
    scp_statements,
)
from cloudtrail_guard.documents.key_policy import KEY_POLICY_SIDS, LogKeyAccess, log_key_policy
from cloudtrail_guard.documents.merge import Merged, merge_policies
from cloudtrail_guard.documents.packing import pack_statements, select_statements
from cloudtrail_guard.documents.policy import (
    Document,
    DocumentError,
    Statement,
    document,
    to_json,
)
from cloudtrail_guard.documents.selectors import (
    DataEvents,
    advanced_event_selectors,
    check_insights,
)

__all__ = [
    "BUCKET_POLICY_SIDS",
    "KEY_POLICY_SIDS",
    "DataEvents",
    "Document",
    "DocumentError",
    "LogBucketAccess",
    "LogKeyAccess",
    "Merged",
    "ProtectedResources",
    "Statement",
    "access_log_bucket_policy",
    "advanced_event_selectors",
    "bucket_arn",
    "check_insights",
    "document",
    "log_bucket_policy",
    "log_key_policy",
    "merge_policies",
    "mfa_statement",
    "object_arn",
    "pack_statements",
    "parse_arn",
    "partition_of_region",
    "quotas",
    "rcp_statements",
    "role_arn",
    "root_arn",
    "scp_statements",
    "select_statements",
    "to_json",
    "trail_arn",
]
