"""Named queries: every change makes another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.resource import AutoName, ResourceType
from sandbox.plugin.services.gone import find_unless
from sandbox.plugin.validators import length

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_NAMES: Final = {
    "database": "Database",
    "description": "Description",
    "name": "Name",
    "query": "QueryString",
    "workgroup": "WorkGroup",
}
"""The inputs, with the names they have in the API."""

_GONE: Final = "was not found"


def _create(call: Call) -> str:
    request = {theirs: call.inputs[ours] for ours, theirs in _NAMES.items() if ours in call.inputs}
    return str(call.client("athena").create_named_query(**request)["NamedQueryId"])


def _read(call: Call) -> Properties | None:
    client = call.client("athena")
    found = find_unless(lambda: client.get_named_query(NamedQueryId=call.id)["NamedQuery"], _GONE)
    return found and {ours: found.get(theirs) for ours, theirs in _NAMES.items()}


def _delete(call: Call) -> None:
    find_unless(lambda: call.client("athena").delete_named_query(NamedQueryId=call.id), _GONE)


NAMED_QUERY = ResourceType(
    type="aws:athena/namedQuery:NamedQuery",
    noun="Athena Named Query",
    create=_create,
    read=_read,
    delete=_delete,
    name=AutoName(),
    replace=frozenset(_NAMES),
    defaults={"workgroup": "primary"},
    validate={"name": (length(1, 128),), "query": (length(1, 262_144),)},
)

RESOURCES = (NAMED_QUERY,)
