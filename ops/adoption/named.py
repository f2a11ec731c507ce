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
        request: the call's members, made of the resource's inputs; a tuple is a list of them.
        id: the import id, made of the inputs; ``{account}``, ``{partition}`` and ``{region}`` are
            the stack's, ``{answer}`` is what AWS answered.
        gone: what the error says of one that does not exist: part of its code or message.
        answer: the member of the answer that is empty where there is none.
    """

    service: str
    operation: str
    request: Mapping[str, str | tuple[str, ...]]
    id: str
    gone: str = "NotFound"
    answer: str | None = None


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
    "aws:cloudwatch/eventRule:EventRule": Named(
        "events",
        "describe_rule",
        {"Name": "{name}", "EventBusName": "{eventBusName}"},
        "{bus}{name}",
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Named(
        "cloudwatch",
        "describe_alarms",
        {"AlarmNames": ("{name}",)},
        "{name}",
        answer="MetricAlarms",
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
    "aws:sns/topic:Topic": Named(
        "sns",
        "get_topic_attributes",
        {"TopicArn": "arn:{partition}:sns:{region}:{account}:{name}"},
        "arn:{partition}:sns:{region}:{account}:{name}",
    ),
    "aws:sqs/queue:Queue": Named(
        "sqs",
        "get_queue_url",
        {"QueueName": "{name}"},
        "{answer}",
        gone="NonExistentQueue",
        answer="QueueUrl",
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
    bus = planned.inputs.get("eventBusName", "default")
    values: dict[str, object] = {
        "path": "/",
        "eventBusName": "default",
        "bus": "" if bus == "default" else f"{bus}/",
        "region": clients.region_of(planned),
        **planned.inputs,
        "account": caller.split(":")[4],
        "partition": caller.split(":")[1],
    }
    try:
        request = {
            member: text.format_map(values)
            if isinstance(text, str)
            else [each.format_map(values) for each in text]
            for member, text in row.request.items()
        }
    except KeyError:  # its name is not known before what it is made of exists
        return None
    try:
        answer = getattr(clients.client(row.service, planned), row.operation)(**request)
    except ClientError as error:
        if row.gone in str(error):
            return None
        raise
    if row.answer is None:
        return row.id.format_map(values)
    found = answer.get(row.answer)
    return row.id.format_map({**values, "answer": found}) if found else None
