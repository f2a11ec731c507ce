"""The types of the installed pulumi_aws SDK: what its classes and functions say of properties."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
import threading
import typing
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, TypeAlias, TypeVar

import pulumi
from pulumi import _types as reflection  # pyright: ignore[reportPrivateUsage] - no public one

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")

Kind: TypeAlias = Literal[
    "string", "integer", "number", "boolean", "list", "map", "object", "document", "asset", "any"
]
"""`document` is a JSON text that may be given as an object; `asset` an Asset or Archive."""

_LOCK: Final = threading.RLock()


def once(function: Callable[P, T]) -> Callable[P, T]:
    """Remember a function's results, and let one thread in at a time.

    The SDK's modules load at their first use, and are found half loaded by a second thread.
    """
    remembered = cache(function)

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        with _LOCK:
            return remembered(*args, **kwargs)  # pyright: ignore[reportArgumentType] - hashable

    return call


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a property, of all of a resource's properties, or of a function's arguments."""

    kind: Kind
    source: Any = None
    """Of an object: the class or function that describes it. Of a list or map: the type of what
    is in it."""

    @property
    def fields(self) -> Mapping[str, Field]:
        """An object's properties by their Pulumi name."""
        return _fields(self.source) if self.kind == "object" else {}

    @property
    def element(self) -> Type:
        """The type of a list's items or a map's values."""
        if not isinstance(self.source, Type):
            raise TypeError(f"a {self.kind} has no elements")
        return self.source


@dataclass(frozen=True, slots=True)
class Field:
    """A property of an object."""

    name: str
    type: Type
    required: bool
    upstream: str
    """Its name in Terraform's messages: snake case, and singular for a list of blocks."""
    always_set: bool = False
    """Of an output: whether it has a value even if the program sets none."""
    deprecated: str = ""
    """Of an output: what the SDK says of it if it is deprecated."""


@dataclass(frozen=True, slots=True)
class Schema:
    """What goes into and comes out of a resource type or a function: two objects."""

    inputs: Type
    outputs: Type


def snake_case(name: str) -> str:
    """`kmsKeyId` as `kms_key_id`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def camel_case(name: str) -> str:
    """`kms_key_id` as `kmsKeyId`."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


@once
def _fields(source: Any) -> Mapping[str, Field]:  # noqa: ANN401 - a generated class or function
    if inspect.isfunction(source):
        return _arguments(source)
    if reflection.is_output_type(source):
        return _outputs(source, reflection.output_type_types(source))
    if issubclass(source, pulumi.Resource):
        return _outputs(source, reflection.resource_types(source))
    types = reflection.input_type_types(source)
    parameters = inspect.signature(source.__init__).parameters
    names = reflection.input_type_py_to_pulumi_names(source)
    return {
        name: _field(name, python_name, types[name], parameters[python_name])
        for python_name, name in names.items()
    }


def _arguments(function: Any) -> Mapping[str, Field]:  # noqa: ANN401 - a generated function
    hints = typing.get_type_hints(function)
    parameters = inspect.signature(function).parameters
    fields = (
        _field(camel_case(name), name, hints[name], parameter)
        for name, parameter in parameters.items()
        if name != "opts"
    )
    return {field.name: field for field in fields}


def _outputs(source: type, types: Mapping[str, type]) -> Mapping[str, Field]:
    """The properties of a class of outputs, each a getter whose result is optional or not."""
    namespace = vars(importlib.import_module(source.__module__))
    getters = {
        vars(member.fget)["_pulumi_name"]: member.fget
        for member in vars(source).values()
        if isinstance(member, property) and member.fget is not None
    }
    always_set = {
        name
        for name, getter in getters.items()
        if not _is_optional(typing.get_type_hints(getter, namespace)["return"])
    }
    return {
        name: replace(
            _field(name, snake_case(name), hint),
            always_set=name in always_set,
            deprecated=_deprecation(getters[name]) if name in getters else "",
        )
        for name, hint in types.items()
    }


def _deprecation(getter: Any) -> str:  # noqa: ANN401 - a getter
    """The message of the SDK's decorator, which holds it in a closure."""
    if "_pulumi_deprecated_callable" not in vars(getter):
        return ""
    return str(inspect.getclosurevars(getter).nonlocals["message"])


def _is_optional(hint: Any) -> bool:  # noqa: ANN401 - a type hint
    """Whether a getter may answer None, in an output or as it is."""
    if typing.get_origin(hint) is pulumi.Output:
        hint = typing.get_args(hint)[0]
    return NoneType in typing.get_args(hint)


def _field(
    name: str,
    python_name: str,
    hint: Any,  # noqa: ANN401 - a type hint
    parameter: inspect.Parameter | None = None,
) -> Field:
    type_ = _type(hint)
    upstream = python_name.rstrip("_")  # `and_`: a Python keyword
    if type_.kind == "list" and type_.element.kind == "object":
        upstream = _singular(upstream)
    required = parameter is not None and parameter.default is parameter.empty
    return Field(name, type_, required, upstream)


def _singular(name: str) -> str:
    return name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")


_SCALARS: Final[Mapping[object, Kind]] = {
    Any: "any",
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
}


def _type(hint: Any) -> Type:  # noqa: ANN401 - a type hint
    options = _options(hint)
    if len(options) > 1:
        return _union(options)
    option = options[0]
    arguments = typing.get_args(option)
    match typing.get_origin(option):
        case origin if origin is Sequence:
            return Type("list", _type(arguments[0]))
        case origin if origin is Mapping:
            return Type("map", _type(arguments[1]))
        case _:
            return _plain(option)


def _plain(option: Any) -> Type:  # noqa: ANN401 - a type hint
    if option in _SCALARS:
        return Type(_SCALARS[option])
    if issubclass(option, Enum):
        return Type("string")
    if issubclass(option, pulumi.Asset | pulumi.Archive):
        return Type("asset")
    return Type("object", option)


def _union(options: Sequence[Any]) -> Type:
    """An enumeration or its text, an asset or an archive, a document, or forms of an object."""
    inputs = [option for option in options if reflection.is_input_type(option)]
    if inputs and str in options:
        return Type("document")
    if len(inputs) == 1:
        return _type(inputs[0])  # a function takes the results of another one too
    first, *others = (_type(option) for option in options)
    return first if all(other == first for other in others) else Type("any")


def _options(hint: Any) -> list[Any]:  # noqa: ANN401 - a type hint
    """The members of a union without what only says how a value may be given."""
    members = typing.get_args(hint) if typing.get_origin(hint) is typing.Union else (hint,)
    wrappers = (Awaitable, pulumi.Output, NoneType)
    return [member for member in members if (typing.get_origin(member) or member) not in wrappers]
