"""The names of what stacks create, as policies, look-ups and components need them."""

from cloudtrail_guard.detection.event_rules import GLOBAL_REGIONS

from stacks.context import DeploymentContext
from stacks.settings.roles import CommonSettings, LockedBucketSettings, LogStackSettings

PREFIX = "cloudtrail-guard"
"""How the names of topics, alarms and rules begin, so that policies can protect them by name."""
ORGANIZATION_TRAIL = "SecurityAuditTrail"
"""The trail whose name the management stack's log group has, whatever the trail is called: a group
under another name would be a replacement, and lose the events that the old one has."""
ALARM_LOG_GROUPS = "/aws/cloudtrail/"
"""How the names of the log groups begin that alarms are made of."""
GUARDRAILS = "protect-cloudtrail"
"""How the names of the guardrail policies begin."""
LOG_FEED = f"{PREFIX}-log-feed"
"""The name of the log feed's topic and queue, and of its key's alias."""
ARCHIVE = f"{PREFIX}-archive"
"""The name of the role that replicates to an archive, and that the archive admits."""
MEMBER_TRAILS = f"{PREFIX}-member-trails"
"""The name of the member trails' StackSet."""
TRAIL_FUNCTION = f"{PREFIX}-response"
POLICY_FUNCTION = f"{PREFIX}-response-global"
"""The tamper response's functions: in the trail's region, and in that of Organizations' events."""
ALERT_BUS = f"{PREFIX}-watch"
"""The event bus that tampering is forwarded to from other accounts and regions."""


def prefix(context: DeploymentContext[CommonSettings]) -> str:
    """How the names of one stack begin: two stacks may share an account."""
    return f"{PREFIX}-logs" if context.settings.role == "security" else PREFIX


def log_bucket_name(context: DeploymentContext[LockedBucketSettings]) -> str:
    """The log bucket's name, or the archive's: as set, or as in AWS's console guide."""
    return context.settings.bucket_name or f"aws-cloudtrail-logs-{context.account}"


def replica_bucket_name(context: DeploymentContext[LogStackSettings]) -> str:
    """The replica's name: as set, or the log bucket's and ``-replica``."""
    replica = context.settings.replica
    if replica.archive is not None:
        return replica.archive.bucket_name
    return replica.bucket_name or f"{log_bucket_name(context)}-replica"


def results_bucket_name(context: DeploymentContext[LogStackSettings]) -> str:
    """The name of the bucket for query results: as set, or the log bucket's and ``-queries``."""
    return context.settings.queries.results_bucket_name or f"{log_bucket_name(context)}-queries"


def alert_bus_arn(context: DeploymentContext[CommonSettings]) -> str:
    """The ARN of this stack's event bus for alerts."""
    place = f"{context.region}:{context.account}"
    return f"arn:{context.partition}:events:{place}:event-bus/{ALERT_BUS}"


def trail_log_group(trail_name: str) -> str:
    """The log group of a trail's events."""
    return f"{ALARM_LOG_GROUPS}{trail_name}"


def response_log_group(function: str) -> str:
    """The log group that Lambda writes a function's log to."""
    return f"/aws/lambda/{function}"


def global_region(context: DeploymentContext[CommonSettings]) -> str:
    """The region that receives the events of global services."""
    return GLOBAL_REGIONS.get(context.partition, context.region)
