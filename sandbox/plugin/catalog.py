"""Finding a resource type or function: its row in the table and its schema in the SDK."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin import sdk
from sandbox.plugin.limits import limits
from sandbox.plugin.property_path import walk
from sandbox.plugin.resource import ResourceError, conflict
from sandbox.plugin.services import FUNCTIONS, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Function, ResourceType
    from sandbox.plugin.sdk_types import Schema

_NOT_HERE: Final = "is not emulated in the sandbox: its `aws` plugin has no row for it"


@dataclass(frozen=True, slots=True)
class CatalogType:
    """A resource type: its row, and its schema."""

    row: ResourceType
    schema: Schema

    @property
    def has_region(self) -> bool:
        """Whether a resource of this type may be in another region than the provider's."""
        return "region" in self.schema.inputs.fields

    @property
    def has_tags(self) -> bool:
        """Whether a resource of this type gets the provider's default tags."""
        return self.schema.outputs.fields.keys() >= {"tags", "tagsAll"}


_PROVIDER_ONLY: Final = ("forceDestroy", "skipDestroy", "timeouts")
"""Inputs that say what the provider does, and of which AWS knows nothing."""


FOUND_TYPES: Final[set[str]] = set()
FOUND_FUNCTIONS: Final[set[str]] = set()
"""What was found in this process: its part of the SDK is loaded."""


@cache
def find_resource_type(token: str) -> CatalogType:
    """Find a resource type, its row completed by what the SDK and AWS's model say.

    Raises:
        ResourceError: the SDK does not know it, or there is no row for it.
    """
    try:
        schema = sdk.resource_schema(token)
    except sdk.UnknownNameError as error:
        raise ResourceError(str(error)) from error
    if token not in TABLE:
        raise ResourceError(f"resource type {token!r} {_NOT_HERE}")
    FOUND_TYPES.add(token)
    return CatalogType(_completed(TABLE[token], schema), schema)


def _completed(row: ResourceType, schema: Schema) -> ResourceType:
    inputs = schema.inputs.fields
    prefixes = {row.name.prefix} & inputs.keys() if row.name is not None else set[str]()
    emulated = prefixes - row.not_emulated.keys()
    return replace(
        row,
        computed=row.computed | sdk.computed(schema),
        replace=row.replace | emulated,
        state_only={
            **{name: "only for the provider" for name in _PROVIDER_ONLY if name in inputs},
            **dict.fromkeys(emulated, "AWS knows the whole name only"),
            **row.state_only,
        },
        relations=(
            *row.relations,
            *(conflict(row.name.input_name, prefix) for prefix in emulated if row.name is not None),
        ),
        validate={**limits(row, schema), **row.validate},
    )


def find_function(token: str) -> tuple[Function, Schema]:
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
    FOUND_FUNCTIONS.add(token)
    return FUNCTIONS[token], schema


def hold_to_schema(schema: Schema, outputs: Mapping[str, Any], token: str) -> None:
    """See that a handler answers only what the SDK has.

    Raises:
        TypeError: it does not: a mistake in this package.
    """
    for node in walk(schema.outputs, outputs):
        if node.is_object and (unknown := node.value.keys() - node.type.fields.keys()):
            raise TypeError(f"{token} has no output {sorted(unknown)} in {str(node.place)!r}")
