"""Component inputs, checked against the types of the component's arguments.

The same check for every language: the component host reads what the engine sends, and a component
that is used from Python reads the dict that it is given.
"""

import difflib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pulumi
from pulumi.output import Unknown
from pulumi.provider.experimental.analyzer import (
    Analyzer,
    ComponentDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)

from cloudtrail_guard.inputs.formats import FORMATS, RANGES
from cloudtrail_guard.inputs.values import ArgumentError

if TYPE_CHECKING:
    from pulumi.errors import InputPropertyErrorDetails

A = TypeVar("A", bound=Mapping[str, Any])


def checked_inputs(component: pulumi.ComponentResource, args: A) -> A:
    """The arguments of a component that is used from Python, checked against their types.

    Args:
        component: whose arguments they are.
        args: the arguments; an optional one that is None counts as absent.

    Returns:
        The arguments, without those that are None.

    Raises:
        ArgumentError: an argument is unknown, missing, of the wrong type or malformed; the message
            names each of them, and the nearest known name.
    """
    kind, name = type(component), component.pulumi_resource_name
    title = f"{kind.__name__} {name!r}"
    if not isinstance(cast("object", args), Mapping):
        raise ArgumentError(f"{title}: args {args!r} must be a dict")
    definition, types = _definitions(kind)
    reader = InputReader(definition, types, title=title, in_python=True)
    read = reader.read(args)
    if reader.wrong:
        reasons = "; ".join(f"{wrong['property_path']} {wrong['reason']}" for wrong in reader.wrong)
        raise ArgumentError(f"{title}: {reasons}")
    return cast("A", read)


class _WithoutText(Analyzer):
    """Reads types alone: for the docstrings the analyzer would parse the source of each."""

    def get_docstring(self, typ: type, name: str) -> None:
        del typ, name


@cache
def _definitions(
    component: type[pulumi.ComponentResource],
) -> tuple[ComponentDefinition, Mapping[str, TypeDefinition]]:
    analyzed = _WithoutText("cloudtrail-guard").analyze([component])
    return analyzed["component_definitions"][component.__name__], analyzed["type_definitions"]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return _is_number(value) and float(cast("float", value)).is_integer()


_SCALARS: Mapping[PropertyType | None, tuple[str, Callable[[object], bool]]] = {
    PropertyType.STRING: ("a string", _is_text),
    PropertyType.BOOLEAN: ("true or false", _is_truth),
    PropertyType.NUMBER: ("a number", _is_number),
    PropertyType.INTEGER: ("a whole number", _is_whole),
}


class InputReader:
    """Reads the inputs of one component.

    Pulumi's own host drops unknown inputs, accepts any type, fails on a number that is not known
    yet, and loses the fields of an object that is not. Here each input is read as the schema says,
    and what does not fit is an error that names the component and the property.
    """

    def __init__(
        self,
        component: ComponentDefinition,
        types: Mapping[str, TypeDefinition],
        *,
        title: str | None = None,
        in_python: bool = False,
    ) -> None:
        """Read the inputs of this component, whose objects and enums are these types.

        Args:
            component: the component, as the analyzer sees it.
            types: its objects and enums by name.
            title: how errors about values that are known later name the component.
            in_python: whether inputs have their Python names (`log_key_arn`) and not those of the
                schema (`logKeyArn`).
        """
        self._component = component
        self._types = types
        self._title = title or component.name
        self._in_python = in_python
        self.wrong: list[InputPropertyErrorDetails] = []

    def read(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The component's arguments, in their Python names; `wrong` lists what does not fit."""
        component = self._component
        return self._fields(component.inputs, component.inputs_mapping, inputs, "")

    def _fields(
        self,
        properties: Mapping[str, PropertyDefinition],
        names: Mapping[str, str],
        values: Mapping[str, Any],
        path: str,
    ) -> dict[str, Any]:
        given = {names[name] if self._in_python else name: name for name in properties}
        for unknown in sorted(values.keys() - given.keys()):
            close = difflib.get_close_matches(unknown, given, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            self._refuse(f"{path}{unknown}", f"there is no such input{hint}")
        for key, name in given.items():
            if values.get(key) is None and not properties[name].optional:
                self._refuse(f"{path}{key}", "is required")
        return {
            names[name]: self._value(properties[name], values[key], names[name], f"{path}{key}")
            for key, name in given.items()
            if values.get(key) is not None
        }

    def _value(self, definition: PropertyDefinition, value: object, name: str, path: str) -> object:
        if isinstance(value, (Unknown, Awaitable)):
            value = pulumi.Output.from_input(value)
        if isinstance(value, pulumi.Output):
            if definition.plain:
                self._refuse(path, "must be known while the program runs: it cannot be an output")
                return None
            output = cast("pulumi.Output[object]", value)
            return output.apply(lambda known: self._later(definition, known, name, path))
        if definition.ref:
            return self._named(definition.ref, value, path)
        if definition.type == PropertyType.ARRAY:
            return self._list(definition, value, name, path)
        if definition.type in _SCALARS:
            expected, fits = _SCALARS[definition.type]
            if not fits(value):
                self._refuse(path, f"{value!r} must be {expected}")
            elif (problem := _problem(name, value)) is not None:
                self._refuse(path, f"{value!r} {problem}")
            elif definition.type == PropertyType.INTEGER:
                return int(cast("float", value))
        return value

    def _later(self, definition: PropertyDefinition, value: object, name: str, path: str) -> object:
        """The value of an output, once it is known."""
        reader = InputReader(
            self._component, self._types, title=self._title, in_python=self._in_python
        )
        read = None if value is None else reader._value(definition, value, name, path)
        if reader.wrong:
            wrong = reader.wrong[0]
            raise ArgumentError(f"{self._title} {wrong['property_path']}: {wrong['reason']}")
        return read

    def _named(self, reference: str, value: object, path: str) -> object:
        type_ = self._types.get(reference.rsplit(":", maxsplit=1)[-1])
        if type_ is None:
            return value
        if type_.enum:
            allowed = [member.value for member in type_.enum]
            if value not in allowed:
                self._refuse(path, f"{value!r} must be one of {', '.join(map(str, allowed))}")
            return value
        if not isinstance(value, Mapping):
            self._refuse(path, f"{value!r} must be an object")
            return None
        fields = cast("Mapping[str, Any]", value)
        return self._fields(type_.properties, type_.properties_mapping, fields, f"{path}.")

    def _list(self, definition: PropertyDefinition, value: object, name: str, path: str) -> object:
        if isinstance(value, str) or not isinstance(value, Sequence) or definition.items is None:
            self._refuse(path, f"{value!r} must be a list")
            return None
        items = cast("Sequence[object]", value)
        return [
            self._value(definition.items, item, name, f"{path}[{position}]")
            for position, item in enumerate(items)
        ]

    def _refuse(self, path: str, reason: str) -> None:
        self.wrong.append({"property_path": path, "reason": reason})


def _problem(name: str, value: object) -> str | None:
    """What is wrong with the form or the size of a value."""
    if isinstance(value, str):
        check = FORMATS.get(name)
        return None if check is None else check(value)
    if _is_number(value) and name in RANGES:
        least, most = RANGES[name]
        if not least <= cast("float", value) <= most:
            return f"must be from {least:,} to {most:,}"
    return None
