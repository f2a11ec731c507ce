"""What the IAM rows have in common."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.policies import compact_json
from sandbox.plugin.resource import conflict
from sandbox.plugin.validators import length, matching

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Call, Validator

GONE: Final = "NoSuchEntity"
NAME_OR_PREFIX: Final = conflict("name", "namePrefix")
PREFIX_KEPT: Final = {"namePrefix": "AWS knows the whole name only"}


def name_rules(max_length: int) -> tuple[Validator, ...]:
    """What IAM allows in the name of a role or policy."""
    return (
        length(0, max_length),
        matching(r"^[\w+=,.@-]*$", r"invalid value for {name} (must match [\w+=,.@-])"),
    )


def document(answer: Any) -> str:  # noqa: ANN401 - botocore decodes some documents, others not
    """A policy document of an IAM answer, as text."""
    return compact_json(answer if isinstance(answer, str) else json.dumps(answer))


def everything(call: Call, operation: str, key: str, **request: str) -> list[Any]:
    """Every item of a listing."""
    pages = call.client("iam").get_paginator(operation).paginate(**request)
    return [item for page in pages for item in page[key]]


def requested(inputs: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The request parameters of those inputs that say something."""
    return {theirs: inputs[ours] for ours, theirs in names.items() if inputs.get(ours)}
