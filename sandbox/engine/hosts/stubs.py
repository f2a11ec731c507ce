"""Pulumi's gRPC stubs without Pulumi's SDK.

The engine starts a host twice for each operation and waits for it. The SDK takes a second to
import; the generated stubs, which lie inside it, a fraction of that.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

_EMPTY = ("pulumi", "pulumi.runtime", "pulumi.runtime.proto")
"""The packages above the stubs, whose ``__init__`` would import the rest."""


def import_stubs_alone() -> None:
    """Let ``pulumi.runtime.proto.X`` be imported alone, in a process that needs nothing else.

    Raises:
        ModuleNotFoundError: the package `pulumi` is not installed.
    """
    spec = find_spec("pulumi")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("the package `pulumi` is not installed", name="pulumi")
    site = Path(spec.submodule_search_locations[0]).parent
    for name in _EMPTY:
        package = ModuleType(name)
        package.__path__ = [str(site.joinpath(*name.split(".")))]
        sys.modules[name] = package
    # gRPC imports its asynchronous half by itself; the hosts have no use for it.
    sys.modules["grpc.aio"] = ModuleType("grpc.aio")
