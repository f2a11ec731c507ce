"""The JSON Schema of stack files, from the settings: editors complete and check keys with it.

The stack files get the modeline that names it. What depends on several values (a lock that outlives
its logs, say) is left to the program.
"""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from generate.settings_text import description, docstrings
from stacks.settings import NAMESPACE
from stacks.settings.identifiers import Rule
from stacks.settings.load import declared_fields
from stacks.settings.roles import (
    ArchiveSettings,
    ManagementSettings,
    SecuritySettings,
    StandaloneSettings,
    WorkloadSettings,
)

CHECKOUT = Path(__file__).parents[2]
SCHEMA_FILE = CHECKOUT / "docs" / "stack-config.schema.json"
MODELINE = "# yaml-language-server: $schema=docs/stack-config.schema.json\n"

_DEFINITIONS = "definitions"
_SECRET = "secret"  # noqa: S105 - the name of a definition
_OTHER_NAMESPACES = f"^(?!{NAMESPACE}:)[^:]+:.+"
_TEXT = {"type": "string"}


def schema() -> dict[str, Any]:
    """The whole schema, of draft 7: the newest that every YAML language server reads.

    The keys beside ``config`` are those of ProjectStack in sdk/go/common/workspace/project.go of
    pulumi/pulumi.
    """
    settings = _untitled(
        _EverySetting.model_json_schema(
            ref_template=f"#/{_DEFINITIONS}/{{model}}", schema_generator=_Generator
        )
    )
    secret = {
        "description": "A value that `pulumi config set --secret` encrypted.",
        "type": "object",
        "properties": {"secure": _TEXT},
        "required": ["secure"],
        "additionalProperties": False,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A stack file of cloudtrail-guard",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "properties": {
                    f"{NAMESPACE}:{key}": _setting(
                        {**settings["properties"][key], "description": description(*declared)}
                    )
                    for key, declared in declared_fields().items()
                },
                "patternProperties": {_OTHER_NAMESPACES: {}},
                "additionalProperties": False,
            },
            "environment": {},
            "encryptedkey": _TEXT,
            "encryptionsalt": _TEXT,
            "secretsprovider": _TEXT,
        },
        "additionalProperties": False,
        _DEFINITIONS: {**settings["$defs"], _SECRET: secret},
    }


def text() -> str:
    """The schema file's text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def files() -> dict[Path, str]:
    """What is written: the schema, and the stack files with their modeline."""
    return {
        SCHEMA_FILE: text(),
        **{file: with_modeline(file.read_text(encoding="utf-8")) for file in stack_files()},
    }


def with_modeline(stack_file: str) -> str:
    """A stack file's text that names the schema in its first line."""
    return stack_file if stack_file.startswith(MODELINE) else MODELINE + stack_file


def stack_files() -> list[Path]:
    """The committed stack files."""
    return sorted(CHECKOUT.glob("Pulumi.*.yaml"))


class _EverySetting(
    SecuritySettings, ManagementSettings, WorkloadSettings, ArchiveSettings, StandaloneSettings
):
    """The settings of all roles: a schema cannot know the role of a stack file."""


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, with the patterns of names and ids, and the fields' docstrings."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        found = super().model_schema(schema)
        for key, text in docstrings(schema["cls"]).items():
            found["properties"][key]["description"] = text
        return found

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        found = super().function_after_schema(schema)
        rule = schema["function"]["function"]
        return {**found, "pattern": f"^(?:{rule.pattern})$"} if isinstance(rule, Rule) else found


def _setting(value: dict[str, Any]) -> dict[str, Any]:
    """A setting as a stack file may have it: its value, or a secret."""
    plain = dict(value)
    documented = {key: plain.pop(key) for key in ("description", "default")}
    forms = [plain]
    if plain.get("type") == "boolean":
        # What `pulumi config set` writes.
        forms.append({"enum": ["true", "false"]})
    return {**documented, "anyOf": [*forms, {"$ref": f"#/{_DEFINITIONS}/{_SECRET}"}]}


def _untitled(value: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """The same without pydantic's titles, which only repeat the keys."""
    if isinstance(value, dict):
        return {
            key: _untitled(each)
            for key, each in value.items()
            if not (key == "title" and isinstance(each, str))
        }
    if isinstance(value, list):
        return [_untitled(each) for each in value]
    return value
