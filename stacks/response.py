"""The tamper response: a function in the trail's region, and one for Organizations' events."""

from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import Guardrails, TamperResponse, Trail

from stacks.monitoring import Topics
from stacks.names import POLICY_FUNCTION, TRAIL_FUNCTION
from stacks.settings.roles import ManagementSettings

if TYPE_CHECKING:
    from cloudtrail_guard import TamperResponseArgs


def tamper_response(
    settings: ManagementSettings,
    topics: Topics,
    trail: Trail,
    guardrails: Guardrails,
    targets: list[str],
) -> None:
    """Create the functions.

    Args:
        settings: the stack's settings.
        topics: where the functions report what they did.
        trail: the trail to start again.
        guardrails: the policies to reattach.
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
        "trail_settings": trail.settings,
        "alert_topic_arn": topics.here.alert_topic_arn,
        "alert_key_arn": topics.here.alert_key_arn,
        "dry_run": dry_run,
    }
    if topics.home is topics.here:
        TamperResponse(TRAIL_FUNCTION, {**policies, **records}, opts=opts)
        return
    TamperResponse(TRAIL_FUNCTION, records, opts=opts)
    TamperResponse(POLICY_FUNCTION, {**policies, "region": topics.home_region}, opts=opts)
