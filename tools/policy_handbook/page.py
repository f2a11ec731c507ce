"""The handbook page of the rules, written from the rules themselves and from their programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.levels import EnforcementLevel as Level
from cloudtrail_guard_policies.engine.profiles import profiles
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.engine.settings import EXEMPTIONS
from cloudtrail_guard_policies.engine.standards import STANDARDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cloudtrail_guard_policies.engine.rule import Rule
    from cloudtrail_guard_policies.engine.standards import Standard

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = CHECKOUT / "docs/policies.md"
PROGRAMS: Final = CHECKOUT / "policypack/programs"
"""For each rule a directory of its id, with a program that meets it and one that breaks it."""

_INTRODUCTION: Final = Path(__file__).with_name("introduction.md")


def policies_page(rules: Sequence[Rule], programs: Path = PROGRAMS) -> str:
    """Return the page as Markdown.

    Args:
        rules: The rules, in the order in which they are listed.
        programs: The directory of their programs.

    Returns:
        The introduction, a table, a section for each rule, and the standards with their sources.
    """
    parts = [
        introduction(rules),
        "\n".join(_table(rules)),
        *("\n".join(_section(rule, programs / rule.id)) for rule in rules),
        "\n".join(_sources(rules)),
    ]
    return "\n".join(parts)


def introduction(rules: Sequence[Rule]) -> str:
    """Return what the page says of all rules together."""
    example = {
        "all": "mandatory",
        rules[0].id: {
            "enforcementLevel": "mandatory",
            EXEMPTIONS: [
                {
                    "resource": "legacy-*",
                    "reason": "CHG-1042: deleted with the old account",
                    "expires": "2027-03-31",
                }
            ],
        },
    }
    text = _INTRODUCTION.read_text(encoding="utf-8")
    text = text.replace("{{example}}", json.dumps(example, indent=2))
    return text.replace("{{profiles}}", "\n".join(_profiles(rules)))


def _profiles(rules: Sequence[Rule]) -> Iterator[str]:
    yield "| configuration | mandatory rules |"
    yield "|---|---|"
    for name, levels in profiles(rules).items():
        mandatory = sum(level == Level.MANDATORY.value for level in levels.values())
        yield f"| `{name}.json` | {mandatory} of {len(levels)} |"


def _table(rules: Sequence[Rule]) -> Iterator[str]:
    yield "## Rules"
    yield ""
    yield "| rule | what holds | kind | severity | level |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        yield (
            f"| [{rule.id}](#{rule.id}) | {rule.title} | {_kind(rule)}"
            f" | {rule.severity.value} | {rule.level.value} |"
        )
    yield ""


def _section(rule: Rule, programs: Path) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield rule.title
    yield ""
    yield f"{rule.rationale} [Documentation]({rule.link})."
    yield ""
    yield f"- **Fix:** {rule.remediation}"
    for resource_type, wanted in sorted(rule.corrections.items()):
        settings = ", ".join(f"`{name}` to `{json.dumps(value)}`" for name, value in wanted.items())
        yield f"- **`remediate`** sets {settings} in `{resource_type}`."
    yield f"- **Reads:** {', '.join(f'`{each}`' for each in sorted(rule.types))}"
    for standard in _standards(rule):
        yield f"- **[{standard.title}]({standard.link}):** {', '.join(rule.controls[standard])}"
    yield ""
    if rule.parameters:
        yield "| setting | default | schema |"
        yield "|---|---|---|"
        for each in rule.parameters:
            described = {key: value for key, value in each.schema.items() if key != "default"}
            default = json.dumps(each.schema["default"])
            yield f"| `{each.name}` | `{default}` | `{json.dumps(described)}` |"
        yield ""
    yield from _program("Meets it", programs / "good.py")
    yield from _program("Breaks it", programs / "bad.py")


def _program(heading: str, program: Path) -> Iterator[str]:
    yield f"{heading}:"
    yield ""
    yield f"```python\n{program.read_text(encoding='utf-8').rstrip()}\n```"
    yield ""


def _sources(rules: Sequence[Rule]) -> Iterator[str]:
    yield "## Where the control ids come from"
    yield ""
    used = {standard.slug for rule in rules for standard in rule.controls}
    for standard in STANDARDS:
        if standard.slug in used:
            yield f"- {standard.title}: [{standard.source.rpartition('/')[2]}]({standard.source})"
    yield ""


def _standards(rule: Rule) -> list[Standard]:
    return [standard for standard in STANDARDS if standard in rule.controls]


def _kind(rule: Rule) -> str:
    return "resource" if isinstance(rule, ResourceRule) else "stack"
