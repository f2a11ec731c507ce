"""The Pulumi package schema of what is emulated.

The engine asks for it where a program has no SDK: for YAML programs, and for the code that
`pulumi import` writes. It has only the types and functions of the table.

Format: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin import sdk
from sandbox.plugin.services import FUNCTIONS, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.sdk_types import Schema, Type

_PLAIN: Final[Mapping[str, Mapping[str, str]]] = {
    "string": {"type": "string"},
    "document": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "asset": {"$ref": "pulumi.json#/Asset"},
    "any": {"$ref": "pulumi.json#/Any"},
}


def package_schema() -> dict[str, Any]:
    """The schema of the emulated part of the `aws` package."""
    writer = _Writer()
    resources = {token: writer.resource(sdk.resource_schema(token)) for token in TABLE}
    functions = {token: writer.function(token) for token in FUNCTIONS}
    return {
        "name": "aws",
        "version": sdk.VERSION,
        # Modules are in files of their own: aws:s3/bucket:Bucket is the Bucket of module s3.
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
        "language": {"python": {"compatibility": "tfbridge20"}},
        "types": writer.types,
        "resources": resources,
        "functions": functions,
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    types: dict[str, Any] = field(default_factory=dict[str, Any])
    """The nested types that were met, by their token."""

    def resource(self, schema: Schema) -> dict[str, Any]:
        inputs, outputs = self._object(schema.inputs), self._object(schema.outputs)
        secrets, fields = sdk.secrets(schema), schema.outputs.fields
        for properties in (inputs["properties"], outputs["properties"]):
            for name, described in properties.items():
                if name in secrets:
                    described["secret"] = True
                if name in fields and fields[name].deprecated:
                    described["deprecationMessage"] = fields[name].deprecated
        deprecation = sdk.deprecation(schema)
        return {
            **({"deprecationMessage": deprecation} if deprecation else {}),
            "inputProperties": inputs["properties"],
            "requiredInputs": inputs["required"],
            "properties": outputs["properties"],
        }

    def function(self, token: str) -> dict[str, Any]:
        schema = sdk.function_schema(token)
        inputs = self._object(schema.inputs)
        return {
            "inputs": {**inputs, "required": list(FUNCTIONS[token].required)},
            "outputs": self._object(schema.outputs),
        }

    def _object(self, type_: Type) -> dict[str, Any]:
        fields = type_.fields
        return {
            "type": "object",
            "properties": {name: self._type(item.type) for name, item in fields.items()},
            "required": [name for name, item in fields.items() if item.required],
        }

    def _type(self, type_: Type) -> dict[str, Any]:
        match type_.kind:
            case "list":
                return {"type": "array", "items": self._type(type_.element)}
            case "map":
                return {"type": "object", "additionalProperties": self._type(type_.element)}
            case "object":
                return {"$ref": f"#/types/{self._name(type_)}"}
            case kind:
                return dict(_PLAIN[kind])

    def _name(self, type_: Type) -> str:
        """The token of an object's type; it is described when it is met first."""
        cls: type = type_.source
        service = cls.__module__.split(".")[1]
        name = cls.__name__.removesuffix("Args")
        token = f"aws:{service}/{name}:{name}"
        if token not in self.types:
            self.types[token] = {}  # a type may contain itself
            self.types[token] = self._object(type_)
        return token
