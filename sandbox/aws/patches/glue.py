"""The Glue Data Catalog: databases, tables and partition indexes.

moto's Glue is loaded at its first call: it would cost every start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moto.glue.models import FakeTable

    from sandbox.aws.call import Answer, Call

_TOP_LEVEL = ("Name", "DatabaseName", "TableName")
_INPUTS = ("DatabaseInput", "TableInput")
_EVERYBODY = [
    {
        "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
        "Permissions": ["ALL"],
    }
]
"""Who may do what with the tables of a new database: IAM decides, not Lake Formation."""


@patch(
    "glue",
    (
        *(f"{verb}Database" for verb in ("Create", "Get", "Update", "Delete")),
        *(f"{verb}Table" for verb in ("Create", "Get", "Update", "Delete")),
        *("GetTables", "GetDatabases", "BatchDeleteTable", "GetTableVersion", "GetTableVersions"),
        *("GetPartitions", "CreatePartition", "BatchCreatePartition"),
        *("GetPartitionIndexes", "CreatePartitionIndex", "DeletePartitionIndex"),
    ),
    "moto tells upper from lower case in names, and gives every account the catalog of all others",
    limit="catalogs shared by resource policy or Lake Formation are not emulated",
)
def fold_names(call: Call) -> None:
    """Make names lower case, and refuse the catalogs of other accounts."""
    catalog = call.text("CatalogId") or call.signer.account_id
    if catalog != call.signer.account_id:
        raise AwsError(
            "AccessDeniedException",
            f"Insufficient permissions on the Glue catalog of account {catalog}",
        )
    folded: dict[str, Any] = {
        name: str(call.params[name]).lower() for name in _TOP_LEVEL if name in call.params
    }
    for name in _INPUTS:
        if name in call.params:
            given = call.params[name]
            folded[name] = {**given, "Name": given["Name"].lower()}
    if folded:
        call.replace(**folded)


@patch(
    "glue",
    ("CreateDatabase", "UpdateDatabase"),
    "moto leaves CreateTableDefaultPermissions empty; AWS lets IAM decide",
)
def permit(call: Call) -> None:
    """Fill in who may do what with new tables."""
    given = call.params["DatabaseInput"]
    if given.get("CreateTableDefaultPermissions") is None:
        call.replace(DatabaseInput={**given, "CreateTableDefaultPermissions": _EVERYBODY})


@patch("glue", "DeleteDatabase", "moto keeps the tags of a database that is gone")
def delete_database(call: Call) -> Answer:
    """Delete a database and its tags."""
    from moto.glue.models import glue_backends  # noqa: PLC0415 (see the package)

    reply = call.forward()
    if reply.ok:
        account, name = call.signer.account_id, call.text("Name")
        arn = f"arn:{call.partition}:glue:{call.region}:{account}:database/{name}"
        glue_backends[account][call.region].tagger.delete_all_tags_for_resource(arn)
    return reply


# https://docs.aws.amazon.com/glue/latest/dg/partition-indexes.html
_MAX_INDEXES = 3

_INDEXES: WeakKeyDictionary[FakeTable, dict[str, list[str]]] = WeakKeyDictionary()
"""The keys of each index by its name; they go when the table goes."""

_FORGETS = "moto ignores PartitionIndexes, and lacks the operations on them"
_LIMIT = "an index is active at once; nothing is indexed"


@patch("glue", "CreateTable", _FORGETS, limit=_LIMIT)
def create_table(call: Call) -> Answer | None:
    """Keep the indexes of a new table."""
    wanted: Sequence[Mapping[str, Any]] = call.params.get("PartitionIndexes") or []
    if not wanted:
        return None
    keys = _partition_keys(call.params["TableInput"])
    _check(wanted, keys, {})
    reply = call.forward()
    if reply.ok:
        table = _table(call, call.params["TableInput"]["Name"])
        _INDEXES[table] = {index["IndexName"]: list(index["Keys"]) for index in wanted}
    return reply


@patch("glue", "GetPartitionIndexes", _FORGETS, limit=_LIMIT)
def get_indexes(call: Call) -> Answer:
    """List the indexes of a table."""
    table = _table(call, call.text("TableName"))
    types = {key["Name"]: key.get("Type", "") for key in _partition_key_list(table.as_dict())}
    return {
        "PartitionIndexDescriptorList": [
            {
                "IndexName": name,
                "Keys": [{"Name": key, "Type": types[key]} for key in keys],
                "IndexStatus": "ACTIVE",
            }
            for name, keys in _INDEXES.get(table, {}).items()
        ]
    }


@patch("glue", "CreatePartitionIndex", _FORGETS, limit=_LIMIT)
def create_index(call: Call) -> Answer:
    """Add an index."""
    table, wanted = _table(call, call.text("TableName")), call.params["PartitionIndex"]
    indexes = _INDEXES.setdefault(table, {})
    _check([wanted], _partition_keys(table.as_dict()), indexes)
    indexes[wanted["IndexName"]] = list(wanted["Keys"])
    return {}


@patch("glue", "DeletePartitionIndex", _FORGETS, limit=_LIMIT)
def delete_index(call: Call) -> Answer:
    """Take an index away."""
    table, name = _table(call, call.text("TableName")), call.text("IndexName")
    if _INDEXES.get(table, {}).pop(name, None) is None:
        raise AwsError("EntityNotFoundException", f"Index {name} is not found.")
    return {}


def _table(call: Call, name: str) -> FakeTable:
    from moto.glue.models import glue_backends  # noqa: PLC0415 (see the package)

    catalog = glue_backends[call.signer.account_id][call.region]
    return catalog.get_table(call.text("DatabaseName"), name)


def _partition_key_list(table: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return table.get("PartitionKeys") or []


def _partition_keys(table: Mapping[str, Any]) -> set[str]:
    return {key["Name"] for key in _partition_key_list(table)}


def _check(
    wanted: Sequence[Mapping[str, Any]], keys: set[str], present: Mapping[str, object]
) -> None:
    """Check new indexes against the table's partition keys and the indexes that it has."""
    names = [index["IndexName"] for index in wanted]
    if len({*names, *present}) < len(names) + len(present):
        raise AwsError("AlreadyExistsException", f"Index names must be unique: {names}")
    if len(names) + len(present) > _MAX_INDEXES:
        message = f"A table has at most {_MAX_INDEXES} partition indexes"
        raise AwsError("ResourceNumberLimitExceededException", message)
    for index in wanted:
        unknown = [key for key in index["Keys"] if key not in keys]
        if unknown:
            message = f"Keys {unknown} of index {index['IndexName']} are no partition keys"
            raise AwsError("InvalidInputException", message)
