"""The sandbox knows nothing of the product that it runs."""

import ast
from pathlib import Path

import pytest

SANDBOX = Path(__file__).parents[1]
CHECKOUT = SANDBOX.parent
FILES = sorted(SANDBOX.rglob("*.py"))
ROOTS = (CHECKOUT, *(CHECKOUT / name for name in ("components", "ops", "policypack", "tools")))


def products_modules() -> set[str]:
    """The top-level names that the rest of the checkout can be imported by."""
    found = {
        path.stem
        for root in ROOTS
        for path in root.iterdir()
        if (path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py"))))
    }
    # The pack's folder stands in for the SDK where the engine starts the pack.
    return found - {"sandbox", "pulumi", "__main__"}


def imported(source: str) -> set[str]:
    """The top-level names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names


def test_the_names_of_the_product_are_found() -> None:
    assert {"stacks", "cloudtrail_guard", "tests"} <= products_modules()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SANDBOX)))
def test_no_module_imports_the_program_the_pack_or_the_components(path: Path) -> None:
    assert not imported(path.read_text()) & products_modules()
