"""Tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find, ignoring
from sandbox.plugin.resource import ResourceError, ResourceType
from sandbox.plugin.services.glue.catalog import (
    AUTO_NAME,
    GONE,
    NAME,
    catalog_id,
    from_glue,
    to_glue,
)
from sandbox.plugin.validators import at_least, items, length

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_SETTINGS: Final = (
    "description",
    "name",
    "owner",
    "parameters",
    "partitionKeys",
    "retention",
    "storageDescriptor",
    "tableType",
    "viewExpandedText",
    "viewOriginalText",
)
_PARTS: Final = 3
_NAME_LENGTH: Final = (length(1, 255),)
_COMMENT_LENGTH: Final = (length(0, 255),)
_TYPE_LENGTH: Final = (length(0, 131_072),)
_VIEW_LENGTH: Final = (length(0, 409_600),)


def _create(call: Call) -> str:
    catalog, database = catalog_id(call), call.inputs["databaseName"]
    indexes = to_glue(call.inputs.get("partitionIndices", []))
    call.client("glue").create_table(
        CatalogId=catalog,
        DatabaseName=database,
        TableInput=_input(call),
        **({"PartitionIndexes": indexes} if indexes else {}),
    )
    return f"{catalog}:{database}:{call.inputs['name']}"


def _input(call: Call) -> Properties:
    """The table as the program wants it, with the partition keys even where there are none."""
    wanted = {name: call.inputs[name] for name in _SETTINGS if name in call.inputs}
    return to_glue({"partitionKeys": [], **wanted})


def _update(call: Call) -> None:
    where = _where(call)
    call.client("glue").update_table(
        CatalogId=where["CatalogId"],
        DatabaseName=where["DatabaseName"],
        TableInput=_input(call),
    )


def _where(call: Call) -> Properties:
    named = _identify(call.id)
    return {
        "CatalogId": named["catalogId"],
        "DatabaseName": named["databaseName"],
        "Name": named["name"],
    }


def _identify(id_: str) -> Properties:
    parts = id_.split(":")
    if len(parts) != _PARTS:
        form = "CATALOG-ID:DATABASE-NAME:TABLE-NAME"
        raise ResourceError(f"unexpected format of ID ({id_}), expected {form}")
    return dict(zip(("catalogId", "databaseName", "name"), parts, strict=True))


def _read(call: Call) -> Properties | None:
    client, where = call.client("glue"), _where(call)
    found = find(lambda: client.get_table(**where)["Table"], GONE)
    if found is None:
        return None
    live, table = from_glue(found), where.pop("Name")
    indexes = client.get_partition_indexes(**where, TableName=table)
    path = f"{call.region}:{where['CatalogId']}:table/{where['DatabaseName']}/{table}"
    return {
        **{name: live.get(name) for name in _SETTINGS},
        **_identify(call.id),
        "arn": call.arn("glue", path),
        "partitionIndices": [
            _live_index(index) for index in indexes["PartitionIndexDescriptorList"]
        ],
    }


def _live_index(index: Properties) -> Properties:
    return {
        "indexName": index["IndexName"],
        "indexStatus": index["IndexStatus"],
        "keys": [key["Name"] for key in index["Keys"]],
    }


def _delete(call: Call) -> None:
    with ignoring(GONE):
        call.client("glue").delete_table(**_where(call))


TABLE = ResourceType(
    type="aws:glue/catalogTable:CatalogTable",
    noun="Glue Catalog Table",
    create=_create,
    update=_update,
    read=_read,
    delete=_delete,
    name=AUTO_NAME,
    replace=frozenset({"catalogId", "databaseName", "name", "partitionIndices"}),
    computed=frozenset(
        {
            "catalogId",
            "parameters",
            "partitionIndices",
            "partitionIndices.*.indexStatus",
            "storageDescriptor",
            "storageDescriptor.columns",
        }
    ),
    validate={
        "name": NAME,
        "description": (length(0, 2048),),
        "partitionIndices": (items(0, 3),),
        "partitionIndices.*.indexName": _NAME_LENGTH,
        "partitionIndices.*.keys": (items(1),),
        "partitionKeys.*.comment": _COMMENT_LENGTH,
        "partitionKeys.*.name": _NAME_LENGTH,
        "partitionKeys.*.type": _TYPE_LENGTH,
        "retention": (at_least(0),),
        "storageDescriptor.columns.*.comment": _COMMENT_LENGTH,
        "storageDescriptor.columns.*.name": _NAME_LENGTH,
        "storageDescriptor.columns.*.type": _TYPE_LENGTH,
        "storageDescriptor.serDeInfo.name": _NAME_LENGTH,
        "viewExpandedText": _VIEW_LENGTH,
        "viewOriginalText": _VIEW_LENGTH,
    },
    not_emulated=dict.fromkeys(
        ("openTableFormatInput", "targetTable", "viewDefinition"), "leave it out"
    ),
    identify=_identify,
)

RESOURCES = (TABLE,)
