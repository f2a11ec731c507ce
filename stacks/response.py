"""The tamper response: one function in the trail's region, one where Organizations is watched."""

from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import Guardrails, TamperResponse, Trail

from stacks.settings import Settings
from stacks.watch import PREFIX, Topics

if TYPE_CHECKING:
    from cloudtrail_guard import TamperResponseArgs

TRAIL_FUNCTION = f"{PREFIX}-response"
POLICY_FUNCTION = f"{PREFIX}-response-global"


def response_log_group(function: str) -> str:
    """The log group that Lambda writes a function's log to."""
    return f"/aws/lambda/{function}"


def tamper_response(
    settings: Settings,
    topics: Topics,
    trail: Trail,
    guardrails: Guardrails,
    targets: list[str],
) -> None:
    """Make the functions.

    Args:
        settings: the stack's settings.
        topics: told what was done.
        trail: the trail to start again.
        guardrails: the policies to attach again.
        targets: what they are attached to.
    """
    opts = pulumi.ResourceOptions(protect=settings.protect)
    dry_run = settings.tamper_response.dry_run
    policies: TamperResponseArgs = {
        "policy_ids": guardrails.policy_ids,
        "target_ids": targets,
        "alert_topic_arn": topics.home.alert_topic_arn,
        "alert_key_arn": topics.home.alert_key_arn,
        "dry_run": dry_run,
    }
    records: TamperResponseArgs = {
        "trail_arn": trail.trail_arn,
        "event_selectors": trail.event_selectors,
        "alert_topic_arn": topics.here.alert_topic_arn,
        "alert_key_arn": topics.here.alert_key_arn,
        "dry_run": dry_run,
    }
    if topics.home is topics.here:
        TamperResponse(TRAIL_FUNCTION, {**policies, **records}, opts=opts)
        return
    TamperResponse(TRAIL_FUNCTION, records, opts=opts)
    TamperResponse(POLICY_FUNCTION, {**policies, "region": topics.home_region}, opts=opts)
