"""Runs in a program's environment and says in JSON what is there; needs Python alone.

``packages`` lists what is installed, ``plugins`` the contents of each ``pulumi-plugin.json`` with
the name of the package that has it, ``about`` the version of Python.
"""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import distributions
from pathlib import Path


def packages() -> list[dict[str, str]]:
    """What is installed; of a package that is there twice, the one that is imported."""
    found: dict[str, str] = {}
    for distribution in distributions():
        found.setdefault(distribution.metadata["Name"], distribution.version)
    return [{"name": name, "version": found[name]} for name in sorted(found, key=str.lower)]


def plugins() -> list[dict[str, object]]:
    """What the installed packages need of plugins."""
    found: dict[str, dict[str, object]] = {}
    for folder in sys.path:
        for file in sorted(Path(folder).glob("*/pulumi-plugin.json")):
            if file.parent.name not in found:
                found[file.parent.name] = json.loads(file.read_text(encoding="utf-8"))
    return [{"package": package, **plugin} for package, plugin in found.items()]


def about() -> dict[str, str]:
    """The version of Python."""
    return {"version": platform.python_version()}


ANSWERS = {"packages": packages, "plugins": plugins, "about": about}

if __name__ == "__main__":
    json.dump(ANSWERS[sys.argv[1]](), sys.stdout)
