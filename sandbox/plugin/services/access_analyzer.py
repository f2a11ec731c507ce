"""IAM Access Analyzer.

Source: `internal/service/accessanalyzer/analyzer.go` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceType
from sandbox.plugin.validators import length, matching, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Call, Function
    from sandbox.plugin.values import Properties

_GONE: Final = "ResourceNotFoundException"
_TYPES: Final = (
    *("ACCOUNT", "ORGANIZATION", "ACCOUNT_UNUSED_ACCESS", "ORGANIZATION_UNUSED_ACCESS"),
    *("ACCOUNT_INTERNAL_ACCESS", "ORGANIZATION_INTERNAL_ACCESS"),
)


def _create(call: Call) -> str:
    name = call.inputs["analyzerName"]
    more: dict[str, Any] = {"tags": call.tags} if call.tags else {}
    call.client("accessanalyzer").create_analyzer(
        analyzerName=name, type=call.inputs["type"], **more
    )
    return str(name)


def _read(call: Call) -> Properties | None:
    client = call.client("accessanalyzer")
    found = find(lambda: client.get_analyzer(analyzerName=call.id), _GONE)
    if found is None:
        return None
    analyzer = found["analyzer"]
    return {
        "analyzerName": analyzer["name"],
        "arn": analyzer["arn"],
        "tags": analyzer.get("tags", {}),
        "type": analyzer["type"],
    }


def _delete(call: Call) -> None:
    with ignoring(_GONE):
        call.client("accessanalyzer").delete_analyzer(analyzerName=call.id)


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client, arn = call.client("accessanalyzer"), call.state["arn"]
    if removed:
        client.untag_resource(resourceArn=arn, tagKeys=removed)
    if new:
        client.tag_resource(resourceArn=arn, tags=dict(new))


ANALYZER: Final = ResourceType(
    type="aws:accessanalyzer/analyzer:Analyzer",
    noun="IAM Access Analyzer Analyzer",
    create=_create,
    read=_read,
    delete=_delete,
    tag=_tag,
    label="analyzerName",
    defaults={"type": "ACCOUNT"},
    replace=frozenset({"analyzerName", "type"}),
    validate={
        "analyzerName": (
            length(1, 255),
            matching(
                r"^[A-Za-z][0-9A-Za-z_.-]*$",
                "must begin with a letter and contain only alphanumeric, underscore, period, or "
                "hyphen characters",
            ),
        ),
        "type": (one_of(*_TYPES),),
    },
    not_emulated={"configuration": "analysis of unused or internal access: leave it out"},
)

RESOURCES = (ANALYZER,)
FUNCTIONS: Final[tuple[Function, ...]] = ()
