"""The schema that other languages see: whole, described, and typed."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cloudtrail_guard.detection.security_checks import CONFIG_RULES, STANDARDS
from cloudtrail_guard.inputs import choices
from cloudtrail_guard.plugin import COMPONENTS, ComponentHost

PREFIX = "cloudtrail-guard:index:"
SCHEMA: dict[str, Any] = json.loads(ComponentHost().schema or "")

UNTYPED: dict[str, str] = {}
"""Properties that may be of any type, with the reason. None is."""

SCALARS = {"string", "integer", "number", "boolean"}


def objects() -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    """Every object of the schema: its name, what it is, its properties, which are required."""
    for token, resource in SCHEMA["resources"].items():
        name = token.removeprefix(PREFIX)
        yield name, "inputs", resource["inputProperties"], resource.get("requiredInputs", [])
        yield name, "outputs", resource["properties"], resource.get("required", [])
    for token, type_ in SCHEMA["types"].items():
        name = token.removeprefix(PREFIX)
        yield name, "fields", type_.get("properties", {}), type_.get("required", [])


def properties() -> list[Any]:
    """Every property of the schema, by its path."""
    return [
        pytest.param(f"{name}.{key}", value, id=f"{name} {kind} {key}")
        for name, kind, fields, _ in objects()
        for key, value in fields.items()
    ]


def test_every_component_is_in_the_schema() -> None:
    served = {token.removeprefix(PREFIX) for token in SCHEMA["resources"]}

    assert served == {component.__name__ for component in COMPONENTS}
    assert all(resource["isComponent"] for resource in SCHEMA["resources"].values())


def test_the_package_says_what_it_is() -> None:
    assert SCHEMA["name"] == "cloudtrail-guard"
    for key in ("version", "displayName", "description", "keywords", "license"):
        assert SCHEMA[key], key


@pytest.mark.parametrize("kind", ["resources", "types"])
def test_every_component_type_and_enum_value_is_described(kind: str) -> None:
    for token, value in SCHEMA[kind].items():
        assert value.get("description"), token
        for member in value.get("enum", ()):
            assert member.get("description"), f"{token}.{member['name']}"


@pytest.mark.parametrize(("path", "value"), properties())
def test_every_property_is_described_in_sentences(path: str, value: dict[str, Any]) -> None:
    description = value.get("description", "")

    assert description, f"{path} has no description"
    assert description.endswith("."), f"{path}: {description}"
    assert "\n    " not in description, f"{path} is indented: {description}"


@pytest.mark.parametrize(("path", "value"), properties())
def test_every_property_has_a_type(path: str, value: dict[str, Any]) -> None:
    if path in UNTYPED:
        assert is_untyped(value), f"{path} is typed: take it off the list"
    else:
        assert not is_untyped(value), f"{path} has no type of its own: {value}"


def is_untyped(value: dict[str, Any]) -> bool:
    """Whether a value may be anything; references must lead somewhere."""
    if "$ref" in value:
        reference: str = value["$ref"]
        return reference.removeprefix("#/types/") not in SCHEMA["types"]
    if value.get("type") == "array":
        return is_untyped(value["items"])
    if value.get("type") == "object":
        return is_untyped(value.get("additionalProperties", {}))
    return value.get("type") not in SCALARS


def test_what_is_required_is_there() -> None:
    for name, kind, fields, required in objects():
        assert set(required) <= set(fields), f"{name} requires {kind} that it has not"


def test_descriptions_name_properties_as_other_languages_do() -> None:
    for name, _, fields, _ in objects():
        for key, value in fields.items():
            assert not re.search(r"`[a-z0-9]+(_[a-z0-9]+)+`", value["description"]), f"{name}.{key}"


def test_the_choices_are_enums_with_their_values() -> None:
    enums = {
        token.removeprefix(PREFIX): [member["value"] for member in type_["enum"]]
        for token, type_ in SCHEMA["types"].items()
        if "enum" in type_
    }

    assert enums["ObjectLockMode"] == list(choices.ObjectLockMode)
    assert enums["ReadWriteType"] == list(choices.ReadWriteType)
    assert enums["InsightType"] == list(choices.InsightType)
    assert enums["SubscriptionProtocol"] == list(choices.SubscriptionProtocol)
    assert enums["FindingFrequency"] == list(choices.FindingFrequency)
    assert enums["ConfigRule"] == list(CONFIG_RULES)
    assert enums["SecurityStandard"] == list(STANDARDS)


def test_generators_would_name_no_type_twice() -> None:
    resources = {token.removeprefix(PREFIX) for token in SCHEMA["resources"]}
    types = {token.removeprefix(PREFIX) for token in SCHEMA["types"]}

    # The input variant of a type is the type's name and `Args`; so are a component's arguments.
    assert not resources & types
    assert not any(name.endswith("Args") for name in types)


def test_everything_that_is_referred_to_is_used_and_there() -> None:
    referred = set(_references(SCHEMA))

    assert referred == {f"#/types/{token}" for token in SCHEMA["types"]}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item
            else:
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)
