"""From the stack's config to its settings, before any resource is registered."""

import difflib
import json
from collections.abc import Mapping
from typing import get_origin

import pulumi
from pulumi.runtime import get_config_env
from pulumi.runtime.config import CONFIG
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stacks.groups import Group
from stacks.settings import NAMESPACE, ROLES, Settings


class SettingsError(pulumi.RunError):
    """Settings that cannot be deployed; the message lists everything that is wrong with them."""

    def __init__(self, stack: str, problems: list[str]) -> None:
        """List the problems under one heading, with how to change a value."""
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(
            f"{count} with the settings of stack {stack!r}; nothing was deployed:\n{lines}\n"
            f"Every key is described in Pulumi.yaml. Change one with "
            f"`pulumi config set --stack {stack} --path {NAMESPACE}:<key> <value>`."
        )


def read_settings(stack: str) -> Settings:
    """The settings of the running stack, from its config.

    Raises:
        SettingsError: something is wrong; all of it is listed.
    """
    return parse_settings({**get_config_env(), **CONFIG.get()}, stack)


def parse_settings(config: Mapping[str, str], stack: str) -> Settings:
    """The settings out of a stack's whole config.

    Args:
        config: every key with its namespace, e.g. ``cloudtrail-guard:bucketName``; lists and
            objects as JSON, as the engine hands them to a program.
        stack: the stack's name: it gives the role where the config does not.

    Raises:
        SettingsError: something is wrong; all of it is listed.
    """
    own = {
        key.removeprefix(f"{NAMESPACE}:"): value
        for key, value in config.items()
        if key.startswith(f"{NAMESPACE}:")
    }
    own["role"] = own.get("role") or stack.rsplit("-", maxsplit=1)[-1]
    try:
        return Settings.model_validate({key: _decode(key, value) for key, value in own.items()})
    except ValidationError as error:
        problems = [_explain(details) for details in error.errors()]
        raise SettingsError(stack, problems) from None


def _decode(key: str, value: str) -> object:
    """A list or object from its JSON; anything else as it stands, for pydantic to judge."""
    field = next((f for f in Settings.model_fields.values() if f.alias == key), None)
    structured = field is not None and (
        get_origin(field.annotation) is list
        or (isinstance(field.annotation, type) and issubclass(field.annotation, Group))
    )
    if not structured:
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _explain(details: ErrorDetails) -> str:
    """One problem: the key, the value, what is allowed."""
    *_, name = details["loc"]
    path = ".".join(str(part) for part in details["loc"])
    key = f"{NAMESPACE}:{path}"
    if details["type"] == "extra_forbidden":
        known = _known_keys(details["loc"][:-1])
        near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"the keys here are {', '.join(known)}"
        return f"{key}: there is no such key; {hint}"
    if path == "role":
        return (
            f"{key} = {details['input']!r}: must be one of {', '.join(ROLES)}; it is the last part "
            "of the stack's name unless it is set"
        )
    message = details["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if details["type"] == "string_type" and isinstance(details["input"], int | float):
        message += "; write it in quotes: YAML takes it for a number, and drops zeros before it"
    return f"{key} = {json.dumps(details['input'], default=str)}: {message}"


def _known_keys(path: tuple[int | str, ...]) -> list[str]:
    """The keys of the group at this path."""
    group: type[Group] = Settings
    for part in path:
        field = next(f for f in group.model_fields.values() if f.alias == part)
        group = field.annotation  # type: ignore[assignment]
    return [str(field.alias) for field in group.model_fields.values()]
