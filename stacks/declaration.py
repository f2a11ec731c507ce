"""`Pulumi.yaml` from the settings: every key with its type, description and default.

Run as ``python -m stacks.declaration`` to write it anew.
"""

from pathlib import Path
from typing import Any, get_args, get_origin

import yaml
from pydantic.fields import FieldInfo

from stacks.groups import Group
from stacks.settings import NAMESPACE, Settings

PROJECT_FILE = Path(__file__).parent.parent / "Pulumi.yaml"


def project() -> dict[str, Any]:
    """The whole project file."""
    return {
        "name": NAMESPACE,
        "description": "Set up and protect an organization's CloudTrail",
        "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
        "config": {str(field.alias): _declare(field) for field in Settings.model_fields.values()},
    }


def text() -> str:
    """The project file's text."""
    header = "# Written by `make generate` from stacks/settings.py.\n"
    return header + yaml.safe_dump(project(), sort_keys=False, width=96, allow_unicode=True)


def _declare(field: FieldInfo) -> dict[str, Any]:
    return {
        **_type(field.annotation),
        "description": field.description,
        "default": _plain(field.default),
    }


def _type(annotation: Any) -> dict[str, Any]:  # noqa: ANN401 - annotations have no common type
    if get_origin(annotation) is list:
        return {"type": "array", "items": _type(get_args(annotation)[0])}
    if isinstance(annotation, type) and issubclass(annotation, Group):
        return {"type": "object"}
    if annotation is bool:
        return {"type": "boolean"}
    return {"type": "string"}


def _plain(value: object) -> object:
    if isinstance(value, Group):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return value


if __name__ == "__main__":
    PROJECT_FILE.write_text(text())
