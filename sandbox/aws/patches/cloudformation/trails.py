"""Trails as a stack makes, changes and deletes them in its account, and what a template may say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError
from moto.iam.models import iam_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError, Call
from sandbox.aws.identity import role_session
from sandbox.aws.patches.cloudformation.store import SERVICE, invalid
from sandbox.aws.patches.organizations.access import make_administrator
from sandbox.aws.patches.registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Generator

    from sandbox.aws.call import Reply
    from sandbox.aws.identity import Caller
    from sandbox.aws.patches.cloudformation.store import Instance

TRAIL = "AWS::CloudTrail::Trail"
_SECTIONS = {"AWSTemplateFormatVersion", "Description", "Metadata", "Outputs", "Resources"}
_PARTS = {"Type", "Properties"}


def trails_of(template: str) -> dict[str, Mapping[str, Any]]:
    """The properties of a template's trails, by logical id.

    Raises:
        AwsError: it is no template.
        NotImplementedError: it needs more than is emulated here.
    """
    try:
        document: Any = json.loads(template)
    except json.JSONDecodeError:
        raise NotImplementedError("templates of StackSets must be JSON") from None
    if not isinstance(document, Mapping) or not document.get("Resources"):
        message = "Template format error: At least one Resources member must be defined."
        raise invalid(message)
    _refuse_others(document, _SECTIONS, "the template")
    return {name: _trail(name, resource) for name, resource in document["Resources"].items()}


def _trail(name: str, resource: Mapping[str, Any]) -> Mapping[str, Any]:
    if resource.get("Type") != TRAIL:
        raise NotImplementedError(f"{name}: StackSets deploy {TRAIL}, not {resource.get('Type')}")
    _refuse_others(resource, _PARTS, name)
    properties: Mapping[str, Any] = resource.get("Properties") or {}
    _refuse_functions(name, properties)
    for required in ("IsLogging", "S3BucketName"):
        if required not in properties:
            raise invalid(f"Resource {name} of type {TRAIL} lacks the property {required}")
    return properties


def _refuse_others(found: Mapping[str, Any], known: set[str], where: str) -> None:
    others = sorted(found.keys() - known)
    if others:
        raise NotImplementedError(f"{where}: StackSets know {sorted(known)} only, not {others}")


def _refuse_functions(where: str, value: object) -> None:
    """Refuse intrinsic functions, at any depth."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("Ref", "Condition") or str(key).startswith("Fn::"):
                raise NotImplementedError(f"{where}: {key} in the template of a StackSet")
            _refuse_functions(where, item)
    elif isinstance(value, list):
        for item in value:
            _refuse_functions(where, item)


_SETTINGS = {
    **{
        name: name
        for name in (
            *("S3BucketName", "S3KeyPrefix", "SnsTopicName", "IncludeGlobalServiceEvents"),
            *("IsMultiRegionTrail", "EnableLogFileValidation"),
            *("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn"),
        )
    },
    "KMSKeyId": "KmsKeyId",
}
"""The properties of a trail in a template, and the same in the API."""

_SELECTORS = ("AdvancedEventSelectors", "EventSelectors")
_KNOWN = {*_SETTINGS, *_SELECTORS, "IsLogging", "Tags", "TrailName"}
_TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
_GONE = "TrailNotFoundException"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": "sts:AssumeRole",
    },
}


def check(properties: Mapping[str, Any]) -> None:
    """Refuse the properties that are not emulated.

    Raises:
        NotImplementedError: there are such.
    """
    unknown = sorted(properties.keys() - _KNOWN)
    if unknown:
        raise NotImplementedError(f"properties {unknown} of a trail in a StackSet")


def deploy(call: Call, instance: Instance, trails: Mapping[str, Mapping[str, Any]]) -> None:
    """Make the trails of a stack's account what the template says.

    Raises:
        AwsError: CloudTrail refuses one; what was begun of a new one is taken back.
    """
    for logical_id, properties in trails.items():
        name = str(properties.get("TrailName") or f"StackSet-{instance.account_id}-{logical_id}")
        if instance.trails.get(logical_id) == name:
            _write(call, instance, "UpdateTrail", name, properties)
            continue
        before = instance.trails.get(logical_id)
        _create(call, instance, name, properties)
        instance.trails[logical_id] = name
        if before:
            _delete(call, instance, before)
    for logical_id in instance.trails.keys() - trails.keys():
        _delete(call, instance, instance.trails.pop(logical_id))


def delete(call: Call, instance: Instance) -> None:
    """Delete the trails of a stack; one that is already deleted is a success."""
    for logical_id in list(instance.trails):
        _delete(call, instance, instance.trails[logical_id])
        del instance.trails[logical_id]


def _create(call: Call, instance: Instance, name: str, properties: Mapping[str, Any]) -> None:
    tags = {"TagsList": properties["Tags"]} if properties.get("Tags") else {}
    _ask(call, instance, "CreateTrail", Name=name, **_settings(properties), **tags)
    with _taken_back(call, instance, name):
        _configure(call, instance, name, properties)


@contextmanager
def _taken_back(call: Call, instance: Instance, name: str) -> Generator[None]:
    try:
        yield
    except AwsError:
        _delete(call, instance, name)
        raise


def _write(
    call: Call, instance: Instance, action: str, name: str, properties: Mapping[str, Any]
) -> None:
    _ask(call, instance, action, Name=name, **_settings(properties))
    _configure(call, instance, name, properties)


def _configure(call: Call, instance: Instance, name: str, properties: Mapping[str, Any]) -> None:
    selectors = {key: properties[key] for key in _SELECTORS if properties.get(key)}
    if selectors:
        _ask(call, instance, "PutEventSelectors", TrailName=name, **selectors)
    _ask(call, instance, "StartLogging" if properties["IsLogging"] else "StopLogging", Name=name)


def _settings(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {theirs: properties[ours] for ours, theirs in _SETTINGS.items() if ours in properties}


def _delete(call: Call, instance: Instance, name: str) -> None:
    try:
        _ask(call, instance, "DeleteTrail", Name=name)
    except AwsError as error:
        if error.code != _GONE:
            raise


def _ask(call: Call, instance: Instance, action: str, **parameters: object) -> None:
    """Call CloudTrail in the stack's account, by way of its patches.

    Raises:
        AwsError: CloudTrail refuses.
    """
    account, region = instance.place
    asked = Call(
        environ={
            **call.environ,
            "CONTENT_TYPE": "application/x-amz-json-1.1",
            "HTTP_X_AMZ_TARGET": f"{_TARGET}.{action}",
            "HTTP_AUTHORIZATION": (
                f"AWS4-HMAC-SHA256 Credential={call.access_key}/20300101/{region}/cloudtrail/"
                "aws4_request"
            ),
        },
        moto=call.moto,
        service="cloudtrail",
        region=region,
        access_key=call.access_key,
        body=json.dumps(parameters).encode(),
        action=action,
        caller=_stack_role(call, account),
        account_id=account,
    )
    try:
        if all(found.handler(asked) is None for found in REGISTRY.covering("cloudtrail", action)):
            _raise_for(asked.forward())
    except JsonRESTError as error:
        raise AwsError(error.error_type, error.message) from None


def _stack_role(call: Call, account_id: str) -> Caller:
    """A session of the role that StackSets makes in every account of an organization.

    It is a role with AdministratorAccess and no service-linked one: SCPs bind it. Source:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-enable-trusted-access.html
    """
    name = f"stacksets-exec-{account_id}"
    arn = f"arn:{call.partition}:iam::{account_id}:role/{name}"
    role = lookups.role(arn)
    if role is None:
        role = iam_backends[account_id][call.partition].create_role(
            role_name=name,
            assume_role_policy_document=json.dumps(_TRUST),
            path="/",
            permissions_boundary=None,
            description="",
            tags=[],
            max_session_duration="3600",
        )
        make_administrator(call, role)
    return role_session(role, "stacksets")


def _raise_for(reply: Reply) -> None:
    if not reply.ok:
        error: dict[str, str] = json.loads(reply.body)
        raise AwsError(error["__type"], error.get("message", ""), reply.status)
