"""Whether a trail's selectors select an event: pure functions of both.

Sources: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html and
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Selector = Mapping[str, Any]

_OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


def selects(
    basic: Sequence[Selector], advanced: Sequence[Selector], event: Mapping[str, Any]
) -> bool:
    """Whether any selector of a trail selects an event.

    Args:
        basic: the trail's event selectors, as the API names its members.
        advanced: its advanced event selectors; basic ones do not count beside them.
        event: an event record.
    """
    if advanced:
        return any(_fits(selector, event) for selector in advanced)
    return any(_selects(selector, event) for selector in basic)


def _selects(selector: Selector, event: Mapping[str, Any]) -> bool:
    """Whether a basic selector selects an event."""
    wanted = selector.get("ReadWriteType", "All")
    if wanted != "All" and (wanted == "ReadOnly") is not event["readOnly"]:
        return False
    if event["eventCategory"] == "Management":
        excluded = selector.get("ExcludeManagementEventSources") or ()
        included = selector.get("IncludeManagementEvents", True)
        return included and event["eventSource"] not in excluded
    return any(
        resource["type"] == data["Type"] and resource["ARN"].startswith(value)
        for resource in event["resources"]
        for data in selector.get("DataResources") or ()
        for value in data.get("Values") or ()
    )


def _fits(selector: Selector, event: Mapping[str, Any]) -> bool:
    """Whether all conditions of an advanced selector hold."""
    return all(
        _holds(operator, values, _values(event, condition["Field"]))
        for condition in selector["FieldSelectors"]
        for operator, values in condition.items()
        if operator != "Field" and values
    )


def _holds(operator: str, wanted: Sequence[str], found: Sequence[str]) -> bool:
    test = _OPERATORS[operator.removeprefix("Not")]
    holds = any(test(value, each) for value in found for each in wanted)
    return not holds if operator.startswith("Not") else holds


def _values(event: Mapping[str, Any], field: str) -> Sequence[str]:
    """The values of a field: of ``resources.ARN``, those of the resource that the event is of."""
    if field.startswith("resources."):
        return [each[field.partition(".")[2]] for each in event.get("resources", ())[:1]]
    found: Any = event
    for name in field.split("."):
        found = found.get(name) if found else None
    if found is None:
        return ()
    return [str(found).lower() if isinstance(found, bool) else str(found)]
