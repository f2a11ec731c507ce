"""CloudTrail: trails and event data stores.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.enforcement.permissions import arn, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.aws.call import Call
    from sandbox.aws.enforcement.permissions import Permission

_TRAIL_OPERATIONS = {
    *("CreateTrail", "DeleteTrail", "GetTrail", "GetTrailStatus", "UpdateTrail"),
    *("StartLogging", "StopLogging"),
}


def permissions(call: Call) -> Iterable[Permission]:
    """A trail by name or ARN, an event data store by id or ARN, what is tagged by ARN."""
    params = call.params
    if call.action == "ListTags":
        return [plain(call, each) for each in params.get("ResourceIdList", [])]
    tagged = call.text("ResourceId")
    store = call.text("EventDataStore")
    trail = call.text("TrailName")
    if call.action in _TRAIL_OPERATIONS:
        trail = call.text("Name")
    if tagged:
        return [plain(call, tagged)]
    if store:
        return [plain(call, _full(call, "eventdatastore", store))]
    return [plain(call, _full(call, "trail", trail) if trail else "*")]


def _full(call: Call, kind: str, name: str) -> str:
    return name if name.startswith("arn:") else arn(call, f"{kind}/{name}")
