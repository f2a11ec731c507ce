"""What AWS has under the name that the stack gives it, and makes only once.

`pulumi up` fails on such a name again and again, for example when AWS made the resource and its
answer got lost. The ids are those of the import section of each resource's page in the Pulumi
Registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from adoption.clients import Clients
from adoption.planned import Planned


@dataclass(frozen=True)
class Named:
    """How one resource type is looked up by its name.

    Attributes:
        service: boto3's name of the service.
        operation: the call that answers for one that exists, and fails otherwise.
        request: the call's members, made of the resource's inputs.
        id: the import id, made of the inputs; ``{account}`` and ``{partition}`` are the stack's.
        gone: what the error says of one that does not exist: part of its code or message.
    """

    service: str
    operation: str
    request: Mapping[str, str]
    id: str
    gone: str = "NotFound"


NAMED = {
    "aws:accessanalyzer/analyzer:Analyzer": Named(
        "accessanalyzer",
        "get_analyzer",
        {"analyzerName": "{analyzerName}"},
        "{analyzerName}",
    ),
    "aws:athena/workgroup:Workgroup": Named(
        "athena", "get_work_group", {"WorkGroup": "{name}"}, "{name}", gone="is not found"
    ),
    "aws:cloudformation/stackSet:StackSet": Named(
        "cloudformation", "describe_stack_set", {"StackSetName": "{name}"}, "{name}"
    ),
    "aws:cloudwatch/eventBus:EventBus": Named(
        "events", "describe_event_bus", {"Name": "{name}"}, "{name}"
    ),
    "aws:glue/catalogDatabase:CatalogDatabase": Named(
        "glue", "get_database", {"Name": "{name}"}, "{account}:{name}", gone="EntityNotFound"
    ),
    "aws:glue/catalogTable:CatalogTable": Named(
        "glue",
        "get_table",
        {"DatabaseName": "{databaseName}", "Name": "{name}"},
        "{account}:{databaseName}:{name}",
        gone="EntityNotFound",
    ),
    "aws:iam/policy:Policy": Named(
        "iam",
        "get_policy",
        {"PolicyArn": "arn:{partition}:iam::{account}:policy{path}{name}"},
        "arn:{partition}:iam::{account}:policy{path}{name}",
        gone="NoSuchEntity",
    ),
    "aws:lambda/function:Function": Named(
        "lambda", "get_function_configuration", {"FunctionName": "{name}"}, "{name}"
    ),
}
"""By type token."""


def find(clients: Clients, planned: Planned) -> str | None:
    """The import id of a resource of `NAMED`, if AWS has it.

    Raises:
        ClientError: AWS refused to tell.
    """
    row = NAMED[planned.type]
    caller = clients.caller
    values = {
        "path": "/",
        **planned.inputs,
        "account": caller.split(":")[4],
        "partition": caller.split(":")[1],
    }
    try:
        request = {member: text.format_map(values) for member, text in row.request.items()}
    except KeyError:  # its name is not known before what it is made of exists
        return None
    try:
        getattr(clients.client(row.service, planned), row.operation)(**request)
    except ClientError as error:
        if row.gone in str(error):
            return None
        raise
    return row.id.format_map(values)
