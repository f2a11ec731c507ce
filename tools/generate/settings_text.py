"""A setting's description, with the stacks that have it."""

from typing import TYPE_CHECKING

from stacks.settings.roles import ROLES

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from stacks.settings.roles import Role


def description(field: "FieldInfo", roles: "tuple[Role, ...]") -> str:
    """The description; one that starts with stack roles applies only to those stacks."""
    text = " ".join((field.description or "").split())
    return text if roles == ROLES else f"{', '.join(roles)}: {text}"
