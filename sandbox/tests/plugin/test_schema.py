"""The package schema of what is emulated."""

import json
from typing import Any

import pytest

from sandbox.plugin import sdk
from sandbox.plugin.schema import package_schema
from sandbox.plugin.services import FUNCTIONS, TABLE


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads(json.dumps(package_schema()))


def test_every_row_and_function_is_in_it(schema: dict[str, Any]) -> None:
    assert (schema["name"], schema["version"]) == ("aws", sdk.VERSION)
    assert schema["resources"].keys() == TABLE.keys()
    assert schema["functions"].keys() == FUNCTIONS.keys()


def test_a_resource_has_its_inputs_and_outputs(schema: dict[str, Any]) -> None:
    trail = schema["resources"]["aws:cloudtrail/trail:Trail"]

    assert trail["requiredInputs"] == ["s3BucketName"]
    assert trail["inputProperties"]["tags"] == {
        "type": "object",
        "additionalProperties": {"type": "string"},
    }
    assert trail["inputProperties"]["eventSelectors"] == {
        "type": "array",
        "items": {"$ref": "#/types/aws:cloudtrail/TrailEventSelector:TrailEventSelector"},
    }
    assert "homeRegion" in trail["properties"].keys() - trail["inputProperties"].keys()


def test_a_function_has_its_arguments_and_results(schema: dict[str, Any]) -> None:
    role = schema["functions"]["aws:iam/getRole:getRole"]

    assert role["inputs"]["required"] == ["name"]
    assert role["outputs"]["properties"]["maxSessionDuration"] == {"type": "integer"}


def _references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set[str]()
        return own.union(*(_references(item) for item in part.values()))
    if isinstance(part, list):
        return set[str]().union(*(_references(item) for item in part))
    return set()


def test_every_type_that_is_named_is_described(schema: dict[str, Any]) -> None:
    named = {
        reference.removeprefix("#/types/")
        for reference in _references(schema)
        if reference.startswith("#/types/")
    }

    assert named == schema["types"].keys()
    assert all("properties" in type_ for type_ in schema["types"].values())
