"""The rows of the provider's table, one module or package for each AWS service.

To add a resource type:

1. In its service's module, describe the operations that make, read, change and delete it in an
   `Api`, and make its row with `.row(...)`, which takes what neither the SDK nor AWS's model says
   (`sandbox.plugin.resource` explains each field). Properties have their Pulumi names; where AWS
   spells one so differently that `sandbox.plugin.members` does not find it, list it in `names`. A
   constant of the module is all it takes to be found.
2. Add its life to `sandbox/tests/plugin/scenarios`, and a case for each validator that the row
   writes to `sandbox/tests/plugin/test_refusals.py`. Tests fail until both are there.

A function is a look-up with the decorator `resource.function`, and a test of what it finds and what
not.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Final, TypeVar

from sandbox.plugin.resource import Function, ResourceType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = TypeVar("Row", ResourceType, Function)


def _rows(kind: type[Row]) -> Iterator[Row]:
    """The rows of a kind that the modules below hold, alone or in tuples."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, kind):
                    yield each


TABLE: Final[Mapping[str, ResourceType]] = {row.type: row for row in _rows(ResourceType)}
"""Every resource type, by its token."""

FUNCTIONS: Final[Mapping[str, Function]] = {row.function: row for row in _rows(Function)}
"""Every function, by its token."""
