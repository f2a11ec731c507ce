"""`Pulumi.yaml` from the settings: every key with its type, description and default."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

import yaml

from generate.settings_text import description
from stacks.settings import NAMESPACE
from stacks.settings.load import declared_fields, default_of, is_group

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from stacks.settings.roles import Role

PROJECT_FILE = Path(__file__).parents[2] / "Pulumi.yaml"


def project() -> dict[str, Any]:
    """The whole project file."""
    return {
        "name": NAMESPACE,
        "description": "Set up and protect an organization's CloudTrail",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
        "config": {key: _declare(*declared) for key, declared in declared_fields().items()},
    }


def text() -> str:
    """The project file's text."""
    header = "# Written by `make generate` from stacks/settings.\n"
    return header + yaml.safe_dump(project(), sort_keys=False, width=96, allow_unicode=True)


def files() -> dict[Path, str]:
    """What is written."""
    return {PROJECT_FILE: text()}


def _declare(field: "FieldInfo", roles: "tuple[Role, ...]") -> dict[str, Any]:
    return {
        **_type(field.annotation),
        "description": description(field, roles),
        "default": default_of(field),
    }


def _type(annotation: Any) -> dict[str, Any]:  # noqa: ANN401 - annotations have no common type
    if get_origin(annotation) is list:
        return {"type": "array", "items": _type(get_args(annotation)[0])}
    if is_group(annotation):
        return {"type": "object"}
    if annotation is bool:
        return {"type": "boolean"}
    return {"type": "string"}
