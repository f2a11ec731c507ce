"""What the installed pulumi_aws SDK says of its resources and functions.

The SDK's generated classes are the only copy of the provider's schema that is at hand: they carry
names, types and which inputs are required, but no defaults, no allowed values and nothing about
replacement. Those are in the rows of `sandbox.plugin.services`.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import inspect
import re
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pulumi import _types as reflection  # pyright: ignore[reportPrivateUsage] - no public one
from pulumi.runtime import rpc

from sandbox.plugin.sdk_types import Schema, Type, camel_case, once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VERSION: Final = importlib.metadata.version("pulumi-aws")
"""The version that the stand-in takes the place of."""


class UnknownNameError(Exception):
    """A token that the SDK does not have."""


@once
def resource_schema(token: str) -> Schema:
    """The schema of a resource type.

    Args:
        token: for example `aws:s3/bucket:Bucket`.

    Raises:
        UnknownNameError: the SDK has no such type.
    """
    resources = _resource_classes()
    if token not in resources:
        hint = did_you_mean(token, resources)
        raise UnknownNameError(f"unknown resource type {token!r}. {hint}".rstrip())
    module_name, class_name = resources[token]
    resource: type = getattr(importlib.import_module(module_name), class_name)
    # Where a nested type has taken the name of the arguments, they are called InitArgs.
    module = importlib.import_module(resource.__module__)
    plain = getattr(module, f"{class_name}Args", None)
    arguments = getattr(module, f"{class_name}InitArgs", plain)
    return Schema(inputs=Type("object", arguments), outputs=Type("object", resource))


@once
def function_schema(token: str) -> Schema:
    """The schema of a function.

    Args:
        token: for example `aws:iam/getRole:getRole`.

    Raises:
        UnknownNameError: the SDK has no such function.
    """
    match = re.fullmatch(r"aws:(\w+)/(\w+):\2", token)
    service, name = match.groups() if match else ("", "")
    functions = _functions(service)
    if name not in functions:
        hint = did_you_mean(name, functions)
        raise UnknownNameError(f"unknown function {token!r}. {hint}".rstrip())
    function = functions[name]
    # The function returns an awaitable subclass of the output type.
    result: type = typing.get_type_hints(function)["return"]
    output = next(cls for cls in result.__mro__ if reflection.is_output_type(cls))
    return Schema(inputs=Type("object", function), outputs=Type("object", output))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`Did you mean '...'?` with the nearest of the known names, or nothing if none is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


@once
def _resource_classes() -> Mapping[str, tuple[str, str]]:
    """Module and class name of every resource type, by token."""
    importlib.import_module("pulumi_aws")  # registers its resource modules with the runtime
    found: dict[str, tuple[str, str]] = {}
    for key, modules in vars(rpc)["_RESOURCE_MODULES"].items():
        if key.startswith("aws:"):
            for module in modules:
                info: Mapping[str, Any] = vars(module)["mod_info"]
                for token, name in info["classes"].items():
                    found[token] = (info["fqn"], name)
    return found


@once
def _functions(service: str) -> Mapping[str, Any]:
    """The functions of a service, by their Pulumi name; none if there is no such service."""
    modules = {
        token.removeprefix("aws:").partition("/")[0]: module
        for token, (module, _) in _resource_classes().items()
    }
    name = "pulumi_aws" if service == "index" else modules.get(service)
    if name is None:
        return {}
    module = importlib.import_module(name)
    # The SDK's modules load themselves when an attribute is missing; dir() and vars() do not.
    hasattr(module, "__all__")
    return {
        camel_case(member): value
        for member, value in vars(module).items()
        if f"{member}_output" in vars(module)
    }


def secrets(schema: Schema) -> frozenset[str]:
    """The outputs that the SDK keeps secret; it says so in the constructor only."""
    constructor = inspect.getsource(schema.outputs.source._internal_init)  # noqa: SLF001
    listed = re.search(r"additional_secret_outputs=\[([^\]]*)\]", constructor)
    return frozenset(re.findall(r'"(\w+)"', listed[1])) if listed else frozenset()


def deprecation(schema: Schema) -> str:
    """What the SDK says of a resource type if it is deprecated."""
    constructor = inspect.getsource(schema.outputs.source._internal_init)  # noqa: SLF001
    warning = re.search(r'log\.warn\("""\w+ is deprecated: (.*?)"""\)', constructor, re.DOTALL)
    return warning[1] if warning else ""


def computed(schema: Schema) -> frozenset[str]:
    """The inputs that AWS decides when the program leaves them out.

    They are optional inputs that always come out: Terraform's Optional and Computed. Of nested
    properties the SDK does not say it.
    """
    outputs = schema.outputs.fields
    return frozenset(
        name
        for name, field in schema.inputs.fields.items()
        if name in outputs and outputs[name].always_set and not field.required
    )
