"""What the engine sends for a component, held to the schema and turned into its arguments."""

import difflib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

import pulumi
from pulumi.errors import InputPropertiesError
from pulumi.output import Unknown
from pulumi.provider.experimental.analyzer import (
    ComponentDefinition,
    PropertyDefinition,
    PropertyType,
    TypeDefinition,
)

from cloudtrail_guard.inputs.values import ArgumentError

if TYPE_CHECKING:
    from pulumi.errors import InputPropertyErrorDetails


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

    Pulumi's own host drops what it does not know, takes any type, fails on a number that is not
    known yet, and loses the fields of an object that is not. Here each of them is read as the
    schema says, and what does not fit is an error that names the component and the property.
    """

    def __init__(self, component: ComponentDefinition, types: Mapping[str, TypeDefinition]) -> None:
        """Read the inputs of this component, whose objects and enums are these types."""
        self._component = component
        self._types = types
        self._wrong: list[InputPropertyErrorDetails] = []

    def read(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The component's arguments, in their Python names.

        Raises:
            InputPropertiesError: inputs that do not fit, all of them.
        """
        component = self._component
        arguments = self._fields(component.inputs, component.inputs_mapping, inputs, "")
        if self._wrong:
            raise InputPropertiesError(f"{component.name} cannot take its inputs", self._wrong)
        return arguments

    def _fields(
        self,
        properties: Mapping[str, PropertyDefinition],
        names: Mapping[str, str],
        values: Mapping[str, Any],
        path: str,
    ) -> dict[str, Any]:
        for unknown in values.keys() - properties.keys():
            close = difflib.get_close_matches(unknown, properties, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            self._refuse(f"{path}{unknown}", f"there is no such input{hint}")
        for name, definition in properties.items():
            if values.get(name) is None and not definition.optional:
                self._refuse(f"{path}{name}", "is required")
        return {
            names[name]: self._value(definition, values[name], f"{path}{name}")
            for name, definition in properties.items()
            if values.get(name) is not None
        }

    def _value(self, definition: PropertyDefinition, value: object, path: str) -> object:
        if isinstance(value, Unknown):
            value = pulumi.Output.from_input(value)
        if isinstance(value, pulumi.Output):
            if definition.plain:
                self._refuse(path, "must be known while the program runs: it cannot be an output")
                return None
            output = cast("pulumi.Output[object]", value)
            return output.apply(lambda known: self._later(definition, known, path))
        if definition.ref:
            return self._named(definition.ref, value, path)
        if definition.type == PropertyType.ARRAY:
            return self._list(definition, value, path)
        if definition.type in _SCALARS:
            expected, fits = _SCALARS[definition.type]
            if not fits(value):
                self._refuse(path, f"{value!r} must be {expected}")
            elif definition.type == PropertyType.INTEGER:
                return int(cast("float", value))
        return value

    def _later(self, definition: PropertyDefinition, value: object, path: str) -> object:
        """The value of an output, once it is known."""
        reader = InputReader(self._component, self._types)
        read = None if value is None else reader._value(definition, value, path)
        if reader._wrong:
            wrong = reader._wrong[0]
            raise ArgumentError(
                f"{self._component.name} {wrong['property_path']}: {wrong['reason']}"
            )
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

    def _list(self, definition: PropertyDefinition, value: object, path: str) -> object:
        if not isinstance(value, list) or definition.items is None:
            self._refuse(path, f"{value!r} must be a list")
            return None
        items = cast("list[object]", value)
        return [
            self._value(definition.items, item, f"{path}[{position}]")
            for position, item in enumerate(items)
        ]

    def _refuse(self, path: str, reason: str) -> None:
        self._wrong.append({"property_path": path, "reason": reason})
