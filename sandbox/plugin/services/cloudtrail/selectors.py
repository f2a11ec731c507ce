"""What a trail logs, in Pulumi's words and in AWS's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find
from sandbox.plugin.shapes import from_aws, to_aws

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

FIELDS: Final = (
    "eventCategory",
    "eventName",
    "eventSource",
    "readOnly",
    "resources.ARN",
    "resources.type",
)
"""What the real provider lets an advanced selector select by."""

_OPERATORS: Final = {
    "endsWiths": "EndsWith",
    "equals": "Equals",
    "notEndsWiths": "NotEndsWith",
    "notEquals": "NotEquals",
    "notStartsWiths": "NotStartsWith",
    "startsWiths": "StartsWith",
}

_DEFAULT: Final = {"includeManagementEvents": True, "readWriteType": "All", "dataResources": []}


def put_selectors(call: Call) -> None:
    """Write those of the selectors that have changed."""
    client, wanted = call.client("cloudtrail"), call.inputs
    if call.has_changed("eventSelectors"):
        # A trail without selectors has the default one: that is how they are removed.
        basic = [_basic(selector) for selector in wanted.get("eventSelectors") or [_DEFAULT]]
        client.put_event_selectors(TrailName=call.id, EventSelectors=basic)
    if call.has_changed("advancedEventSelectors"):
        selectors = wanted.get("advancedEventSelectors", [])
        advanced = [to_advanced(selector) for selector in selectors]
        client.put_event_selectors(TrailName=call.id, AdvancedEventSelectors=advanced)
    if call.has_changed("insightSelectors"):
        insights = to_aws(wanted.get("insightSelectors", []))
        client.put_insight_selectors(TrailName=call.id, InsightSelectors=insights)


def read_selectors(call: Call, trail: Properties) -> Properties:
    """The selectors of a trail as DescribeTrails answers it.

    AWS says whether a trail has selectors of its own; where it has none, the real provider leaves
    in the state what is there.
    """
    client = call.client("cloudtrail")
    names = ("eventSelectors", "advancedEventSelectors", "insightSelectors")
    found: Properties = {name: call.value(name) for name in names}
    if trail.get("HasCustomEventSelectors"):
        live = client.get_event_selectors(TrailName=call.id)
        basic = from_aws(live.get("EventSelectors", []))
        found["eventSelectors"] = [] if _is_default(basic) else basic
        advanced = live.get("AdvancedEventSelectors", [])
        found["advancedEventSelectors"] = [from_advanced(selector) for selector in advanced]
    if trail.get("HasInsightSelectors"):
        insights = find(
            lambda: client.get_insight_selectors(TrailName=call.id), "InsightNotEnabledException"
        )
        found["insightSelectors"] = from_aws((insights or {}).get("InsightSelectors", []))
    return found


def _basic(selector: Properties) -> Properties:
    return {"DataResources": [], **to_aws(selector)}


def _is_default(selectors: Sequence[Properties]) -> bool:
    """Whether this is the selector of a trail for which nobody has said anything."""
    return (
        len(selectors) == 1
        and selectors[0].get("readWriteType") == "All"
        and not selectors[0].get("dataResources")
        and not selectors[0].get("excludeManagementEventSources")
    )


def to_advanced(selector: Properties) -> Properties:
    """An advanced event selector in AWS's words."""
    fields: list[Any] = [
        {key: value for key, value in to_aws(field, _OPERATORS).items() if value}
        for field in selector["fieldSelectors"]
    ]
    return {"Name": selector.get("name", ""), "FieldSelectors": fields}


def from_advanced(selector: Properties) -> Properties:
    """The opposite of `to_advanced`."""
    fields = [from_aws(field, _OPERATORS) for field in selector["FieldSelectors"]]
    return {"name": selector.get("Name", ""), "fieldSelectors": fields}
