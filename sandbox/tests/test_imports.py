"""The import graph of the sandbox: which part knows which, and that no imports go in a circle."""

from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from sandbox.tests.imports import imports

SANDBOX = Path(__file__).parents[1]
KNOWS = {
    "aws": set[str](),
    "plugin": set[str](),
    "policy_pack": set[str](),
    "engine": {"processes"},
    "inprocess": {"plugin", "policy_pack"},
}
"""The packages of the sandbox, and what each may import of the rest; the modules beside them put
them together."""


@cache
def graph() -> dict[str, set[str]]:
    """Which module imports which."""
    return imports({"sandbox": SANDBOX})


def test_every_package_is_listed() -> None:
    assert KNOWS.keys() == {
        file.parent.name for file in SANDBOX.glob("*/__init__.py") if file.parent.name != "tests"
    }


@pytest.mark.parametrize("package", KNOWS)
def test_a_package_knows_no_other_than_it_must(package: str) -> None:
    known = {
        name.split(".")[1]
        for module, found in graph().items()
        if module.split(".")[1:2] == [package]
        for name in found
        if name != "sandbox"
    }

    assert known - {package} == KNOWS[package]


def test_no_imports_go_in_a_circle() -> None:
    assert [*TopologicalSorter(graph()).static_order()]
