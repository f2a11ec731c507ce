"""Databases and tables of Glue: their names and ids."""

import re

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.tests.plugin.world import World, deploy

DATABASE = "aws:glue/catalogDatabase:CatalogDatabase"
TABLE = "aws:glue/catalogTable:CatalogTable"


@pytest.mark.parametrize("token", [DATABASE, TABLE])
def test_an_automatic_name_is_lower_case(token: str, provider: Provider) -> None:
    inputs = {"databaseName": "logs"} if token == TABLE else {}

    named = provider.check(token, "auditTrails", inputs).inputs["name"]

    assert re.fullmatch(r"audittrails_[0-9a-f]{8}", named)


def test_ids_begin_with_the_catalog(provider: Provider, world: World) -> None:
    account = world.organization.management_account_id
    database = deploy(provider, DATABASE, {"name": world.name})
    table = deploy(provider, TABLE, {"name": "trails", "databaseName": world.name})

    assert database.id == f"{account}:{world.name}"
    assert database.state["arn"] == f"arn:aws:glue:us-east-1:{account}:database/{world.name}"
    assert table.id == f"{account}:{world.name}:trails"
    assert table.state["arn"].endswith(f":table/{world.name}/trails")
    table.delete()
    database.delete()


def test_an_id_of_another_form_cannot_be_imported(provider: Provider) -> None:
    with pytest.raises(ResourceError, match="expected CATALOG-ID:DATABASE-NAME:TABLE-NAME"):
        provider.read(TABLE, "trails")


def test_a_table_without_partitions_says_so(provider: Provider, world: World) -> None:
    database = deploy(provider, DATABASE, {"name": world.name})
    table = deploy(provider, TABLE, {"name": "trails", "databaseName": world.name})

    live = world.client("glue").get_table(DatabaseName=world.name, Name="trails")["Table"]

    assert live["PartitionKeys"] == []
    table.delete()
    database.delete()
