"""What the choices of all parts are written with."""

from __future__ import annotations

from typing import Any, Final

Arguments = dict[str, Any]
Choice = dict[str, Arguments]
"""The arguments of resources, in the SDK's names: ``$of`` is another resource's output."""

BUCKET: Final = "arn:aws:s3:::{bucket}"
OBJECTS: Final = f"{BUCKET}/*"
TRAIL: Final = "arn:aws:cloudtrail:us-east-1:{account}:trail/audit"
FOREIGN: Final = "{foreign}"
ORGANIZATION: Final = "o-a1b2c3d4e5"


def statement(effect: str, principal: Any, action: Any, resource: Any, **more: Any) -> Any:
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": action,
        "Resource": resource,
        **({"Condition": more} if more else {}),
    }


def allow(principal: Any, action: Any, resource: Any = OBJECTS, **conditions: Any) -> Choice:
    return {
        "policy": {"statements": [statement("Allow", principal, action, resource, **conditions)]}
    }


def deny(action: Any, resource: Any, **conditions: Any) -> Choice:
    return {"policy": {"statements": [statement("Deny", "*", action, resource, **conditions)]}}


def key_allows(principal: Any, action: Any, **conditions: Any) -> Choice:
    return {
        "key-policy": {"statements": [statement("Allow", principal, action, "*", **conditions)]}
    }
