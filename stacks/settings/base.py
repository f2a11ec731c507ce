"""What all models of settings have in common."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Group(BaseModel):
    """Strict names, camelCase keys, no changes.

    The docstring under a field is its description, in `Pulumi.yaml`, the schema and the reference.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        validate_default=True,
    )


def alias_of(model: type[BaseModel], name: str) -> str:
    """The key in a stack file under which a field of a model is set."""
    return str(model.model_fields[name].alias)
