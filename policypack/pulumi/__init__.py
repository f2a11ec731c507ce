"""The pack as ``python -m pulumi.policy`` starts it, without importing Pulumi's SDK.

The engine's language host runs ``python -u -m pulumi.policy ENGINE PACK`` in the pack's folder,
which is where Python looks first. The SDK's own `pulumi.policy` imports the whole SDK, which takes
longer than all that the pack does before it answers; the pack needs the protocol's messages alone.
A host that starts the pack in another way runs ``__main__.py`` under the SDK. Whatever else runs in
this folder gets the SDK.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

_FOLDER = Path(__file__).resolve().parents[1]
_ABOVE_THE_MESSAGES = ("pulumi.runtime", "pulumi.runtime.proto")
"""Packages whose ``__init__`` imports the SDK."""


def _stand_in() -> None:
    """Leave the SDK out, or be it."""
    elsewhere = [entry for entry in sys.path if Path(entry).resolve() != _FOLDER]
    sdk = PathFinder.find_spec("pulumi", elsewhere)
    if sdk is None or sdk.loader is None or sdk.submodule_search_locations is None:
        raise ModuleNotFoundError("the package `pulumi` is not installed", name="pulumi")
    if "pulumi.policy" not in sys.orig_argv:
        sys.modules["pulumi"] = module_from_spec(sdk)
        sdk.loader.exec_module(sys.modules["pulumi"])
        return
    for name in _ABOVE_THE_MESSAGES:
        package = ModuleType(name)
        package.__path__ = [
            str(Path(folder, *name.split(".")[1:])) for folder in sdk.submodule_search_locations
        ]
        sys.modules[name] = package
    # gRPC imports its asynchronous half by itself; the pack has no use for it.
    sys.modules["grpc.aio"] = ModuleType("grpc.aio")


_stand_in()
