"""The handbook page of the rules, written from the rules themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pulumi_policy import EnforcementLevel as Level

from framework.profiles import profiles
from framework.rule import ResourceRule
from framework.settings import EXEMPTIONS
from framework.standards import STANDARDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from framework.rule import Rule
    from framework.standards import Standard

_INTRODUCTION: Final = """\
# Policies

This page is written from the rules by `make generate`; change a rule, not this page.

```sh
pulumi preview --policy-pack PATH/policypack                                 # while deploying
pulumi preview --policy-pack PATH/policypack --policy-pack-config rules.json # with settings
pulumi policy analyze --policy-pack PATH/policypack --stack STACK            # what is deployed
```

A mandatory violation makes a preview fail, and in an update the resource is not made.
A *resource* rule judges a resource by itself, before it is made; a *stack* rule judges the
resources of a stack together, after all of them were handled.

## What a rule says about values that are not known yet

In a preview, a value that comes from a resource which is not made yet is unknown. Where a rule asks
whether something is set, an unknown value counts as set. A rule that needs the value itself says
so, as an advisory that names the resource and the property, and decides during the update. One
unknown value hides no other resource and no other rule.

## Configuration

The file of `--policy-pack-config` holds a level for a rule (`advisory`, `mandatory`, `remediate` or
`disabled`), or an object with the level, the rule's own settings and its exemptions. `all` is the
level of every rule that has none of its own. A rule or property that does not exist is refused,
with the nearest that does. (Pulumi itself answers `invalid enforcement level ""` when an unknown
rule is given properties and no level.)

```json
%(example)s
```

**`remediate`** sets what is missing instead of failing, for the rules that name a remediation
below; for the others it is the same as `mandatory`. A resource is mended before it is made, when
nobody knows yet what it will belong to: a *stack* rule at this level mends every resource of the
types that it names.

**Exemptions** let resources pass for a while. `resource` is a glob (`*`, `?`, `[...]`) over the
resource's name, or over its URN when it contains `::`; `reason` is shown wherever the exemption is
used; `expires` is its last day, in UTC. All three are required. What was exempted is shown as an
advisory. After the last day it is a violation again, and an exemption that matches no resource of
the stack is reported.

**Ready configurations** lie in `policypack/profiles`. Each names every rule; one of a standard
makes those mandatory that serve a control of it, and leaves the others at their own level.

"""


def policies_page(rules: Sequence[Rule], notes: str = "") -> str:
    """Return the page as Markdown.

    Args:
        rules: The rules, in the order in which they are listed.
        notes: Sections about all of them together, as Markdown.

    Returns:
        The introduction, the notes, a table, a section for each rule, and the standards with their
        sources.
    """
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
    parts = [
        _INTRODUCTION % {"example": json.dumps(example, indent=2)},
        "\n".join(_profiles(rules)),
        *([notes] if notes else []),
        "\n".join(_table(rules)),
        *("\n".join(_section(rule)) for rule in rules),
        "\n".join(_sources(rules)),
    ]
    return "\n".join(parts)


def _profiles(rules: Sequence[Rule]) -> Iterator[str]:
    yield "| configuration | mandatory rules |"
    yield "|---|---|"
    for name, levels in profiles(rules).items():
        mandatory = sum(level == Level.MANDATORY.value for level in levels.values())
        yield f"| `{name}.json` | {mandatory} of {len(levels)} |"
    yield ""


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


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield rule.title
    yield ""
    yield f"{rule.rationale} [Documentation]({rule.link})."
    yield ""
    yield f"- **Mend:** {rule.mend}"
    for resource_type, fix in sorted(rule.fixes.items()):
        settings = ", ".join(f"`{name}` to `{json.dumps(value)}`" for name, value in fix.items())
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
    yield from _program("Meets it", rule.good)
    yield from _program("Breaks it", rule.bad)


def _program(heading: str, program: str) -> Iterator[str]:
    yield f"{heading}:"
    yield ""
    yield f"```python\n{program.rstrip()}\n```"
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
