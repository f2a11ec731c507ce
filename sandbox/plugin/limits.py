"""What AWS's model says of the values of properties: enumerations, lengths, ranges.

The real provider checks most of them with the same data and in Terraform's words; the rest AWS
would refuse. What it checks otherwise stands in the rows, which come first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from botocore.model import ListShape, StructureShape

from sandbox.plugin.members import element_of, members_of, metadata_of, request_members
from sandbox.plugin.validators import at_least, between, items, length, one_of
from sandbox.plugin.values import is_zero

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from botocore.model import Shape

    from sandbox.plugin.api import Api
    from sandbox.plugin.resource import ResourceType, Validator
    from sandbox.plugin.sdk_types import Schema, Type
    from sandbox.plugin.values import Value


def limits(row: ResourceType, schema: Schema) -> Mapping[str, tuple[Validator, ...]]:
    """The validators of a resource type's inputs that AWS's model gives, by pattern."""
    if row.api is None:
        return {}
    api = row.api
    request = request_members(api.service, api.create)
    left_out = {"tags", "region", *row.not_emulated}
    return {
        pattern: tuple(validators)
        for members in (api.inner_members(api.create), request)
        for pattern, validators in _of_members(api, "", schema.inputs, members)
        if validators and pattern not in left_out
    }


_Limits: TypeAlias = "Iterator[tuple[str, list[Validator]]]"


def _of_members(api: Api, at: str, type_: Type, members: Mapping[str, Shape]) -> _Limits:
    for name, field in type_.fields.items():
        inner = f"{at}.{name}" if at else name
        member = api.member(members, inner)
        if member is not None:
            yield from _limits(api, inner, field.type, members[member])


def _limits(api: Api, at: str, type_: Type, shape: Shape) -> _Limits:
    match type_.kind, shape:
        case "object", StructureShape():
            yield from _of_members(api, at, type_, members_of(shape))
        case "object", ListShape():
            yield from _limits(api, at, type_, element_of(shape))
        case "list", ListShape():
            yield at, [*_of_list(shape)]
            yield from _limits(api, f"{at}.*", type_.element, element_of(shape))
        case _:
            yield at, [*_of_scalar(type_, shape)]


def _of_list(shape: Shape) -> Iterator[Validator]:
    metadata = metadata_of(shape)
    low, high = metadata.get("min", 0), metadata.get("max")
    if low or high is not None:
        yield items(low, high)


def _of_scalar(type_: Type, shape: Shape) -> Iterator[Validator]:
    metadata = metadata_of(shape)
    low, high = metadata.get("min"), metadata.get("max")
    match type_.kind:
        case "string" if metadata.get("enum"):
            yield _if_set(one_of(*metadata["enum"]))
        case "string" | "document" if high is not None and shape.type_name == "string":
            yield _if_set(length(low if low and low > 1 else 0, high))
        case "integer" | "number" if high is not None:
            yield between(low or 0, high)
        case "integer" | "number" if low is not None:
            yield at_least(low)
        case _:
            return


def _if_set(validator: Validator) -> Validator:
    """A validator that lets pass what Terraform takes for unset."""

    def check(name: str, value: Value) -> Iterable[str]:
        return () if is_zero(value) else validator(name, value)

    return check
