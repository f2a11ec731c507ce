"""What a stack would make, by `pulumi preview`, and the import file for what is there."""

from dataclasses import dataclass, field
from typing import Any

from cloudtrail_guard.policies.document import parse_document, sids_of

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value that is not known yet (pulumi/sdk/go/common/resource/plugin)."""


class AdoptionError(Exception):
    """What exists cannot be adopted as it is; the message says how to fix it."""


@dataclass(frozen=True)
class Planned:
    """A resource that a preview would create.

    Attributes:
        type: its type token, e.g. ``aws:s3/bucket:Bucket``.
        name: its logical name in the program.
        inputs: its inputs; what is not known yet is left out.
        urn: its URN.
        uses: URNs of the resources whose outputs are among its inputs.
    """

    type: str
    name: str
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    urn: str = ""
    uses: frozenset[str] = frozenset()

    def sids(self, name: str) -> set[str]:
        """The Sids of a policy document among the inputs; none while it is not known."""
        text = self.inputs.get(name)
        return set(sids_of(parse_document(text))) if isinstance(text, str) else set()


def planned_resources(preview: dict[str, Any]) -> list[Planned]:
    """The AWS resources that a preview creates.

    Args:
        preview: what `pulumi preview --json` printed.
    """
    made: list[Planned] = []
    for step in preview.get("steps", []):
        state = step.get("newState", {})
        if step["op"] == "create" and state.get("type", "").startswith("aws:"):
            known = {k: v for k, v in state.get("inputs", {}).items() if v != UNKNOWN}
            name = step["urn"].rsplit("::", maxsplit=1)[-1]
            uses = (state.get("propertyDependencies") or {}).values()
            urns = frozenset(urn for listed in uses for urn in listed or ())
            made.append(Planned(state["type"], name, known, step["urn"], urns))
    return made


def import_file(template: dict[str, Any], ids: dict[tuple[str, str], str]) -> dict[str, Any]:
    """The engine's own import file, with the ids that were found and without what is not there.

    Args:
        template: what `pulumi preview --import-file` wrote.
        ids: the id of each resource that exists, by type and logical name.
    """
    kept: list[dict[str, Any]] = []
    for entry in template["resources"]:
        key = (entry["type"], entry.get("logicalName", entry["name"]))
        if entry.get("component"):
            kept.append(entry)
        elif key in ids:
            kept.append({**entry, "id": ids[key]})
    return {**template, "resources": kept}
