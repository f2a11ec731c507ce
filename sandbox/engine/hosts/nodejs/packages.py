"""What is in ``node_modules``, and in ``package.json``."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODULES = "node_modules"


@dataclass(frozen=True)
class Package:
    """An installed package.

    Attributes:
        name: its name, with its scope.
        manifest: its ``package.json``.
    """

    name: str
    manifest: dict[str, Any]

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.manifest.get("version", ""))

    @property
    def plugin(self) -> dict[str, Any] | None:
        """What it says of the provider plugin that it needs, if it needs one."""
        plugin = self.manifest.get("pulumi")
        return plugin if isinstance(plugin, dict) and plugin.get("resource") else None  # pyright: ignore[reportUnknownVariableType]


def resolve(directory: Path, file: str) -> Path | None:
    """A file in ``node_modules`` of a folder, or of one above it, as Node looks for it."""
    for folder in (directory, *directory.parents):
        found = folder / _MODULES / file
        if found.exists():
            return found
    return None


def installed(directory: Path) -> list[Package]:
    """The packages that a program in a folder can reach, those of packages included."""
    found: dict[tuple[str, str], Package] = {}
    for folder in (directory, *directory.parents):
        for package in _packages(folder / _MODULES):
            found.setdefault((package.name, package.version), package)
    return list(found.values())


def direct(directory: Path) -> set[str]:
    """The names of the packages that a program's own ``package.json`` asks for."""
    manifest = directory / "package.json"
    if not manifest.exists():
        return set()
    content = _read(manifest)
    return {*content.get("dependencies", ()), *content.get("devDependencies", ())}


def link(directory: Path, package: Path) -> str:
    """Make a package in a folder a dependency of a program, and return its name."""
    manifest = directory / "package.json"
    content = _read(manifest)
    name = str(_read(directory / package / "package.json")["name"])
    place = f"file:{Path(os.path.relpath(directory / package, directory)).as_posix()}"
    content.setdefault("dependencies", {})[name] = place
    # npm runs the scripts of no package that is not named here; an SDK compiles itself by one.
    content.setdefault("allowScripts", {})[place] = True
    manifest.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return name


def _packages(modules: Path) -> Iterator[Package]:
    """The packages in a ``node_modules``, and in those below it."""
    if not modules.is_dir():
        return
    for entry in sorted(modules.iterdir()):
        if entry.name.startswith("."):
            continue
        inner = sorted(entry.iterdir()) if entry.name.startswith("@") else [entry]
        for folder in inner:
            if (folder / "package.json").is_file():
                yield Package(
                    folder.relative_to(modules).as_posix(), _read(folder / "package.json")
                )
                yield from _packages(folder / _MODULES)


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))
