"""What a template may say here: trails, without anything to be computed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.aws.patches.cloudformation.store import invalid

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
