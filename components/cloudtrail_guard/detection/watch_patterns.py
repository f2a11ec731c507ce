"""What is done to the watch itself: rules, topics, alarms, log groups, queues, functions, roles.

CloudTrail records parameters as they were sent: a name, or an ARN or URL with the name in it. Of a
call that was refused it often records none, and the message names the resource.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from cloudtrail_guard.detection.event_patterns import (
    RULES_BUS,
    Clause,
    calls,
    in_pieces,
    refusal_names,
)
from cloudtrail_guard.operations import OPERATIONS, Target, events_on

_NAMED: Mapping[str, Sequence[str]] = {
    "events": ("name", "rule"),
    "cloudwatch": ("alarmName", "alarmNames"),
    "logs": ("logGroupName",),
}
"""By service: the parameters that have the name alone."""

_CONTAINING: Mapping[str, Sequence[str]] = {
    "events": ("eventBusName",),
    "logs": ("logGroupIdentifier", "resourceIdentifier"),
    "sns": ("topicArn", "subscriptionArn", "resourceArn"),
    "sqs": ("queueUrl",),
    "lambda": ("functionName", "resourceArn"),
}
"""By service: the parameters that have the name in an ARN or URL, or alone."""

_LOG_POLICIES = events_on(Target.ACCOUNT_MONITORING, service="logs")
_SOURCES = {operation.service: operation.event_source for operation in OPERATIONS}


def watch_clauses(names: Sequence[str], log_groups: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By service: the pattern of what is done to what watches.

    Args:
        names: how the names begin.
        log_groups: how the names of log groups begin.
    """
    services = dict.fromkeys(o.service for o in OPERATIONS if o.target is Target.MONITORING)
    return {service: _clause(service, names, log_groups) for service in services} | {
        # These are of the whole account, and name no log group.
        "log policies": calls("logs", events_on(Target.ACCOUNT_MONITORING, service="logs"))
    }


def role_clauses(names: Sequence[str], arns: Sequence[str]) -> list[Clause]:
    """The patterns of what is done to roles.

    Args:
        names: how the names of the roles begin that belong to the watch.
        arns: ARNs of the principals that policies exempt.
    """
    events = events_on(Target.EXEMPT_ROLE, Target.OWN_ROLE)
    return _principals("roleName", events, names, [arn for arn in arns if ":role/" in arn])


def user_clauses(names: Sequence[str], arns: Sequence[str]) -> list[Clause]:
    """The patterns of what is done to users; arguments as for `role_clauses`."""
    events = events_on(Target.EXEMPT_USER)
    return _principals("userName", events, names, [arn for arn in arns if ":user/" in arn])


def policy_clauses(names: Sequence[str]) -> list[dict[str, Any]]:
    """The patterns of what is done to IAM policies, boundaries and identity providers.

    Args:
        names: how the names of the policies begin.
    """
    policies = {"policyArn": [{"wildcard": f"*:policy/{name}*"} for name in names]}
    return [
        {
            **calls("iam", events_on(Target.IAM_POLICY, Target.IAM_ATTACHMENT)),
            "$or": [{"requestParameters": policies}, refusal_names(f"policy/{n}" for n in names)],
        },
        # The event does not say which boundary it was, and the role may trust any provider.
        calls("iam", events_on(Target.BOUNDARY, Target.IDENTITY_PROVIDER)),
    ]


def _principals(
    parameter: str, events: Sequence[str], names: Sequence[str], arns: Sequence[str]
) -> list[Clause]:
    exempt = sorted({arn.rpartition("/")[2] for arn in arns})
    # A pattern is that of a permission set's roles: the beginning of a name.
    begins = [*(name[:-1] for name in exempt if name.endswith("*")), *names]
    # What is looked for in parameters, and in the message of a refusal.
    sought: list[tuple[object, str]] = [
        *((name, name) for name in exempt if not name.endswith("*")),
        *(({"prefix": name}, name) for name in begins),
    ]

    def clause(some: Sequence[tuple[object, str]]) -> Clause:
        named = {parameter: [matcher for matcher, _ in some]}
        refused = refusal_names(name for _, name in some)
        return {**calls("iam", events), "$or": [{"requestParameters": named}, refused]}

    return in_pieces(sought, clause)


def _clause(service: str, names: Sequence[str], log_groups: Sequence[str]) -> dict[str, Any]:
    groups = [*log_groups, *(f"/aws/lambda/{name}" for name in names)]
    values = groups if service == "logs" else names
    events = events_on(Target.MONITORING, Target.ACCOUNT_MONITORING, service=service)
    begins = [{"prefix": value} for value in values]
    contains = [{"wildcard": f"*{value}*"} for value in values]
    parameters: list[dict[str, Any]] = [
        *({name: begins} for name in _NAMED.get(service, ())),
        *({name: contains} for name in _CONTAINING.get(service, ())),
    ]
    if service == "cloudwatch":
        parameters.append({"muteTargets": {"alarmNames": begins}})
    if service == "events":
        # UpdateEventBus: its key encrypts what the rules look for and where they send.
        parameters.append({"name": [RULES_BUS]})
        values = [*values, f"event-bus/{RULES_BUS}"]
    return {
        "eventSource": [_SOURCES[service]],
        "eventName": [name for name in events if service != "logs" or name not in _LOG_POLICIES],
        "$or": [*({"requestParameters": each} for each in parameters), refusal_names(values)],
    }
