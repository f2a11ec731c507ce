"""The resources that rules evaluate, as plain records, and what they say of each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

from cloudtrail_guard_policies.engine.values import UNKNOWN, items

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from cloudtrail_guard_policies.engine.values import Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Resource:
    """A resource of the program that is evaluated.

    Attributes:
        type: Type token, such as ``aws:cloudtrail/trail:Trail``.
        name: The name that the program gave it.
        urn: Its URN.
        properties: camelCase names to plain values: what the program asked for. For a resource
            that the program only reads, what the provider answered.
        parent: URN of the parent; empty when there is none.
        protect: Whether the program protects it from being deleted.
        read: Whether the program only reads it.
        dependencies: URNs of the resources that it depends on. Stack rules only.
        identifiers: The known ids, ARNs and names by which another resource may name this one
            without referring to it. Stack rules only.
        identified: Whether all of those are known. Stack rules only.
        property_dependencies: For each property, URNs of the resources that its value comes from.
            Known in preview even where the value is not. Stack rules only.
    """

    type: str
    name: str
    urn: str
    properties: Mapping[str, Value]
    parent: str = ""
    protect: bool = False
    read: bool = False
    identifiers: frozenset[str] = frozenset()
    identified: bool = True
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The resources of a stack that a property names.

    Attributes:
        certain: The resources that it does name.
        possible: The resources of which it may name some, while its value is not known yet.
        unresolved: Whether it may name others than these, because its value is not known yet.
    """

    certain: tuple[Resource, ...] = ()
    possible: tuple[Resource, ...] = ()
    unresolved: bool = False


class Stack:
    """The resources of one stack, found by type and by what names them."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        """Index the resources.

        Args:
            resources: The resources of the types that the rules read.
        """
        self._by_urn: dict[str, Resource] = {}
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        self._by_identifier: defaultdict[str, list[Resource]] = defaultdict(list)
        self._kept: dict[object, object] = {}
        for resource in resources:
            self._by_urn[resource.urn] = resource
            self._by_type[resource.type].append(resource)
            for identifier in resource.identifiers:
                self._by_identifier[identifier].append(resource)

    def of_types(self, types: Collection[str]) -> list[Resource]:
        """Return the resources of any of these types, in the stack's order within a type."""
        return [resource for kind in sorted(types) for resource in self._by_type.get(kind, ())]

    def once(self, compute: Callable[[Stack], T]) -> T:
        """Return what a function finds in this stack; it is called once, however often asked."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        return cast("T", self._kept[compute])

    def named(self, value: Value, types: Collection[str]) -> list[Resource]:
        """Return the resources of some types whose id, ARN or name a known value is."""
        found = self._by_identifier.get(value, ()) if isinstance(value, str) else ()
        return [resource for resource in found if resource.type in types]

    def origins(self, resource: Resource, name: str, types: Collection[str]) -> list[Resource]:
        """Return the resources of some types that a property's value is computed from.

        One value can carry several names, as an ``Output.all`` or a variable of a YAML program
        does, so that not each of them need be what the property names.

        Args:
            resource: The resource that has the property, such as a trail.
            name: The property, such as ``s3BucketName``.
            types: The types to return, such as the bucket's.
        """
        found = (self._by_urn.get(urn) for urn in resource.property_dependencies.get(name, ()))
        return [other for other in found if other is not None and other.type in types]

    def references(self, resource: Resource, name: str, types: Collection[str]) -> References:
        """Return the resources of some types that a property names.

        A known value decides. Where it is not known yet, it names what it is computed from, unless
        that is more than it can name.

        Args:
            resource: The resource that has the property, such as a trail.
            name: The property, such as ``s3BucketName``; a list may name several.
            types: The types to return, such as the bucket's.
        """
        values = items(resource.properties.get(name))
        certain = [
            other
            for value in values
            if isinstance(value, str)
            # CloudTrail takes a log group's ARN with a star for its streams.
            for other in self.named(value.removesuffix(":*"), types)
        ]
        unknown = sum(value is UNKNOWN for value in values)
        origins = self.origins(resource, name, types) if unknown else []
        candidates = [other for other in origins if other not in certain]
        if len(candidates) <= unknown:
            certain, candidates = [*certain, *candidates], []
        return References(
            certain=tuple(dict.fromkeys(certain)),
            possible=tuple(candidates),
            unresolved=bool(unknown) and not origins,
        )
