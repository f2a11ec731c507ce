"""Which modules import which when they are loaded; imports for the type checker do not count."""

import ast
from collections.abc import Container, Iterator, Mapping
from pathlib import Path


def imports(parts: Mapping[str, Path]) -> dict[str, set[str]]:
    """The modules of packages, each with those of them that it imports.

    Args:
        parts: the folder of each top-level package, by its name. Tests in it are left out.
    """
    files = {
        _name(part, file.relative_to(folder)): file
        for part, folder in parts.items()
        for file in folder.rglob("*.py")
        if "tests" not in file.relative_to(folder).parts
    }
    return {
        module: {*_imported(ast.parse(file.read_text()), files)} - {module}
        for module, file in files.items()
    }


def _name(part: str, file: Path) -> str:
    return ".".join((part, *file.with_suffix("").parts)).removesuffix(".__init__")


def _imported(tree: ast.AST, files: Container[str]) -> Iterator[str]:
    """What a module imports of these; `from a import b` imports `a.b` if there is such a module."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found = (name if name in files else str(node.module) for name in names)
            yield from (name for name in found if name in files)
        else:
            yield from _imported(node, files)
