"""Databases and tables: their names, and what a new database permits."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
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
            HTTPStatus.BAD_REQUEST,
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
