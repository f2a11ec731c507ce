"""The trail: its settings, its status, what it records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.collect.answers import ask

if TYPE_CHECKING:
    from posture.collect.access import Clients
    from posture.collect.answers import Answer


class NoTrailError(Exception):
    """There is no trail, or none was chosen."""


def find_trail(clients: Clients, region: str) -> str:
    """The ARN of the account's trail: the organization's, or the only one of all regions.

    Raises:
        NoTrailError: there is none, or there are several.
        ClientError: AWS refused to list them.
    """
    listed: list[dict[str, Any]] = clients("cloudtrail", region).describe_trails(
        includeShadowTrails=True
    )["trailList"]
    everywhere = [each for each in listed if each.get("IsMultiRegionTrail")]
    organization = [each for each in everywhere if each.get("IsOrganizationTrail")]
    found = sorted({str(each["TrailARN"]) for each in organization or everywhere or listed})
    if not found:
        raise NoTrailError(
            f"there is no trail in region {region}: name it with --trail-arn, or choose the "
            "account with --profile and the region with --region"
        )
    if len(found) > 1:
        raise NoTrailError(f"there are several trails: choose one with --trail-arn: {found}")
    return found[0]


def ask_about_trail(clients: Clients, arn: str) -> dict[str, Answer]:
    """The answers about a trail, in its home region."""
    client = clients("cloudtrail", arn.split(":")[3])
    return {
        "trail": ask(
            "cloudtrail:GetTrail",
            arn,
            lambda: client.get_trail(Name=arn)["Trail"],
            absent=("TrailNotFoundException",),
        ),
        "trails": ask(
            "cloudtrail:DescribeTrails",
            arn.split(":")[3],
            lambda: sorted(
                each["TrailARN"]
                for each in client.describe_trails(includeShadowTrails=True)["trailList"]
            ),
        ),
        "trail.status": ask(
            "cloudtrail:GetTrailStatus",
            arn,
            lambda: _status(client.get_trail_status(Name=arn)),
            absent=("TrailNotFoundException",),
        ),
        "trail.selectors": ask(
            "cloudtrail:GetEventSelectors",
            arn,
            lambda: _without_metadata(client.get_event_selectors(TrailName=arn)),
            absent=("TrailNotFoundException",),
        ),
        "trail.insights": ask(
            "cloudtrail:GetInsightSelectors",
            arn,
            lambda: client.get_insight_selectors(TrailName=arn)["InsightSelectors"],
            absent=("InsightNotEnabledException", "TrailNotFoundException"),
        ),
    }


def _status(answer: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.isoformat() if hasattr(value, "isoformat") else value
        for key, value in _without_metadata(answer).items()
    }


def _without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}
