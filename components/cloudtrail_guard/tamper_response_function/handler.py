"""The Lambda function that undoes tampering with the trail and its guardrails.

It starts logging again, restores the trail's settings and event selectors, makes a deleted trail
again and attaches detached policies, says what it did and what it does not undo, and leaves
everything alone in a dry run. It runs by itself in Lambda: the standard
library and boto3, which the Python runtime brings, are all that it needs.

Environment:
    TRAIL_ARN: the trail to watch over; empty: none.
    SELECTORS: its advanced event selectors as JSON, as PutEventSelectors takes them.
    SETTINGS: its other settings as JSON, as UpdateTrail and CreateTrail take them; ``{}``: unknown.
    NOT_UNDONE: JSON object of the events on guardrails that are left to people, with the reasons.
    POLICIES: JSON list of the ids of policies that must stay attached.
    TARGETS: JSON list of the ids of the roots, OUs and accounts that each is attached to.
    TOPIC_ARN: the topic to notify.
    OWN_ROLE: ARN of the function's role: what it did itself is never undone.
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
    settings: dict[str, Any]
    not_undone: dict[str, str]
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
            settings=json.loads(environment.get("SETTINGS") or "{}"),
            not_undone=json.loads(environment.get("NOT_UNDONE") or "{}"),
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
    event = str(detail.get("eventName"))
    if event == "DetachPolicy":
        return _attach(parameters.get("policyId"), parameters.get("targetId"), watch)
    name = parameters.get("trailName" if "trailName" in parameters else "name")
    return _restore(event, watch) if _concerns(name, watch) else []


def _restore(event: str, watch: Watch) -> list[Action]:
    """What restores the trail after an event on it."""
    trail = watch.trail.rsplit("/", maxsplit=1)[-1]
    match event:
        case "StopLogging":
            actions = [_start(watch, "the trail was stopped: start logging again")]
        case "PutEventSelectors":
            actions = [_select(watch, "the trail's event selectors were changed: restore them")]
        case "UpdateTrail" if watch.settings:
            why = "the trail's settings were changed: restore them"
            actions = [_trail("update_trail", why, Name=watch.trail, **watch.settings)]
        case "DeleteTrail" if watch.settings:
            why = "the trail was deleted"
            # CreateTrail takes no empty text, with which UpdateTrail clears a setting.
            given = {name: value for name, value in watch.settings.items() if value != ""}
            again = f"{why}: make it again, without its Insights and tags"
            actions = [
                _trail("create_trail", again, Name=trail, **given),
                _select(watch, f"{why}: restore its event selectors"),
                _start(watch, f"{why}: start logging again"),
            ]
        case _:
            actions = []
    return actions


def _attach(policy: str | None, target: str | None, watch: Watch) -> list[Action]:
    """What attaches a policy again, if it and its target are watched over."""
    if policy not in watch.policies or target not in watch.targets:
        return []
    return [
        Action(
            "organizations",
            "attach_policy",
            {"PolicyId": policy, "TargetId": target},
            f"guardrail {policy} was detached from {target}: attach it again",
        )
    ]


def declined(detail: dict[str, Any], watch: Watch) -> str:
    """Why an event that is tampering is not undone; empty for any other event.

    Args:
        detail: the CloudTrail record in the event.
        watch: what to watch over.
    """
    name = str(detail.get("eventName"))
    if detail.get("errorCode") or _is_own(detail, watch) or name not in watch.not_undone:
        return ""
    policy = (detail.get("requestParameters") or {}).get("policyId")
    if not watch.policies or (policy and policy not in watch.policies):
        return ""
    return f"{watch.not_undone[name]}; `pulumi up` of the management stack restores the guardrails"


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
    reason = declined(detail, watch)
    if reason:
        client("sns").publish(
            TopicArn=watch.topic,
            Subject="CloudTrail guard: not undone",
            Message=f"Not undone: {reason}.\n{_event(detail)}",
        )
    done = {"dryRun": watch.dry_run, "actions": [action.why for action in actions]}
    return {**done, "notUndone": reason} if reason else done


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The function's entry point."""
    done = handle(event, Watch.from_environment(dict(os.environ)), boto3.client)
    print(json.dumps(done))  # noqa: T201 - stdout is the function's log
    return done


def _is_own(detail: dict[str, Any], watch: Watch) -> bool:
    session = (detail.get("userIdentity") or {}).get("sessionContext") or {}
    return (session.get("sessionIssuer") or {}).get("arn") == watch.own_role


def _concerns(name: str | None, watch: Watch) -> bool:
    """Whether a call named the trail, which it may by name or by ARN."""
    return bool(watch.trail) and name in (watch.trail, watch.trail.rsplit("/", maxsplit=1)[-1])


def _trail(call: str, why: str, /, **arguments: Any) -> Action:  # noqa: ANN401 - boto3's
    return Action("cloudtrail", call, arguments, why)


def _start(watch: Watch, why: str) -> Action:
    return _trail("start_logging", why, Name=watch.trail)


def _select(watch: Watch, why: str) -> Action:
    return _trail(
        "put_event_selectors",
        why,
        TrailName=watch.trail,
        AdvancedEventSelectors=watch.selectors,
    )


def _message(action: Action, detail: dict[str, Any], *, dry_run: bool) -> str:
    did = "Would do" if dry_run else "Done"
    return f"{did}: {action.why}.\n{_event(detail)}"


def _event(detail: dict[str, Any]) -> str:
    identity = detail.get("userIdentity") or {}
    return (
        f"{detail.get('eventName')} by {identity.get('arn', 'unknown')} from "
        f"{detail.get('sourceIPAddress', 'unknown')} at {detail.get('eventTime', 'unknown')}, "
        f"event {detail.get('eventID', 'unknown')}."
    )
