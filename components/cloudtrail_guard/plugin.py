"""The components as a plugin: what serves them to every Pulumi language.

Pulumi's own host infers the schema from the components and constructs them. This one also
normalizes what other languages would trip over: see `ComponentHost`.
"""

import inspect
import json
import re
from importlib.metadata import version
from typing import Any, cast

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.provider import ConstructResult, main
from pulumi.provider.experimental.analyzer import ComponentDefinition
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ComponentInitError

import cloudtrail_guard
from cloudtrail_guard.inputs.reader import InputReader

PACKAGE = "cloudtrail-guard"

_PYTHON_NAME = re.compile(r"`[a-z0-9]+(?:_[a-z0-9]+)+`")

METADATA = {
    "displayName": "CloudTrail Guard",
    "description": "An AWS CloudTrail that is set up, encrypted, locked and protected",
    "keywords": ["pulumi", "aws", "cloudtrail", "category/infrastructure", "kind/component"],
    "license": "Apache-2.0",
}
"""What a registry and generated SDKs say of the package."""

COMPONENTS: list[type[pulumi.ComponentResource]] = [
    exported
    for name in cloudtrail_guard.__all__
    if isinstance(exported := getattr(cloudtrail_guard, name), type)
    and issubclass(exported, pulumi.ComponentResource)
]
"""Every component that the package exports."""


class ComponentHost(ComponentProvider):
    """Pulumi's component host, and where it differs.

    - Inputs are held to the schema before the component sees them, and become what the schema says,
      whether known yet or not: see `InputReader`.
    - An error in the arguments is reported without the plugin's stack trace.
    - Types have the names that SDK generators expect, without `Args` at their end, and texts have
      no indentation of Python source.
    """

    def __init__(self, components: list[type[pulumi.ComponentResource]] = COMPONENTS) -> None:
        """Infer the schema of these components."""
        super().__init__(components, PACKAGE, version=version(PACKAGE))
        self.schema = json.dumps(normalized_schema(json.loads(self.schema or "{}")))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Construct a component.

        Raises:
            InputPropertiesError: the component rejects its arguments.
        """
        try:
            return super().construct(name, resource_type, inputs, options)
        except ComponentInitError as error:
            if isinstance(error.inner, pulumi.RunError):
                raise InputPropertiesError(str(error.inner), []) from None
            raise

    def map_inputs(
        self, inputs: pulumi.Inputs, component_def: ComponentDefinition
    ) -> pulumi.Inputs:
        """The component's arguments.

        Raises:
            InputPropertiesError: inputs do not fit the schema; it names each of them.
        """
        reader = InputReader(component_def, self._type_defs)
        arguments = reader.read(inputs)
        if reader.wrong:
            message = f"{component_def.name} cannot take its inputs"
            raise InputPropertiesError(message, reader.wrong)
        return arguments


def normalized_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The inferred schema as SDK generators want it.

    - The name of a type has no `Args` at its end: generators add it, to the input variant.
    - The items of a list of objects are never `plain`: the Go generator has no type for these.
    - Descriptions lose the indentation that they have in the source, and name properties as other
      languages do, `bucketName` instead of `bucket_name`.
    """
    normalized = cast("dict[str, Any]", _normalized(schema))
    types = cast("dict[str, Any]", normalized.get("types", {}))
    normalized["types"] = {_type_name(token): type_ for token, type_ in types.items()}
    return normalized | METADATA


def _normalized(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_normalized(item) for item in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    normalized = {key: _normalized(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(normalized.get("description"), str):
        text = inspect.cleandoc(normalized["description"])
        normalized["description"] = _PYTHON_NAME.sub(_schema_name, text)
    if isinstance(normalized.get("$ref"), str):
        normalized["$ref"] = _type_name(normalized["$ref"])
    items = normalized.get("items")
    if isinstance(items, dict) and "$ref" in items:
        normalized["items"] = {"$ref": items["$ref"]}
    return normalized


def _schema_name(match: re.Match[str]) -> str:
    first, *rest = match[0].split("_")
    return first + "".join(word.capitalize() for word in rest)


def _type_name(token: str) -> str:
    return token.removesuffix("Args")


def serve() -> None:
    """Serve the components to the engine that started this process."""
    main(ComponentHost(), [])
