"""Finding a resource type or function: its row in the table and its schema in the SDK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin import sdk
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.services import FUNCTIONS, TABLE
from sandbox.plugin.tree import walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Function, ResourceType

_NOT_HERE: Final = "is not emulated in the sandbox: its `aws` plugin has no row for it"


@dataclass(frozen=True, slots=True)
class CatalogType:
    """A resource type: its row, and its schema."""

    row: ResourceType
    schema: sdk.Schema

    @property
    def has_region(self) -> bool:
        """Whether a resource of this type may be in another region than the provider's."""
        return "region" in self.schema.inputs.fields

    @property
    def has_tags(self) -> bool:
        """Whether a resource of this type gets the provider's default tags."""
        return self.schema.outputs.fields.keys() >= {"tags", "tagsAll"}


def find_resource_type(token: str) -> CatalogType:
    """Find a resource type.

    Raises:
        ResourceError: the SDK does not know it, or there is no row for it.
    """
    try:
        schema = sdk.resource_schema(token)
    except sdk.UnknownNameError as error:
        raise ResourceError(str(error)) from error
    if token not in TABLE:
        raise ResourceError(f"resource type {token!r} {_NOT_HERE}")
    return CatalogType(TABLE[token], schema)


def find_function(token: str) -> tuple[Function, sdk.Schema]:
    """Find a function.

    Raises:
        ResourceError: the SDK does not know it, or there is no row for it.
    """
    try:
        schema = sdk.function_schema(token)
    except sdk.UnknownNameError as error:
        raise ResourceError(str(error)) from error
    if token not in FUNCTIONS:
        raise ResourceError(f"function {token!r} {_NOT_HERE}")
    return FUNCTIONS[token], schema


def hold_to_schema(schema: sdk.Schema, outputs: Mapping[str, Any], token: str) -> None:
    """See that a handler answers only what the SDK has.

    Raises:
        TypeError: it does not: a mistake in this package.
    """
    for node in walk(schema.outputs, outputs):
        if node.is_object and (unknown := node.value.keys() - node.type.fields.keys()):
            raise TypeError(f"{token} has no output {sorted(unknown)} in {str(node.place)!r}")
