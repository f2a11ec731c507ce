"""Ready configurations of a pack, made from what its rules say about themselves.

A profile raises levels and never lowers one: what is not of its standard keeps its own level.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.levels import EnforcementLevel as Level
from cloudtrail_guard_policies.engine.standards import STANDARDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cloudtrail_guard_policies.engine.rule import Rule

BASELINE = "baseline"
STRICT = "strict"


def profiles(rules: Sequence[Rule]) -> dict[str, dict[str, str]]:
    """Return the profiles of a pack.

    Args:
        rules: The pack's rules.

    Returns:
        For each profile's name, the level of every rule by its id: ``baseline`` is every rule's own
        level, ``strict`` makes all mandatory, and one a standard makes those mandatory that serve a
        control of it.
    """
    levels = {BASELINE: {rule.id: rule.level.value for rule in rules}}
    for standard in STANDARDS:
        levels[standard.slug] = {
            rule.id: Level.MANDATORY.value if standard in rule.controls else rule.level.value
            for rule in rules
        }
    levels[STRICT] = {rule.id: Level.MANDATORY.value for rule in rules}
    return levels


def write_profiles(rules: Sequence[Rule], directory: Path) -> None:
    """Write each profile as a file for ``--policy-pack-config``, and remove files of no profile.

    Args:
        rules: The pack's rules.
        directory: Where the files go; it is made where it is missing.
    """
    directory.mkdir(exist_ok=True)
    files = {f"{name}.json": levels for name, levels in profiles(rules).items()}
    for stale in {each.name for each in directory.glob("*.json")} - set(files):
        (directory / stale).unlink()
    for name, levels in files.items():
        (directory / name).write_text(json.dumps(levels, indent=2) + "\n", encoding="utf-8")
