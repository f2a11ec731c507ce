"""Which events a trail records: its basic or advanced event selectors in one form.

A trail without selectors records all management events and no others
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import UNKNOWN, is_true, items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.values import Value

BASIC: Final = "eventSelectors"
ADVANCED: Final = "advancedEventSelectors"
MANAGEMENT: Final = "Management"
DATA: Final = "Data"
S3_OBJECTS: Final = "AWS::S3::Object"
LAMBDA_FUNCTIONS: Final = "AWS::Lambda::Function"

_SELECTING: Final = ("eventCategory", "resources.type", "resources.ARN")
"""Fields that say what is selected, rather than leave out some of it."""

_OPERATORS: Final = {
    "equals": ("equals", "equal"),
    "notEquals": ("notEquals", "notEqual"),
    "startsWith": ("startsWiths", "startsWith"),
    "notStartsWith": ("notStartsWiths", "notStartsWith"),
    "endsWith": ("endsWiths", "endsWith"),
    "notEndsWith": ("notEndsWiths", "notEndsWith"),
}
"""What pulumi-aws (a plural) and pulumi-aws-native (the API's name) call the operators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A condition of an advanced selector.

    Attributes:
        path: Its path in the trail's properties.
        name: The event's field, such as ``readOnly``.
        operators: For each operator that is used, by the API's name, the values.
    """

    path: str
    name: Value
    operators: Mapping[str, list[Value]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """Events of one category, and for data events of one resource type.

    Attributes:
        path: The selector's path in the trail's properties.
        category: ``Management``, ``Data`` or another; `UNKNOWN` where it is not known.
        resource_type: For data events, such as ``AWS::S3::Object``.
        name: Name of an advanced selector.
        arns: For a basic selector of data events, the ARN prefixes.
        restrictions: Paths of the properties that leave out reads, writes, sources or the like;
            the conditions on a resource's ARN are not among them.
        undecided: Paths of the properties of which it is not known yet whether they do.
        reads_and_writes: For a basic selector, its ``readWriteType``.
        fields: Conditions of an advanced selector.
    """

    path: str
    category: Value
    resource_type: Value = None
    name: Value = None
    arns: tuple[Value, ...] = ()
    restrictions: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    reads_and_writes: Value = None
    fields: tuple[Field, ...] = ()

    @property
    def advanced(self) -> bool:
        """Whether the selector is an advanced one."""
        return self.path.startswith(ADVANCED)

    @property
    def whole(self) -> bool:
        """Whether it certainly leaves nothing out."""
        return not self.restrictions and not self.undecided

    @property
    def half(self) -> str:
        """``ReadOnly`` or ``WriteOnly`` where that is all that it leaves out; else empty."""
        if len(self.restrictions) != 1 or self.undecided:
            return ""
        if not self.advanced:
            kind = self.reads_and_writes
            return kind if isinstance(kind, str) and _partial(kind) else ""
        reads = [each.operators for each in self.conditions("readOnly")]
        return {"true": "ReadOnly", "false": "WriteOnly"}.get(_equal_to(reads), "")

    def conditions(self, name: str) -> list[Field]:
        """Return the conditions on a field."""
        return [field for field in self.fields if field.name == name]


def all_recorded(events: Iterable[Selected]) -> bool:
    """Return whether selectors of one kind of events leave nothing out, alone or in two halves."""
    given = list(events)
    return any(each.whole for each in given) or {"ReadOnly", "WriteOnly"} <= {
        each.half for each in given
    }


def has_selectors(trail: Resource) -> bool:
    """Return whether a trail has selectors of its own."""
    return any(items(trail.properties.get(name)) for name in (BASIC, ADVANCED))


def selected(trail: Resource) -> list[Selected]:
    """Return the events that a trail's selectors choose; empty when it has none of its own."""
    return [
        *(each for path, value in _each(trail, BASIC) for each in _basic(path, value)),
        *(_advanced(path, value) for path, value in _each(trail, ADVANCED)),
    ]


def data_events(trail: Resource, resource_type: str) -> list[Selected]:
    """Return the selected data events that are, or may turn out to be, of a resource type."""
    return [
        each
        for each in selected(trail)
        if each.category in (DATA, UNKNOWN) and each.resource_type in (resource_type, UNKNOWN)
    ]


def _each(trail: Resource, name: str) -> Iterator[tuple[str, Value]]:
    value = trail.properties.get(name)
    if value is UNKNOWN:
        yield name, UNKNOWN
        return
    for index, item in enumerate(items(value)):
        yield f"{name}[{index}]", item


def _basic(path: str, value: Value) -> Iterator[Selected]:
    if not isinstance(value, dict):
        yield Selected(path=path, category=UNKNOWN, resource_type=UNKNOWN)
        return
    kind = value.get("readWriteType")
    restricted = [f"{path}.readWriteType"] if _partial(kind) else []
    undecided = [f"{path}.readWriteType"] if kind is UNKNOWN else []
    management = value.get("includeManagementEvents")
    if management is None or management is UNKNOWN or is_true(management):
        excluded = value.get("excludeManagementEventSources")
        exclusion = f"{path}.excludeManagementEventSources"
        yield Selected(
            path=path,
            category=UNKNOWN if management is UNKNOWN else MANAGEMENT,
            restrictions=(
                *restricted,
                *([exclusion] if items(excluded) and excluded is not UNKNOWN else ()),
            ),
            undecided=(*undecided, *([exclusion] if excluded is UNKNOWN else ())),
            reads_and_writes=kind,
        )
    for index, resource in enumerate(items(value.get("dataResources"))):
        data = resource if isinstance(resource, dict) else {"type": UNKNOWN, "values": UNKNOWN}
        yield Selected(
            path=f"{path}.dataResources[{index}]",
            category=DATA,
            resource_type=data.get("type"),
            arns=tuple(items(data.get("values"))),
            restrictions=tuple(restricted),
            undecided=tuple(undecided),
            reads_and_writes=kind,
        )


def _advanced(path: str, value: Value) -> Selected:
    fields = _fields(path, value)
    if not isinstance(value, dict) or fields is None:
        return Selected(path=path, category=UNKNOWN, resource_type=UNKNOWN)
    undecided = [
        field
        for field in fields
        if field.name is UNKNOWN
        # Reads or writes: the other selector may have the other half.
        or (field.name == "readOnly" and UNKNOWN in field.operators.get("equals", []))
    ]
    return Selected(
        path=path,
        category=_only(fields, "eventCategory"),
        resource_type=_only(fields, "resources.type"),
        name=value.get("name"),
        restrictions=tuple(
            field.path
            for field in fields
            if field.name not in _SELECTING and field not in undecided
        ),
        undecided=tuple(field.path for field in undecided),
        fields=tuple(fields),
    )


def _fields(path: str, selector: Value) -> list[Field] | None:
    """Return a selector's conditions; None where not even their number is known."""
    given = selector.get("fieldSelectors") if isinstance(selector, dict) else UNKNOWN
    if given is UNKNOWN:
        return None
    return [
        Field(
            path=f"{path}.fieldSelectors[{index}]",
            name=each.get("field") if isinstance(each, dict) else UNKNOWN,
            operators=_operators(each) if isinstance(each, dict) else {},
        )
        for index, each in enumerate(items(given))
    ]


def _operators(field: Mapping[str, Value]) -> dict[str, list[Value]]:
    return {
        operator: items(field[spelling])
        for operator, spellings in _OPERATORS.items()
        for spelling in spellings
        if items(field.get(spelling))
    }


def _only(fields: list[Field], name: str) -> Value:
    """Return the value that a field must equal, and `UNKNOWN` where a field is not known."""
    for field in fields:
        if field.name == name:
            values = field.operators.get("equals", [])
            return values[0] if values else None
    return UNKNOWN if any(field.name is UNKNOWN for field in fields) else None


def _equal_to(operators: list[Mapping[str, list[Value]]]) -> str:
    """Return the one value that one condition demands; empty for any other conditions."""
    values = [each.get("equals", []) for each in operators if set(each) == {"equals"}]
    known = [each for one in values for each in one if isinstance(each, str)]
    return known[0] if len(operators) == len(known) == 1 else ""


def _partial(read_write_type: Value) -> bool:
    return read_write_type not in (None, "All", UNKNOWN)
