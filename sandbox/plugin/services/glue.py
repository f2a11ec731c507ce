"""AWS Glue: databases and tables of the Data Catalog.

Sources: `internal/service/glue` of terraform-provider-aws.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.resource import AutoName
from sandbox.plugin.validators import items, length, not_matching

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_GONE: Final = ("EntityNotFoundException",)
_AUTO_NAME: Final = AutoName(separator="_", digits=8, lower=True)
"""The real provider's eight characters are letters, these are hex digits."""

_NAME: Final = (
    length(1, 255),
    not_matching("[A-Z]", "invalid value for {name} (uppercase characters cannot be used)"),
)


class _InCatalog(Api):
    """Objects in the catalog that the program names, or in that of the account."""

    def make(self, call: Call) -> str:
        catalog = {"catalogId": call.account.account_id}
        return Api.make(self, replace(call, inputs={**catalog, **call.inputs}))


DATABASE = _InCatalog(
    service="glue",
    create="CreateDatabase",
    read="GetDatabase",
    update="UpdateDatabase",
    whole=True,
    delete="DeleteDatabase",
    id="{catalogId}:{name}",
    form="catalogid:name",
    inside="DatabaseInput",
    answer="Database",
    arn="database/{name}",
    gone=_GONE,
    tags=Tags(target="ResourceArn", list="GetTags"),
).row(
    type="aws:glue/catalogDatabase:CatalogDatabase",
    noun="Glue Catalog Database",
    name=_AUTO_NAME,
    sets={"createTableDefaultPermissions.*.permissions"},
    validate={"name": _NAME},
    not_emulated=dict.fromkeys(("federatedDatabase", "targetDatabase"), "leave it out"),
)

# Tables

_NAME_LENGTH: Final = (length(1, 255),)


def _indexes(call: Call, table: Properties) -> Properties:
    where = {"CatalogId": table["CatalogId"], "DatabaseName": table["DatabaseName"]}
    indexes = call.client("glue").get_partition_indexes(**where, TableName=table["Name"])
    return {
        "partitionIndices": [
            {
                "indexName": index["IndexName"],
                "indexStatus": index["IndexStatus"],
                "keys": [key["Name"] for key in index["Keys"]],
            }
            for index in indexes["PartitionIndexDescriptorList"]
        ]
    }


def _partition_keys(_call: Call, request: Properties) -> None:
    """A table says its partition keys even where there are none."""
    request["TableInput"].setdefault("PartitionKeys", [])


TABLE = _InCatalog(
    service="glue",
    create="CreateTable",
    read="GetTable",
    update="UpdateTable",
    whole=True,
    delete="DeleteTable",
    id="{catalogId}:{databaseName}:{name}",
    form="CATALOG-ID:DATABASE-NAME:TABLE-NAME",
    inside="TableInput",
    answer="Table",
    names={"partitionIndices": "PartitionIndexes"},
    arn="table/{databaseName}/{name}",
    refine=_partition_keys,
    outputs=_indexes,
    gone=_GONE,
).row(
    type="aws:glue/catalogTable:CatalogTable",
    noun="Glue Catalog Table",
    name=_AUTO_NAME,
    replace={"partitionIndices"},
    computed={"partitionIndices.*.indexStatus", "storageDescriptor.columns"},
    validate={
        "name": _NAME,
        "partitionIndices": (items(0, 3),),
        "partitionIndices.*.indexName": _NAME_LENGTH,
        "partitionKeys.*.name": _NAME_LENGTH,
        "storageDescriptor.columns.*.name": _NAME_LENGTH,
        "storageDescriptor.serDeInfo.name": _NAME_LENGTH,
    },
    not_emulated=dict.fromkeys(
        ("openTableFormatInput", "targetTable", "viewDefinition"), "leave it out"
    ),
)
