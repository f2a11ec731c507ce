"""The report on an organization in which all is as meant, and changes to what AWS answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support.posture import BREAK_GLASS, STORE, WORKLOAD, good_facts, report

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = report(good_facts())
STRANGER = f"arn:aws:iam::{WORKLOAD}:role/Stranger"
"""A role that nothing of the stacks names."""


def without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """An answer that lacks what a key says."""
    return lambda value: {**value, key: None}


def without_statement(sid: str) -> Callable[[Any], Any]:
    """A policy that lacks a statement."""
    return lambda policy: {
        **policy,
        "Statement": [each for each in policy["Statement"] if each["Sid"] != sid],
    }


def with_statement(**statement: Any) -> Callable[[Any], Any]:
    """A policy with one more statement."""
    return lambda policy: {**policy, "Statement": [*policy["Statement"], statement]}


def exempting(arn: str) -> Callable[[Any], Any]:
    """Every deny of the first policy exempts one more principal."""

    def add(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        text = json.dumps(policies).replace(f'"{BREAK_GLASS}"', f'"{BREAK_GLASS}", "{arn}"')
        # One value is no list.
        for key in ("aws:PrincipalArn", "Resource"):
            text = text.replace(
                f'"{key}": "{BREAK_GLASS}", "{arn}"', f'"{key}": ["{BREAK_GLASS}", "{arn}"]'
            )
        return json.loads(text)

    return add


def first(**values: Any) -> Callable[[Any], Any]:
    """A list whose first entry has other values."""
    return lambda found: [{**found[0], **values}, *found[1:]]


def replicating(**values: Any) -> Callable[[Any], Any]:
    """The rule of the log bucket's replication, changed."""
    return lambda found: {**found, "Rules": first(**values)(found["Rules"])}


def copied_to(bucket: str) -> dict[str, Any]:
    """A rule that copies to another bucket."""
    return {"Status": "Enabled", "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"}}


def store(check: str) -> str:
    """The id of a check of the event data store."""
    return f"lake.{check}.{STORE.rpartition('/')[2]}"


def lock(mode: str, days: int) -> dict[str, Any]:
    """An Object Lock configuration."""
    retention = {"Mode": mode, "Days": days}
    return {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
