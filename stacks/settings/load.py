"""From the stack's config to its settings, before any resource is registered."""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast, get_origin

import pulumi
from pulumi.runtime import get_config_env
from pulumi.runtime.config import CONFIG, is_config_secret
from pydantic import ValidationError

from stacks.settings import NAMESPACE
from stacks.settings.base import Group
from stacks.settings.explain import explain, foreign_key, unknown_key, without_secrets
from stacks.settings.roles import MODELS, ROLES, Role, Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


class SettingsError(pulumi.RunError):
    """Settings that cannot be deployed; the message lists everything that is wrong with them."""

    def __init__(self, stack: str, problems: list[str]) -> None:
        """List the problems under one heading, with how to change a value."""
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        lines = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(
            f"{count} with the settings of stack '{stack}'; nothing was deployed:\n{lines}\n"
            f"Every key is described in Pulumi.yaml. Change one with "
            f"`pulumi config set --stack {stack} --path {NAMESPACE}:<key> <value>`."
        )


def read_settings(stack: str) -> Settings:
    """The settings of the running stack, from its config.

    Raises:
        SettingsError: something is wrong; all of it is listed.
    """
    config = {**get_config_env(), **CONFIG.get()}
    return parse_settings(config, stack, secret=[key for key in config if is_config_secret(key)])


def parse_settings(
    config: Mapping[str, str], stack: str, *, secret: Collection[str] = ()
) -> Settings:
    """Validate a stack's config.

    Args:
        config: every key with its namespace, e.g. ``cloudtrail-guard:bucketName``; lists and
            objects as JSON, as the engine hands them to a program.
        stack: the stack's name: its last part is the role, unless the config names one.
        secret: the keys, with their namespace, that the stack file keeps as secrets: no error
            shows their values.

    Raises:
        SettingsError: something is wrong; all of it is listed.
    """
    given = _given(config)
    role = given.get("role") or stack.rsplit("-", maxsplit=1)[-1]
    model = MODELS.get(cast("Role", role))
    if model is None:
        raise SettingsError(stack, [_bad_role(role, given), *_unknown_everywhere(given)])
    hidden = {key: given[key] for each in secret if (key := each.partition(":")[2]) in given}
    own = {field.alias for field in model.model_fields.values()}
    foreign = [key for key in given if key not in own]
    problems = [_foreign(key, cast("Role", role)) for key in foreign]
    try:
        settings = model.model_validate(
            {**{key: value for key, value in given.items() if key in own}, "role": role}
        )
    except ValidationError as error:
        problems = [*(explain(each, model, given, hidden) for each in error.errors()), *problems]
    else:
        if not problems:
            return settings
    values = list(hidden.values())
    raise SettingsError(stack, [without_secrets(each, values) for each in problems])


def declared_fields() -> "dict[str, tuple[FieldInfo, tuple[Role, ...]]]":
    """Every setting by its key: its one declaration, and the roles that have it."""
    found: dict[str, tuple[FieldInfo, tuple[Role, ...]]] = {}
    for role, model in MODELS.items():
        for field in model.model_fields.values():
            key = str(field.alias)
            found[key] = (field, (*(found[key][1] if key in found else ()), role))
    return found


def default_of(field: "FieldInfo") -> object:
    """A field's default as plain data, as it stands in `Pulumi.yaml`."""
    if isinstance(field.default, Group):
        return field.default.model_dump(mode="json", by_alias=True, exclude_none=True)
    return field.default


def _given(config: Mapping[str, str]) -> dict[str, object]:
    """What the user set: the engine also hands over every default that `Pulumi.yaml` declares."""
    fields = declared_fields()
    given: dict[str, object] = {}
    for full, text in config.items():
        namespace, _, key = full.partition(":")
        if namespace != NAMESPACE:
            continue
        if key not in fields:
            given[key] = text
            continue
        field, _ = fields[key]
        value = _decode(field, text)
        default = default_of(field)
        if value != default and text != json.dumps(default):
            given[key] = value
    return given


def _decode(field: "FieldInfo", value: str) -> object:
    """A list or object from its JSON; anything else as it is, for pydantic to validate."""
    if not (get_origin(field.annotation) is list or is_group(field.annotation)):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):  # no JSON; or too many digits, or too deep
        return value


def is_group(annotation: object) -> bool:
    """Whether an annotation is a model of settings that are an object."""
    return isinstance(annotation, type) and issubclass(annotation, Group)


def _bad_role(role: object, given: Mapping[str, object]) -> str:
    allowed = f"must be one of {', '.join(ROLES)}"
    if "role" in given:
        return f"{NAMESPACE}:role = {json.dumps(role)}: {allowed}"
    return (
        f"the stack's name does not end in a role: {allowed}, as in prod-security; name the stack "
        f"so, or set {NAMESPACE}:role"
    )


def _unknown_everywhere(given: Mapping[str, object]) -> list[str]:
    known = list(declared_fields())
    return [unknown_key(key, known) for key in given if key not in known]


def _foreign(key: str, role: Role) -> str:
    """A key that this role lacks: another role's, or none at all."""
    fields = declared_fields()
    if key in fields:
        return foreign_key(key, fields[key][1], role)
    own = [each for each, (_, roles) in fields.items() if role in roles]
    return unknown_key(key, own, {each: roles for each, (_, roles) in fields.items()})
