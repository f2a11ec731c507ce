"""The Lambda function that undoes tampering with the trail and its guardrails.

It starts logging again, restores the trail's event selectors and attaches detached policies, says
what it did, and leaves everything alone in a dry run. It runs by itself in Lambda: the standard
library and boto3, which the Python runtime brings, are all that it needs.

Environment:
    TRAIL_ARN: the trail to watch over; empty: none.
    SELECTORS: its advanced event selectors as JSON, as PutEventSelectors takes them.
    POLICIES: JSON list of the ids of policies that must stay attached.
    TARGETS: JSON list of the ids of the roots, OUs and accounts that each is attached to.
    TOPIC_ARN: the topic to notify.
    OWN_ROLE: name of the function's role: what it did itself is never undone.
    DRY_RUN: ``true``: only say what would be done.
"""

import json
import os
from dataclasses import dataclass
from typing import Any

import boto3


@dataclass(frozen=True)
class Action:
    """One thing to do.

    Attributes:
        service: the boto3 service.
        call: the client's method.
        arguments: its arguments.
        why: what it undoes, as a sentence.
    """

    service: str
    call: str
    arguments: dict[str, Any]
    why: str


@dataclass(frozen=True)
class Watch:
    """What the function watches over; see the module's environment."""

    trail: str
    selectors: list[dict[str, Any]]
    policies: list[str]
    targets: list[str]
    topic: str
    own_role: str
    dry_run: bool

    @classmethod
    def from_environment(cls, environment: dict[str, str]) -> "Watch":
        """Read the environment of the function."""
        return cls(
            trail=environment.get("TRAIL_ARN", ""),
            selectors=json.loads(environment.get("SELECTORS") or "[]"),
            policies=json.loads(environment.get("POLICIES") or "[]"),
            targets=json.loads(environment.get("TARGETS") or "[]"),
            topic=environment["TOPIC_ARN"],
            own_role=environment["OWN_ROLE"],
            # Anything but a plain "false" leaves everything alone.
            dry_run=environment.get("DRY_RUN", "true") != "false",
        )


def plan(detail: dict[str, Any], watch: Watch) -> list[Action]:
    """What an event calls for.

    Args:
        detail: the CloudTrail record in the event.
        watch: what to watch over.

    Returns:
        Nothing for calls that AWS refused, for the function's own calls, and for whatever else is
        none of its business.
    """
    if detail.get("errorCode") or _is_own(detail, watch):
        return []
    parameters = detail.get("requestParameters") or {}
    match detail.get("eventName"):
        case "StopLogging" if _concerns(parameters.get("name"), watch):
            return [
                Action(
                    "cloudtrail",
                    "start_logging",
                    {"Name": watch.trail},
                    "the trail was stopped: start logging again",
                )
            ]
        case "PutEventSelectors" if _concerns(parameters.get("trailName"), watch):
            return [
                Action(
                    "cloudtrail",
                    "put_event_selectors",
                    {"TrailName": watch.trail, "AdvancedEventSelectors": watch.selectors},
                    "the trail's event selectors were changed: restore them",
                )
            ]
        case "DetachPolicy":
            policy, target = parameters.get("policyId"), parameters.get("targetId")
            if policy in watch.policies and target in watch.targets:
                return [
                    Action(
                        "organizations",
                        "attach_policy",
                        {"PolicyId": policy, "TargetId": target},
                        f"guardrail {policy} was detached from {target}: attach it again",
                    )
                ]
            return []
        case _:
            return []


def handle(event: dict[str, Any], watch: Watch, client: Any) -> dict[str, Any]:  # noqa: ANN401
    """Undo what an event reports, and say so.

    Args:
        event: the EventBridge event.
        watch: what to watch over.
        client: makes a boto3 client for a service.

    Returns:
        What was done, for the function's log.
    """
    detail = event.get("detail", {})
    actions = plan(detail, watch)
    for action in actions:
        if not watch.dry_run:
            getattr(client(action.service), action.call)(**action.arguments)
        client("sns").publish(
            TopicArn=watch.topic,
            Subject="CloudTrail guard: dry run" if watch.dry_run else "CloudTrail guard acted",
            Message=_message(action, detail, dry_run=watch.dry_run),
        )
    return {"dryRun": watch.dry_run, "actions": [action.why for action in actions]}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The function's entry point."""
    done = handle(event, Watch.from_environment(dict(os.environ)), boto3.client)
    print(json.dumps(done))  # noqa: T201 - stdout is the function's log
    return done


def _is_own(detail: dict[str, Any], watch: Watch) -> bool:
    session = (detail.get("userIdentity") or {}).get("sessionContext") or {}
    return (session.get("sessionIssuer") or {}).get("userName") == watch.own_role


def _concerns(name: str | None, watch: Watch) -> bool:
    """Whether a call named the trail, which it may by name or by ARN."""
    return bool(watch.trail) and name in (watch.trail, watch.trail.rsplit("/", maxsplit=1)[-1])


def _message(action: Action, detail: dict[str, Any], *, dry_run: bool) -> str:
    identity = detail.get("userIdentity") or {}
    did = "Would do" if dry_run else "Done"
    return (
        f"{did}: {action.why}.\n"
        f"{detail.get('eventName')} by {identity.get('arn', 'unknown')} from "
        f"{detail.get('sourceIPAddress', 'unknown')} at {detail.get('eventTime', 'unknown')}, "
        f"event {detail.get('eventID', 'unknown')}."
    )
