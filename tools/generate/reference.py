"""The reference pages, from the two JSON schemas and the estimate of costs."""

import json
import re
from pathlib import Path
from typing import Any

from cloudtrail_guard.detection.metric_filters import ALARMS
from cloudtrail_guard.storage.costs import PRICES_AS_OF, monthly_costs
from cloudtrail_guard.storage.retention import Lifecycle

DOCS = Path(__file__).parents[2] / "docs"
SETTINGS = DOCS / "stack-config.schema.json"
COMPONENTS = DOCS.parent / "components" / "schema.json"
PACKAGE = COMPONENTS.with_name("README.md")
HEADER = "<!-- Written by `make generate`. -->\n\n"
NAMESPACE = "cloudtrail-guard"

Json = dict[str, Any]

TIERS = {
    "one class, seven years (the default)": Lifecycle(),
    "Glacier IR after 90 days": Lifecycle(glacier_ir_after_days=90),
    "Glacier IR after 90 days, Deep Archive after a year": Lifecycle(
        glacier_ir_after_days=90, deep_archive_after_days=365
    ),
}
"""The lifecycles whose costs the page compares."""


def settings_page(schema: Json) -> str:
    """Every setting: type, default, description, and the keys of those that are objects."""
    lines = [
        HEADER + "# Settings\n",
        (
            "Each is set in a stack's file under `cloudtrail-guard:`. A description that starts "
            "with stack roles applies only to those stacks; the setting is an error in others.\n"
        ),
    ]
    config: Json = schema["properties"]["config"]["properties"]
    own = {k: v for k, v in config.items() if k.startswith(f"{NAMESPACE}:")}
    for key, field in sorted(own.items()):
        name = key.removeprefix(f"{NAMESPACE}:")
        lines.append(f"## `{name}`\n\n{field.get('description', '')}\n")
        group = _group(schema, field)
        kind = _kind(field).capitalize()
        if group:
            kind = "An object" if isinstance(field.get("default"), dict) else "A list of objects"
        lines.append(f"{kind}. Default: `{_default(field)}`\n")
        if group:
            lines += ["| key | type | default | meaning |", "|---|---|---|---|"]
            lines += _parts(schema, group)
            lines.append("")
    return "\n".join(lines)


def _parts(schema: Json, group: Json, prefix: str = "") -> list[str]:
    """The rows of an object's keys, and of the keys of objects within it."""
    rows: list[str] = []
    for part, inner in group["properties"].items():
        default = json.dumps(inner["default"]) if "default" in inner else "none"
        meaning = _text(inner.get("description", ""))
        within = _group(schema, inner)
        if within is None:
            kind = _kind(_chosen(schema, inner))
            rows.append(f"| `{prefix}{part}` | {kind} | `{default}` | {meaning} |")
        else:
            rows.append(f"| `{prefix}{part}` | object | | {meaning} |")
            rows += _parts(schema, within, f"{prefix}{part}.")
    return rows


def components_page(schema: Json) -> str:
    """Every component: what it is, its inputs and outputs, and the object types they use."""
    lines = [
        HEADER + "# Components\n",
        (
            "Names are those of TypeScript, YAML and Go; in Python they are in snake case. An "
            "input marked **required** must be given.\n"
        ),
    ]
    for token, component in schema["resources"].items():
        required = set(component.get("requiredInputs", ()))
        lines.append(f"## {_short(token)}\n\n{_text(component['description'])}\n")
        lines += _table("input", component["inputProperties"], required)
        lines += _table("output", component["properties"], set())
    lines.append("# Types\n")
    for token, kind in schema["types"].items():
        lines.append(f"## {_short(token)}\n\n{_text(kind.get('description', ''))}\n")
        if "enum" in kind:
            lines += [f"- `{each['value']}`" for each in kind["enum"]]
            lines.append("")
            continue
        lines += _table("field", kind["properties"], set(kind.get("required", ())))
    return "\n".join(lines)


def costs_page() -> str:
    """What storing logs costs under some lifecycles, by the estimate of the code."""
    lines = [
        HEADER + "# What it costs\n",
        (
            "The first copy of management events is free in every account; everything else here is "
            "billed by AWS.\n"
        ),
        (
            "- **Storage**: the table below, for 10 GB of compressed logs a month, a third of it "
            "in files below 128 KB, which S3 leaves in the first class."
        ),
        (
            "- **Keys**: about 1 USD a month for each KMS key; bucket keys keep the requests few. "
            "One for the logs, and one each for the alert topic of a stack, the results of "
            "queries, the feed for a SIEM, and the replica."
        ),
        (
            "- **Expired logs** stay as noncurrent versions for as long again "
            "(`lifecycle.expireNoncurrentAfterDays`), so that a log that was hidden is not lost "
            "early: the same storage once more after seven years. With a lock for as long as logs "
            "are kept (`objectLock`) it is 90 days."
        ),
        (
            "- **A replica** doubles storage and key requests, and adds the transfer to its region "
            "if that is another one; in an account of its own, the same, billed there for storage "
            "and keys. "
            "**Queries** are billed by scanned data: `queries.maxScannedGib` limits each. "
            "**The feed** costs a message for every log file."
        ),
        (
            f"- **Alarms**: {len(ALARMS)} metric alarms and their custom metrics, and "
            "CloudWatch Logs' ingestion of every management event: by far the largest part in a "
            "busy organization. Set `alarms.enabled` to false to go without."
        ),
        (
            "- **Dead-man alarms**: a metric alarm each on log files, digests, the log group and "
            "the forwarding, about 0.10 USD a month each. Log files and digests are counted by two "
            "filters of S3's request metrics, billed like custom metrics at about 0.30 USD a month "
            "for each metric that has requests: some seven for each filter, so about 4 USD a month "
            "in all. They are used because they leave the bucket's notifications alone; the log "
            "group's and EventBridge's own metrics are free of charge."
        ),
        (
            "- **Event rules** cost nothing; an event that is forwarded to another account is "
            "billed as a custom event, about 1 USD for a million: signs of life come to 9,000 a "
            "month. **Watching log files** records a data event for each that someone deletes, "
            "unlocks or plants, and none for CloudTrail's own."
        ),
        (
            "- **Data events, network activity and Insights** are billed by event, and are off "
            "unless set. An additional trail with management events is billed for its whole copy.\n"
        ),
        (
            f"Prices: {PRICES_AS_OF}; they change, so check the "
            "[S3](https://aws.amazon.com/s3/pricing/) and "
            "[CloudTrail](https://aws.amazon.com/cloudtrail/pricing/) price lists.\n"
        ),
        "| lifecycle | after 1 year, USD a month | after 7 years, USD a month |",
        "|---|---|---|",
    ]
    for name, lifecycle in TIERS.items():
        costs = [
            sum(
                tier.usd_per_month
                for tier in monthly_costs(
                    lifecycle.stays, gb_per_month=10, after_years=years, small_share=0.33
                )
            )
            for years in (1, 7)
        ]
        lines.append(f"| {name} | {costs[0]:.2f} | {costs[1]:.2f} |")
    return "\n".join(lines) + "\n"


BEGIN, END = "<!-- Written by `make generate`. -->", "<!-- The end of what is written. -->"


def package_page(schema: Json, page: str) -> str:
    """The page of the package, on PyPI too, with each component in its table as it is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [
        f"| `{_short(token)}` | {_text(component['description'].partition(chr(10) * 2)[0])} |"
        for token, component in schema["resources"].items()
    ]
    table = "\n".join(["| component | makes |", "|---|---|", *rows])
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        "settings.md": settings_page(json.loads(SETTINGS.read_text())),
        "components.md": components_page(json.loads(COMPONENTS.read_text())),
        "costs.md": costs_page(),
    }


def _table(what: str, fields: Json, required: set[str]) -> list[str]:
    if not fields:
        return []
    lines = [f"| {what} | type | meaning |", "|---|---|---|"]
    for name, field in fields.items():
        must = " **required**" if name in required else ""
        meaning = _text(field.get("description", "")).replace("|", "\\|")
        lines.append(f"| `{name}`{must} | {_kind(field)} | {meaning} |")
    return [*lines, ""]


def _kind(field: Json) -> str:
    if "$ref" in field:
        return f"`{_short(field['$ref'])}`"
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    if isinstance(field.get("additionalProperties"), dict):
        return f"map of {_kind(field['additionalProperties'])}"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in field:
            # Any setting may be a secret, and many may be null: neither is part of the type.
            kinds = [_kind(each) for each in field[several]]
            named = [kind for kind in kinds if kind not in {"null", "`secret`"}]
            return " or ".join(dict.fromkeys(named))
    if values := field.get("enum") or [field[key] for key in ("const",) if key in field]:
        return ", ".join(f"`{value}`" for value in values)
    return str(field.get("type", "any"))


def _default(field: Json) -> str:
    default = field.get("default")
    if isinstance(default, dict):
        default = {key: value for key, value in default.items() if value is not None}
    return json.dumps(default)


def _chosen(schema: Json, field: Json) -> Json:
    """The same with the choices themselves in place of their name."""
    if "items" in field:
        return {**field, "items": _chosen(schema, field["items"])}
    found: Json = schema["definitions"].get(_short(field.get("$ref", "")), {})
    return found if "enum" in found else field


def _group(schema: Json, field: Json) -> Json | None:
    """The object that a setting is, or a list of them, if it has parts."""
    places = (field, *field.get("allOf", ()), *field.get("anyOf", ()))
    for place in (*places, *(place["items"] for place in places if "items" in place)):
        found = place
        if _short(place.get("$ref", "")) == "secret":
            continue
        if "$ref" in place:
            found = schema["definitions"][_short(place["$ref"])]
        if "properties" in found:
            return found
    return None


def _short(token: str) -> str:
    return re.split(r"[:/]", token)[-1]


def _text(description: str) -> str:
    return " ".join(description.split())


def files() -> dict[Path, str]:
    """What is written."""
    package = package_page(json.loads(COMPONENTS.read_text()), PACKAGE.read_text(encoding="utf-8"))
    return {PACKAGE: package, **{DOCS / name: page for name, page in pages().items()}}
