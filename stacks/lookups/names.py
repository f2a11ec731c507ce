"""Which names exist already: one query a kind, as data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from stacks.lookups.found import NO_ANSWER, Deployed, FoundNames
from stacks.lookups.queries import error_code, side_by_side
from stacks.lookups.session import AwsClients
from stacks.planned import Kind, PlannedName

Answer: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Query:
    """How AWS is asked for one name.

    Attributes:
        service: the client.
        operation: its method.
        arguments: the arguments for a name.
        absent: error codes that mean that there is none.
        listed: the names in an answer that lists several; None: an answer means that it exists.
    """

    service: str
    operation: str
    arguments: Callable[[str], dict[str, Any]]
    absent: frozenset[str] = frozenset()
    listed: Callable[[Answer], Iterable[str]] | None = None


def _query(service: str, operation: str, argument: str, *absent: str) -> _Query:
    return _Query(
        service=service,
        operation=operation,
        arguments=lambda name: {argument: name},
        absent=frozenset(absent),
    )


_QUERIES: Mapping[Kind, _Query] = {
    Kind.BUCKET: _query("s3", "head_bucket", "Bucket", "404", "NoSuchBucket"),
    Kind.ALIAS: _query("kms", "describe_key", "KeyId", "NotFoundException"),
    Kind.ROLE: _query("iam", "get_role", "RoleName", "NoSuchEntity"),
    Kind.QUEUE: _query(
        *("sqs", "get_queue_url", "QueueName"),
        *("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    ),
    Kind.EVENT_BUS: _query("events", "describe_event_bus", "Name", "ResourceNotFoundException"),
    Kind.RULE: _query("events", "describe_rule", "Name", "ResourceNotFoundException"),
    Kind.WORKGROUP: _query("athena", "get_work_group", "WorkGroup", "InvalidRequestException"),
    Kind.DATABASE: _query("glue", "get_database", "Name", "EntityNotFoundException"),
    Kind.FUNCTION: _query(
        *("lambda", "get_function_configuration", "FunctionName", "ResourceNotFoundException")
    ),
    Kind.TRAIL: _query("cloudtrail", "get_trail", "Name", "TrailNotFoundException"),
    Kind.STACK_SET: _query(
        *("cloudformation", "describe_stack_set", "StackSetName", "StackSetNotFoundException")
    ),
    Kind.ANALYZER: _query(
        *("accessanalyzer", "get_analyzer", "analyzerName", "ResourceNotFoundException")
    ),
    Kind.ALARM: _Query(
        service="cloudwatch",
        operation="describe_alarms",
        arguments=lambda name: {"AlarmNames": [name]},
        listed=lambda found: [each["AlarmName"] for each in found["MetricAlarms"]],
    ),
    Kind.LOG_GROUP: _Query(
        service="logs",
        operation="describe_log_groups",
        arguments=lambda name: {"logGroupNamePrefix": name},
        listed=lambda found: [each["logGroupName"] for each in found["logGroups"]],
    ),
}
_HIDDEN_BUCKET = frozenset({"403", "AccessDenied"})
"""S3's answers for a bucket of another account, as names are taken in all of a partition, and to a
role that may not call s3:ListBucket, whether or not there is a bucket.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html."""
_MOVED_BUCKET = frozenset({"301", "PermanentRedirect"})
"""And for one of another region."""
_BY_ARN: Mapping[Kind, tuple[_Query, str]] = {
    Kind.TOPIC: (
        _query("sns", "get_topic_attributes", "TopicArn", "NotFound", "NotFoundException"),
        "arn:{partition}:sns:{region}:{account}:{name}",
    ),
    Kind.POLICY: (
        _query("iam", "get_policy", "PolicyArn", "NoSuchEntity"),
        "arn:{partition}:iam::{account}:policy/{name}",
    ),
}
_POLICY_TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


def find_names(
    aws: AwsClients,
    planned: Iterable[PlannedName],
    deployed: Deployed | None,
    *,
    partition: str,
    account: str,
) -> FoundNames:
    """Look up the names that the stack has not created itself before.

    Args:
        aws: clients of the account.
        planned: the names that the stack creates.
        deployed: what it has created.
        partition: the account's partition.
        account: the account.
    """
    new = [each for each in planned if deployed is None or not deployed.has(each)]
    policies = _organization_policies(aws) if _has_policies(new) else frozenset[str]()

    def look_up(each: PlannedName) -> bool | str | None:
        try:
            if each.kind is Kind.ORGANIZATION_POLICY:
                return policies if isinstance(policies, str) else each.name in policies
            if each.kind in _BY_ARN:
                query, form = _BY_ARN[each.kind]
                values = {"partition": partition, "region": each.region, "account": account}
                return _exists(aws, query, form.format(name=each.name, **values), each)
            return _exists(aws, _QUERIES[each.kind], each.name, each)
        except NO_ANSWER as error:
            return str(error)

    answers = list(zip(new, side_by_side(look_up, new), strict=True))
    return FoundNames(
        taken=tuple(each for each, found in answers if found is True),
        hidden=tuple(each for each, found in answers if found is None),
        unread=tuple((each, found) for each, found in answers if isinstance(found, str)),
    )


def _exists(aws: AwsClients, query: _Query, argument: str, planned: PlannedName) -> bool | None:
    """Whether a name is taken; None for a bucket that S3 refuses to show."""
    client = aws.client(query.service, planned.region)
    try:
        found = getattr(client, query.operation)(**query.arguments(argument))
    except ClientError as error:
        code = error_code(error)
        if code in query.absent:
            return False
        if planned.kind is Kind.BUCKET and code in _HIDDEN_BUCKET:
            return None
        if planned.kind is Kind.BUCKET and code in _MOVED_BUCKET:
            return True
        raise
    return query.listed is None or planned.name in query.listed(found)


def _has_policies(planned: Iterable[PlannedName]) -> bool:
    return any(each.kind is Kind.ORGANIZATION_POLICY for each in planned)


def _organization_policies(aws: AwsClients) -> frozenset[str] | str:
    """Names of the organization's policies, or why they cannot be read."""

    def listed(kind: str) -> list[str]:
        pages = aws.client("organizations").get_paginator("list_policies").paginate(Filter=kind)
        return [policy["Name"] for page in pages for policy in page["Policies"]]

    try:
        return frozenset(chain(*side_by_side(listed, _POLICY_TYPES)))
    except NO_ANSWER as error:
        return str(error)
