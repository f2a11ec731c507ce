"""A stack's config out of its files, as the engine hands it to a program."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


class ProjectError(Exception):
    """The project's files cannot be used; the message names the file."""


def load_config(project: Path, stack: str) -> dict[str, str]:
    """A stack's config by full key, with the project's defaults.

    Args:
        project: the directory that holds ``Pulumi.yaml``.
        stack: the stack's name.

    Raises:
        ProjectError: a file is missing, or is not what Pulumi takes.
    """
    file = _read(project / "Pulumi.yaml")
    name = file.get("name")
    if not isinstance(name, str):
        raise ProjectError(f"{project / 'Pulumi.yaml'} has no name")
    stack_file = project / f"Pulumi.{stack}.yaml"
    own = _read(stack_file).get("config", {}) if stack_file.exists() else {}
    declared: dict[str, Any] = file.get("config", {})
    defaults = {
        _full_key(name, key): declaration[attribute]
        for key, declaration in declared.items()
        for attribute in ("default", "value")
        if isinstance(declaration, dict) and attribute in declaration
    }
    given = {_full_key(name, key): value for key, value in own.items()}
    return {key: _text(value) for key, value in {**defaults, **given}.items()}


def project_name(project: Path) -> str:
    """The project's name."""
    return str(_read(project / "Pulumi.yaml")["name"])


def _read(path: Path) -> dict[str, Any]:
    try:
        content = _parsed(path.read_text())
    except FileNotFoundError:
        raise ProjectError(f"there is no {path.name} in {path.parent}") from None
    except yaml.YAMLError as error:
        raise ProjectError(f"{path} is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise ProjectError(f"{path} does not hold an object")
    return content


@lru_cache(maxsize=32)
def _parsed(text: str) -> object:
    """YAML's value: a project's settings take a tenth of a second to parse."""
    return yaml.safe_load(text)


def _full_key(project: str, key: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)
