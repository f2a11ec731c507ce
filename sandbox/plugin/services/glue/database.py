"""Databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceType, split_id
from sandbox.plugin.services.glue.catalog import (
    AUTO_NAME,
    GONE,
    NAME,
    catalog_id,
    from_glue,
    to_glue,
)
from sandbox.plugin.validators import length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_SETTINGS: Final = (
    "createTableDefaultPermissions",
    "description",
    "locationUri",
    "name",
    "parameters",
)


def _create(call: Call) -> str:
    catalog = catalog_id(call)
    call.client("glue").create_database(
        CatalogId=catalog, DatabaseInput=_input(call), Tags=call.tags
    )
    return f"{catalog}:{call.inputs['name']}"


def _input(call: Call) -> Properties:
    return to_glue({name: call.inputs[name] for name in _SETTINGS if name in call.inputs})


def _update(call: Call) -> None:
    call.client("glue").update_database(**_where(call), DatabaseInput=_input(call))


def _where(call: Call) -> Properties:
    catalog, name = split_id(call.id, ":", "catalogid:name")
    return {"CatalogId": catalog, "Name": name}


def _arn(call: Call) -> str:
    catalog, name = split_id(call.id, ":", "catalogid:name")
    return call.arn("glue", f"{call.region}:{catalog}:database/{name}")


def _read(call: Call) -> Properties | None:
    client = call.client("glue")
    found = find(lambda: client.get_database(**_where(call))["Database"], GONE)
    if found is None:
        return None
    live = from_glue(found)
    return {
        **{name: live.get(name) for name in (*_SETTINGS, "catalogId")},
        "arn": _arn(call),
        "tags": client.get_tags(ResourceArn=_arn(call))["Tags"],
    }


def _delete(call: Call) -> None:
    with ignoring(GONE):
        call.client("glue").delete_database(**_where(call))


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client, arn = call.client("glue"), _arn(call)
    if removed:
        client.untag_resource(ResourceArn=arn, TagsToRemove=removed)
    if new:
        client.tag_resource(ResourceArn=arn, TagsToAdd=new)


DATABASE = ResourceType(
    type="aws:glue/catalogDatabase:CatalogDatabase",
    noun="Glue Catalog Database",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    tag=_tag,
    name=AUTO_NAME,
    replace=frozenset({"catalogId", "name"}),
    computed=frozenset({"catalogId", "createTableDefaultPermissions", "locationUri"}),
    sets=frozenset({"createTableDefaultPermissions.*.permissions"}),
    validate={"name": NAME, "description": (length(0, 2048),)},
    not_emulated={
        "federatedDatabase": "leave it out",
        "targetDatabase": "leave it out",
    },
)

RESOURCES = (DATABASE,)
