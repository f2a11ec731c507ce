"""The names of what a stack creates, as far as the stacks decide them."""

from stacks.context import DeploymentContext
from stacks.settings.roles import CommonSettings, LogStackSettings, LogStorageSettings

PREFIX = "cloudtrail-guard"
"""How the names of topics, alarms and rules begin, so that policies can protect them by name."""
ORGANIZATION_TRAIL = "SecurityAuditTrail"
"""The trail whose name the management stack's log group has, whatever the trail is called: a group
under another name would be a replacement, and lose the events that the old one has."""


def prefix(context: DeploymentContext[CommonSettings]) -> str:
    """How the names of one stack begin: two stacks may share an account."""
    return f"{PREFIX}-logs" if context.settings.role == "security" else PREFIX


def log_bucket_name(context: DeploymentContext[LogStorageSettings]) -> str:
    """The log bucket's name: as set, or as in AWS's console guide."""
    return context.settings.bucket_name or f"aws-cloudtrail-logs-{context.account}"


def replica_bucket_name(context: DeploymentContext[LogStackSettings]) -> str:
    """The replica's name: as set, or the log bucket's and ``-replica``."""
    return context.settings.replica.bucket_name or f"{log_bucket_name(context)}-replica"


def results_bucket_name(context: DeploymentContext[LogStackSettings]) -> str:
    """The name of the bucket for query results: as set, or the log bucket's and ``-queries``."""
    return context.settings.queries.results_bucket_name or f"{log_bucket_name(context)}-queries"


def trail_log_group(trail_name: str) -> str:
    """The log group of a trail's events."""
    return f"/aws/cloudtrail/{trail_name}"


def response_log_group(function: str) -> str:
    """The log group that Lambda writes a function's log to."""
    return f"/aws/lambda/{function}"
