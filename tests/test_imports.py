"""The import graph of the checkout: which part knows which, and that no imports go in a circle."""

from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from sandbox.tests.imports import imports
from tests.support.checkout import CHECKOUT

KNOWS = {
    "sandbox": set[str](),
    "cloudtrail_guard": set[str](),
    "cloudtrail_guard_policies": set[str](),
    "stacks": {"cloudtrail_guard"},
    "terminal": set[str](),
    "integrity": {"terminal"},
    "adoption": {"cloudtrail_guard", "stacks", "terminal"},
    "posture": {
        *("cloudtrail_guard", "cloudtrail_guard_policies", "integrity", "stacks", "terminal"),
    },
    "demo": {"sandbox"},
    "command_line": set[str](),
    "docs_site": {"generate"},
    "generate": {"cloudtrail_guard", "demo", "posture", "sandbox", "stacks"},
    "policy_handbook": {"cloudtrail_guard_policies"},
    "release": set[str](),
    "bench": {"demo", "sandbox"},
}
"""The packages of the checkout, and what each may import of the others."""

_ROOTS = (".", "components", "policypack", "ops", "tools")
_BEFORE_THE_SDK = CHECKOUT / "policypack" / "pulumi"
"""It has the name of Pulumi's SDK, which everything else imports by that name."""


def packages() -> dict[str, Path]:
    """The folder of each package, by its name."""
    return {
        folder.name: folder
        for root in _ROOTS
        for folder in (CHECKOUT / root).iterdir()
        if folder.is_dir()
        and any(folder.glob("*.py"))
        and folder.name not in ("tests", *_ROOTS)
        and folder != _BEFORE_THE_SDK
    }


@cache
def graph() -> dict[str, set[str]]:
    """Which module imports which."""
    return imports(packages())


def test_every_package_is_listed() -> None:
    assert KNOWS.keys() == packages().keys()


@pytest.mark.parametrize("package", KNOWS)
def test_a_package_knows_no_other_than_it_must(package: str) -> None:
    known = {
        name.split(".")[0]
        for module, found in graph().items()
        if module.split(".")[0] == package
        for name in found
    }

    assert known - {package} == KNOWS[package]


def test_no_imports_go_in_a_circle() -> None:
    assert [*TopologicalSorter(graph()).static_order()]
