"""The rules, by subject: one module a rule, named after its id, holding the rule as ``RULE``.

A new file in one of the packages is a rule of the pack; nothing else lists it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.rule import Rule


def _collect() -> Iterator[Rule]:
    """Yield the rule of every module of the subjects' packages."""
    for subject in iter_modules(__path__, f"{__name__}."):
        if subject.ispkg:
            package = import_module(subject.name)
            for module in iter_modules(package.__path__, f"{subject.name}."):
                yield import_module(module.name).RULE


RULES: tuple[Rule, ...] = tuple(sorted(_collect(), key=lambda rule: rule.id))
"""Every rule, sorted by id."""
