"""Request parameters of a call, from the API's model: what is required, and what names resources.

CloudTrail names parameters as the API does, with a small first letter.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from cloudtrail_guard.operations import Target

from tests.corpus.records import (
    BREAK_GLASS,
    BREAK_GLASS_USER,
    BUCKET,
    KEY,
    KEY_ID,
    MANAGEMENT,
    MEMBER,
    REGION,
    SECURITY,
    TRAIL,
    TRAIL_NAME,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard.operations import Operation

Names = tuple[str, ...]
"""The forms in which a member names its resource: by name, by ARN, or both."""

STORE = (
    f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:eventdatastore/EXAMPLE-ee54-4813-92d5-999aeEXAMPLE"
)
CHANNEL = f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:channel/EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE"
LOG_GROUP = f"/aws/cloudtrail/{TRAIL_NAME}"
LOG_GROUP_ARN = f"arn:aws:logs:{REGION}:{MANAGEMENT}:log-group:{LOG_GROUP}"
ALARM = "cloudtrail-guard-RootUsage"
RULE = "cloudtrail-guard-trail"
BUS = f"arn:aws:events:{REGION}:{MANAGEMENT}:event-bus/cloudtrail-guard-watch"
TOPIC = f"arn:aws:sns:{REGION}:{MANAGEMENT}:cloudtrail-guard-alerts"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{MANAGEMENT}/cloudtrail-guard-response-failures"
FUNCTION = f"arn:aws:lambda:{REGION}:{MANAGEMENT}:function:cloudtrail-guard-response"
GUARDRAIL = f"arn:aws:iam::{MANAGEMENT}:policy/cloudtrail-guard"
OWN_ROLE = f"arn:aws:iam::{SECURITY}:role/cloudtrail-guard-replica"
IDENTITY_PROVIDER = f"arn:aws:iam::{SECURITY}:saml-provider/Company"
DETECTOR = "12abc34d567e8fa901bc2d34e56789f0"
RECORDER = f"arn:aws:config:{REGION}:{SECURITY}:configuration-recorder/default/EXAMPLE1"

NAMES: Mapping[str, Mapping[str, Names]] = {
    "cloudtrail": {
        "name": (TRAIL_NAME, TRAIL),
        "trailName": (TRAIL_NAME, TRAIL),
        "resourceId": (TRAIL,),
        "eventDataStore": (STORE.rpartition("/")[2], STORE),
        "channel": (CHANNEL.rpartition("/")[2], CHANNEL),
        "resourceArn": (STORE,),
    },
    "kms": {"keyId": (KEY_ID, KEY), "targetKeyId": (KEY_ID, KEY), "aliasName": ("alias/logs",)},
    "iam": {
        "policyArn": (GUARDRAIL,),
        "groupName": ("Developers",),
        "samlProviderArn": (IDENTITY_PROVIDER,),
        "SAMLProviderArn": (IDENTITY_PROVIDER,),
        "openIDConnectProviderArn": (IDENTITY_PROVIDER.replace("saml-", "oidc-"),),
    },
    "sts": {"roleArn": (BREAK_GLASS,)},
    "logs": {
        "logGroupName": (LOG_GROUP,),
        "logGroupIdentifier": (LOG_GROUP, LOG_GROUP_ARN),
    },
    "cloudwatch": {"alarmNames": (ALARM,), "alarmName": (ALARM,), "muteTargets": (ALARM,)},
    "events": {"name": (RULE,), "rule": (RULE,), "eventBusName": (BUS.rpartition("/")[2], BUS)},
    "sns": {
        "topicArn": (TOPIC,),
        "resourceArn": (TOPIC,),
        "subscriptionArn": (f"{TOPIC}:EXAMPLE8-4e24-4b6e-bf1f-a3f0EXAMPLE",),
    },
    "sqs": {"queueUrl": (QUEUE,)},
    "lambda": {"functionName": ("cloudtrail-guard-response", FUNCTION), "resourceArn": (FUNCTION,)},
    "organizations": {
        "policyId": ("p-examplepolicyid111",),
        "targetId": ("r-examplerootid111",),
        "rootId": ("r-exam",),
        "accountId": (MEMBER,),
        "sourceParentId": ("ou-examplerootid111-exampleouid111",),
        "destinationParentId": ("r-examplerootid111",),
        "servicePrincipal": ("cloudtrail.amazonaws.com",),
    },
    "config": {"configurationRecorderArn": (RECORDER,), "arn": (RECORDER,)},
    "guardduty": {"detectorId": (DETECTOR,)},
    "securityhub": {},
    "access-analyzer": {"analyzerName": ("cloudtrail-guard",)},
    "account": {},
}
"""By service and member: what names the resource. APIs that take one form have one."""

_ROLES: Mapping[Target, Names] = {
    Target.EXEMPT_ROLE: (BREAK_GLASS.rpartition("/")[2],),
    Target.OWN_ROLE: (OWN_ROLE.rpartition("/")[2],),
}
_USERS: Mapping[Target, Names] = {Target.EXEMPT_USER: (BREAK_GLASS_USER.rpartition("/")[2],)}
_SEVERAL_TARGETS: Mapping[str, Names] = {"roleName": ("Administrator",)}

OBJECT = f"AWSLogs/o-a1b2c3d4e5/{MEMBER}/CloudTrail/{REGION}/2026/11/30/file.json.gz"


def forms(operation: Operation, event: str) -> list[dict[str, Any] | None]:
    """The parameters of a call: one for each form in which it can name its resources."""
    if operation.service == "s3":
        return [_s3(operation, event)]
    shape = input_shape(operation.service, event)
    if shape is None:
        return [None]
    made: list[dict[str, Any] | None] = [_parameters(operation, shape, which) for which in (0, -1)]
    return made[:1] if made[0] == made[1] else made


def _parameters(operation: Operation, shape: Any, which: int) -> dict[str, Any]:
    named: dict[str, Names] = {**NAMES[operation.service]}
    if operation.service == "iam":
        named["roleName"] = _ROLES.get(operation.target, _SEVERAL_TARGETS["roleName"])
        if operation.target in _USERS:
            named["userName"] = _USERS[operation.target]
    found: dict[str, Any] = {}
    for member, inner in shape.members.items():
        name = small(member)
        required = member in shape.required_members
        if name in named and (required or _is_name(named, shape)):
            found[name] = _naming(inner, named[name][which])
        elif required:
            found[name] = _sample(inner, member)
    return found


def _naming(shape: Any, value: str) -> Any:
    """A name, in the list or structure that a member asks for."""
    match shape.type_name:
        case "list":
            return [value]
        case "structure":
            return {small(m): _naming(inner, value) for m, inner in shape.members.items()}
        case _:
            return value


def _is_name(named: Mapping[str, Names], shape: Any) -> bool:
    """Whether nothing that a call requires names its resource: then what is optional does."""
    return not any(small(member) in named for member in shape.required_members)


_SAMPLES: Mapping[str, Any] = {
    "boolean": False,
    "float": 1.0,
    "double": 1.0,
    "timestamp": "2026-11-30T08:00:00Z",
    "blob": "HIDDEN_DUE_TO_SECURITY_REASONS",  # CloudTrail leaves contents out
}


def _sample(shape: Any, name: str) -> Any:
    """A value that the API takes."""
    match shape.type_name:
        case "structure":
            # Of a union one member is given.
            chosen = [*shape.members][:1] if shape.is_tagged_union else shape.required_members
            members = {m: shape.members[m] for m in chosen}
            return {small(m): _sample(inner, m) for m, inner in members.items()}
        case "list":
            return [_sample(shape.member, name)]
        case "map":
            return {"Example": _sample(shape.value, name)}
        case "string":
            return shape.enum[0] if shape.enum else _text(shape, name)
        case kind:
            return _SAMPLES.get(kind, int(shape.metadata.get("min", 1)))


def _text(shape: Any, name: str) -> str:
    if "account" in name.lower():
        return MEMBER
    return "example".ljust(int(shape.metadata.get("min", 0)), "x")


def _s3(operation: Operation, event: str) -> dict[str, Any]:
    """S3 names the bucket by its name alone; tags of S3 Control are set by ARN.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
    """
    if event in ("TagResource", "UntagResource"):
        return {"resourceArn": f"arn:aws:s3:::{BUCKET}"}
    found: dict[str, Any] = {
        "bucketName": BUCKET,
        "Host": f"{BUCKET}.s3.{REGION}.amazonaws.com",
    }
    if operation.is_data_event and event != "DeleteObjects":
        found["key"] = OBJECT
    return found


def input_shape(service: str, event: str) -> Any:
    """The shape of what an operation takes; None if it takes nothing or has no model."""
    model = _model({"access-analyzer": "accessanalyzer"}.get(service, service))
    # Lambda's event names carry the date of the API's version.
    name = re.sub(r"20\d{6}(v\d)?$", "", event)
    return model.operation_model(name).input_shape if name in model.operation_names else None


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def small(member: str) -> str:
    """A member's name as CloudTrail writes it."""
    return member[:1].lower() + member[1:]
