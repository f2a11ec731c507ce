"""What all models of settings have in common."""

from typing import cast

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic.alias_generators import to_camel


class Group(BaseModel):
    """Strict names, camelCase keys, no changes.

    The docstring under a field is its description, in `Pulumi.yaml`, the schema and the reference.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        validate_default=True,
    )

    @field_validator("*", mode="after")
    @classmethod
    def _no_entry_twice(cls, value: object) -> object:
        """Most entries name a resource of their own, which cannot be created twice."""
        if isinstance(value, list):
            entries = cast("list[object]", value)
            twice = [each for at, each in enumerate(entries) if each in entries[:at]]
            if twice and isinstance(twice[0], str):
                raise ValueError(f"must have each entry once, and has {twice[0]} twice")
        return value


def alias_of(model: type[BaseModel], name: str) -> str:
    """The key in a stack file under which a field of a model is set."""
    return str(model.model_fields[name].alias)
