"""Validation errors in a user's words: the key, the value, what is allowed."""

import difflib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from stacks.settings import NAMESPACE
from stacks.settings.base import Group
from stacks.settings.roles import RETENTION

_NEAR = 0.6
HIDDEN = "[secret]"
_SHORTEST_SECRET = 4
_LONGEST = 1_000
"""Of a longer value an error shows the beginning: what is wrong must not be lost in it."""


def explain(
    details: ErrorDetails,
    model: type[BaseModel],
    given: Mapping[str, object],
    secret: Collection[str] = (),
) -> str:
    """One problem with a value that the user set.

    Args:
        details: pydantic's error.
        model: the model of the stack's role.
        given: what the user set, by key.
        secret: the keys whose values are not shown.
    """

    def text_of(key: object, value: object) -> str:
        return HIDDEN if key in secret else _shown(value)

    path, kind = details["loc"], details["type"]
    if kind == RETENTION:
        # Either may be the default: the message names what the user set.
        keys = [key for key in ("objectLock", "lifecycle") if key in given]
        shown = ", ".join(f"{NAMESPACE}:{key} = {text_of(key, given[key])}" for key in keys)
        return f"{shown}: {details['msg']}"
    if kind == "extra_forbidden":
        return unknown_key(_dotted(path), _keys_at(model, path[:-1]), parent=_dotted(path[:-1]))
    if kind == "missing":
        return (
            f"{NAMESPACE}:{_dotted(path[:-1])} = {text_of(path[0], details['input'])}: needs the "
            f"key {path[-1]}"
        )
    return (
        f"{NAMESPACE}:{_dotted(path)} = {text_of(path[0], details['input'])}: {_allowed(details)}"
    )


def foreign_key(key: str, owners: Sequence[str], role: str) -> str:
    """A key that belongs to stacks of other roles."""
    return (
        f"{NAMESPACE}:{key} is a setting of {' and '.join(owners)} stacks, and this is a {role} "
        f"stack, where it has no effect: remove it with `pulumi config rm {NAMESPACE}:{key}`"
    )


def unknown_key(
    key: str,
    known: Collection[str],
    owners: Mapping[str, Sequence[str]] | None = None,
    *,
    parent: str = "",
) -> str:
    """A key that no stack has, with the nearest that there is.

    Args:
        key: the key, with the path to it.
        known: the keys that may stand in its place.
        owners: the roles of every key, if keys of other roles are meant possibly.
        parent: the path without the last key.
    """
    name = key.removeprefix(f"{parent}.")
    if near := difflib.get_close_matches(name, known, n=1, cutoff=_NEAR):
        hint = f"did you mean {near[0]}?"
    elif near := difflib.get_close_matches(name, owners or (), n=1, cutoff=_NEAR):
        hint = (
            f"did you mean {near[0]}, a setting of {' and '.join((owners or {})[near[0]])} stacks?"
        )
    else:
        hint = f"the keys here are {', '.join(known)}"
    return f"{NAMESPACE}:{key}: there is no such key; {hint}"


def without_secrets(problem: str, secret: Sequence[object]) -> str:
    """A problem in which no value of a secret setting stands.

    Args:
        problem: the message.
        secret: the values, each perhaps with others in it.
    """
    texts = [text for value in secret for text in _texts_in(value)]
    for text in sorted(texts, key=len, reverse=True):
        problem = problem.replace(json.dumps(text)[1:-1], HIDDEN).replace(text, HIDDEN)
    return problem


def _texts_in(value: object) -> list[str]:
    """Every text and number in a value; a key of an object is no secret."""
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts_in(each)]
    if isinstance(value, list):
        return [text for each in cast("list[object]", value) for text in _texts_in(each)]
    text = "" if value is None or isinstance(value, bool) else str(value)
    return [text] if len(text) >= _SHORTEST_SECRET else []


def _allowed(details: ErrorDetails) -> str:
    """What is allowed, from pydantic's error."""
    context: Mapping[str, Any] = details.get("ctx", {})
    plain = {
        "bool_parsing": "must be true or false",
        "bool_type": "must be true or false",
        "list_type": "must be a list",
        "model_type": "must be an object",
        "int_parsing": "must be a whole number",
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "greater_than_equal": f"must be {context.get('ge')} or more",
        "less_than_equal": f"must be {context.get('le')} or less",
        "too_short": f"must have at least {context.get('min_length')} entry",
    }
    kind = details["type"]
    if kind in plain:
        return plain[kind]
    if kind in {"literal_error", "enum"}:
        choices = [each for each in re.findall(r"'([^']*)'", str(context["expected"])) if each]
        return f"must be one of {', '.join(choices)}"
    if kind == "string_type":
        quotes = "; write it in quotes: YAML reads it as a number and drops leading zeros"
        is_number = isinstance(details["input"], int | float)
        return f"must be text{quotes if is_number else ''}"
    return details["msg"].removeprefix("Value error, ")


def _shown(value: object) -> str:
    """A value as it stands in a stack file."""
    text = json.dumps(value, default=lambda each: each.model_dump(mode="json", by_alias=True))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"


def _dotted(path: Sequence[int | str]) -> str:
    return ".".join(map(str, path))


def _keys_at(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    """The keys of the object at this path."""
    for part in path:
        if isinstance(part, int):
            continue
        field = next(f for f in model.model_fields.values() if f.alias == part)
        model = _group_in(field.annotation) or model
    return [str(field.alias) for field in model.model_fields.values()]


def _group_in(annotation: Any) -> type[Group] | None:  # noqa: ANN401 - annotations have no common type
    """The model in an annotation: itself, or in a list or a union."""
    if isinstance(annotation, type) and issubclass(annotation, Group):
        return annotation
    inner = (_group_in(each) for each in getattr(annotation, "__args__", ()))
    return next((each for each in inner if each), None)
