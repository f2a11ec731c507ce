"""Objects of glue."""

from typing import Any

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario
from sandbox.tests.plugin.world import Deployed, World


def _table(world: World) -> Inputs:
    world.client("glue").create_database(DatabaseInput={"Name": world.name})
    return {
        "name": "trails",
        "databaseName": world.name,
        "tableType": "EXTERNAL_TABLE",
        "parameters": {"EXTERNAL": "TRUE", "projection.enabled": "true"},
        "partitionKeys": [
            {"name": "account", "type": "string"},
            {"name": "day", "type": "string", "comment": "yyyy/MM/dd"},
        ],
        "partitionIndices": [{"indexName": "by-day", "keys": ["day"]}],
        "storageDescriptor": {
            "location": "s3://logs/AWSLogs/",
            "inputFormat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
            "columns": [{"name": "eventname", "type": "string"}],
            "serDeInfo": {
                "serializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe",
                "parameters": {"serialization.format": "1"},
            },
        },
    }


def _name(deployed: Deployed) -> str:
    return deployed.state["name"]


def _move_database(world: World, deployed: Deployed) -> None:
    world.client("glue").update_database(
        Name=_name(deployed),
        DatabaseInput={"Name": _name(deployed), "LocationUri": "s3://elsewhere/"},
    )


def _move_table(world: World, deployed: Deployed) -> None:
    glue, database = world.client("glue"), deployed.state["databaseName"]
    live: dict[str, Any] = glue.get_table(DatabaseName=database, Name="trails")["Table"]
    kept = ("Name", "TableType", "Parameters", "PartitionKeys", "StorageDescriptor")
    table = {key: live[key] for key in kept}
    table["Parameters"]["projection.enabled"] = "false"
    table["StorageDescriptor"]["Location"] = "s3://elsewhere/"
    glue.update_table(DatabaseName=database, TableInput=table)


def _delete_database(world: World, deployed: Deployed) -> None:
    world.client("glue").delete_database(Name=_name(deployed))


def _delete_table(world: World, deployed: Deployed) -> None:
    database = deployed.state["databaseName"]
    world.client("glue").delete_table(DatabaseName=database, Name="trails")


SCENARIOS = (
    Scenario(
        "aws:glue/catalogDatabase:CatalogDatabase",
        given=lambda world: {
            "name": world.name,
            "description": "logs",
            "locationUri": "s3://logs/",
            "parameters": {"classification": "cloudtrail"},
            "tags": {"owner": "audit"},
        },
        update={
            "description": None,
            "parameters": {"classification": "json"},
            "tags": {"owner": "security"},
        },
        changes=("description", "parameters.classification", "tags.owner", "tagsAll.owner"),
        drift=_move_database,
        drifted=("description", "locationUri", "parameters"),
        remove=_delete_database,
        replace={"name": "another"},
        computed=("arn", "catalogId", "createTableDefaultPermissions"),
    ),
    Scenario(
        "aws:glue/catalogTable:CatalogTable",
        given=_table,
        update={
            "description": "events",
            "parameters": {"projection.enabled": "true"},
            "partitionKeys": [
                {"name": "account", "type": "string"},
                {"name": "day", "type": "string"},
            ],
        },
        changes=("description", "parameters.EXTERNAL", "partitionKeys[1].comment"),
        drift=_move_table,
        drifted=('parameters["projection.enabled"]', "storageDescriptor.location"),
        remove=_delete_table,
        replace={
            "databaseName": "others",
            "partitionIndices": [{"indexName": "by-account", "keys": ["account"]}],
        },
        computed=("arn", "catalogId"),
    ),
)
