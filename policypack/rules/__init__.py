"""The rules: one module a rule, named after the rule's id, holding the rule as ``RULE``.

Modules that begin with an underscore hold what several rules share.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.rule import Rule


def _collect() -> tuple[Rule, ...]:
    """Return the rule of every module of this package, sorted by module name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(
        import_module(f"{__name__}.{name}").RULE for name in names if not name.startswith("_")
    )


RULES: tuple[Rule, ...] = _collect()
"""Every rule, sorted by id."""
