"""The Glue catalog as AWS has it: lower case, of one account, with indexes that are kept."""

import json
from typing import Any

import pytest

from sandbox.clients import Client
from sandbox.organization import Organization
from sandbox.tests.support import Clients, refused


@pytest.fixture
def glue(clients: Clients) -> Client:
    return clients("glue", "security")


@pytest.fixture
def database(glue: Client, name: str) -> str:
    glue.create_database(DatabaseInput={"Name": name})
    return name


def create_table(glue: Client, database: str, **request: Any) -> None:
    keys = [{"Name": name, "Type": "string"} for name in ("account", "day")]
    table = {"Name": "Trails", "PartitionKeys": keys}
    glue.create_table(DatabaseName=database, TableInput=table, **request)


def index(name: str, *keys: str) -> dict[str, Any]:
    return {"IndexName": name, "Keys": list(keys)}


def test_names_are_lower_case(glue: Client, name: str) -> None:
    glue.create_database(DatabaseInput={"Name": name.upper()})
    create_table(glue, name.upper())

    found = glue.get_table(DatabaseName=name.title(), Name="TRAILS")["Table"]
    assert glue.get_database(Name=name.upper())["Database"]["Name"] == name
    assert (found["DatabaseName"], found["Name"]) == (name, "trails")

    glue.delete_table(DatabaseName=name.upper(), Name="tRails")
    with refused("EntityNotFoundException"):
        glue.get_table(DatabaseName=name, Name="trails")


def test_iam_decides_on_the_tables_of_a_new_database(glue: Client, database: str) -> None:
    found = glue.get_database(Name=database)["Database"]

    assert found["CreateTableDefaultPermissions"] == [
        {
            "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
            "Permissions": ["ALL"],
        }
    ]


def test_permissions_that_are_given_stay(glue: Client, name: str) -> None:
    glue.create_database(DatabaseInput={"Name": name, "CreateTableDefaultPermissions": []})

    found = glue.get_database(Name=name)["Database"]
    assert found["CreateTableDefaultPermissions"] == []


def test_the_catalog_of_another_account_is_refused(
    glue: Client, organization: Organization, database: str
) -> None:
    own, other = organization.security_account_id, organization.workload_account_id
    assert glue.get_database(Name=database, CatalogId=own)["Database"]["CatalogId"] == own
    with refused("AccessDeniedException", other):
        glue.get_database(Name=database, CatalogId=other)


def test_tags_go_with_their_database(glue: Client, organization: Organization, name: str) -> None:
    arn = f"arn:aws:glue:us-east-1:{organization.security_account_id}:database/{name}"
    glue.create_database(DatabaseInput={"Name": name}, Tags={"owner": "audit"})
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"owner": "audit"}

    glue.delete_database(Name=name)
    glue.create_database(DatabaseInput={"Name": name})

    assert glue.get_tags(ResourceArn=arn)["Tags"] == {}


def test_indexes_are_kept_and_changed(glue: Client, database: str) -> None:
    table = {"DatabaseName": database, "TableName": "trails"}
    create_table(glue, database, PartitionIndexes=[index("by-day", "day")])

    glue.create_partition_index(**table, PartitionIndex=index("by-account", "account", "day"))
    glue.delete_partition_index(**table, IndexName="by-day")

    [found] = glue.get_partition_indexes(**table)["PartitionIndexDescriptorList"]
    assert found == {
        "IndexName": "by-account",
        "Keys": [{"Name": "account", "Type": "string"}, {"Name": "day", "Type": "string"}],
        "IndexStatus": "ACTIVE",
    }
    with refused("EntityNotFoundException"):
        glue.delete_partition_index(**table, IndexName="by-day")


@pytest.mark.parametrize(
    ("indexes", "code"),
    [
        ([index("by-region", "region")], "InvalidInputException"),
        ([index("a", "day"), index("a", "account")], "AlreadyExistsException"),
        ([index(name, "day") for name in "abcd"], "ResourceNumberLimitExceededException"),
    ],
)
def test_unsound_indexes_are_refused(
    indexes: list[dict[str, Any]], code: str, glue: Client, database: str
) -> None:
    with refused(code):
        create_table(glue, database, PartitionIndexes=indexes)
    with refused("EntityNotFoundException"):
        glue.get_table(DatabaseName=database, Name="trails")


def test_a_table_without_indexes_has_none(glue: Client, database: str) -> None:
    create_table(glue, database)

    answer = glue.get_partition_indexes(DatabaseName=database, TableName="Trails")
    assert answer["PartitionIndexDescriptorList"] == []


def test_the_definition_of_a_schema_has_lines_and_is_not_blank(glue: Client, name: str) -> None:
    schema = {"SchemaName": name, "DataFormat": "AVRO", "Compatibility": "NONE"}
    definition = json.dumps({"type": "record", "name": "Event", "fields": []}, indent=2)

    with refused("ValidationException", "schemaDefinition"):
        glue.create_schema(**schema, SchemaDefinition=" \n ")
    assert glue.create_schema(**schema, SchemaDefinition=definition)["SchemaName"] == name
