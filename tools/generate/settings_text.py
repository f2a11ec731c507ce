"""What the docstrings under the settings say of them, with the stacks that have them."""

import ast
import inspect
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from stacks.settings.base import Group, alias_of
from stacks.settings.roles import MODELS, ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic.fields import FieldInfo

    from stacks.settings.roles import Role


def description(field: "FieldInfo", roles: "tuple[Role, ...]") -> str:
    """The description; one that starts with stack roles applies only to those stacks."""
    text = " ".join(docstrings(MODELS[roles[0]])[str(field.alias)].split())
    return text if roles == ROLES else f"{', '.join(roles)}: {text}"


@cache
def docstrings(model: type[Group]) -> "Mapping[str, str]":
    """The docstring under each field of a model, by the field's key.

    Pydantic would read them whenever the program starts (`use_attribute_docstrings`), and parse the
    source of every model for it.
    """
    return {
        alias_of(model, name): text
        for kind in reversed(model.__mro__)
        if issubclass(kind, Group)
        for name, text in _own(kind)
    }


def _own(model: type[Group]) -> list[tuple[str, str]]:
    [definition] = ast.parse(inspect.getsource(model)).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    return [
        (field.target.id, inspect.cleandoc(text.value.value))
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
        if isinstance(text.value.value, str)
    ]
