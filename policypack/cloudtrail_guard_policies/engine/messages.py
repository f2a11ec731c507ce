"""The engine's messages to and from what the rules know.

The messages are those of proto/pulumi/analyzer.proto in pulumi/pulumi.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulumi.runtime.proto import analyzer_pb2

from cloudtrail_guard_policies.engine.levels import EnforcementLevel as Level
from cloudtrail_guard_policies.engine.levels import Severity
from cloudtrail_guard_policies.engine.resources import Resource
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.engine.settings import schema
from cloudtrail_guard_policies.engine.values import SENTINELS, from_struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from google.protobuf import struct_pb2

    from cloudtrail_guard_policies.engine.evaluation import Diagnostic
    from cloudtrail_guard_policies.engine.rule import Rule
    from cloudtrail_guard_policies.engine.values import Value

_LEVELS: Final = {
    Level.ADVISORY: analyzer_pb2.ADVISORY,
    Level.MANDATORY: analyzer_pb2.MANDATORY,
    Level.DISABLED: analyzer_pb2.DISABLED,
    Level.REMEDIATE: analyzer_pb2.REMEDIATE,
}
_IDENTIFYING: Final = ("id", "arn", "name", "bucket", "keyId")
_LEVELS_BY_NUMBER: Final = {number: level for level, number in _LEVELS.items()}
_SEVERITIES: Final = {
    Severity.LOW: analyzer_pb2.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: analyzer_pb2.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}


def policy_info(rule: Rule) -> analyzer_pb2.PolicyInfo:
    """Return the description of a rule.

    The message has room for one compliance framework; every control is among the tags, written
    ``STANDARD:ID``.
    """
    policy_type = (
        analyzer_pb2.POLICY_TYPE_RESOURCE
        if isinstance(rule, ResourceRule)
        else analyzer_pb2.POLICY_TYPE_STACK
    )
    info = analyzer_pb2.PolicyInfo(
        name=rule.id,
        displayName=rule.title,
        description=rule.title,
        enforcementLevel=_LEVELS[rule.level],
        policy_type=policy_type,
        severity=_SEVERITIES[rule.severity],
        remediation_steps=rule.remediation,
        url=rule.link,
        tags=[f"{standard.slug}:{each}" for standard, ids in rule.controls.items() for each in ids],
    )
    info.configSchema.properties.update(schema(rule.parameters))
    for standard, controls in list(rule.controls.items())[:1]:
        info.framework.name = standard.title
        info.framework.reference = ", ".join(controls)
        info.framework.specification = standard.link
    return info


def configuration(
    request: analyzer_pb2.ConfigureAnalyzerRequest,
) -> dict[str, tuple[Level, Mapping[str, Value]]]:
    """Return the level and the other properties of each configured rule, by its id."""
    return {
        name: (_LEVELS_BY_NUMBER[config.enforcementLevel], from_struct(config.properties))
        for name, config in request.policyConfig.items()
    }


def resource(request: analyzer_pb2.AnalyzeRequest) -> Resource:
    """Return the resource that is about to be made or changed."""
    return Resource(
        type=request.type,
        name=request.name,
        urn=request.urn,
        properties=from_struct(request.properties),
        parent=request.options.parent,
        protect=request.options.protect,
    )


def stack_resource(
    message: analyzer_pb2.AnalyzerResource, inputs: Mapping[str, Mapping[str, Value]]
) -> Resource:
    """Return a resource of a stack.

    Args:
        message: What the engine sends; its properties are the resource's outputs.
        inputs: The inputs of the resources that were evaluated before, by URN. A resource that is
            only read has none: what the provider answered stands for them.
    """
    read = not inputs.get(message.urn)
    identifiers, identified = _identifiers(message.properties)
    return Resource(
        type=message.type,
        name=message.name,
        urn=message.urn,
        properties=from_struct(message.properties) if read else inputs[message.urn],
        identifiers=identifiers,
        identified=identified,
        read=read,
        parent=message.parent,
        protect=message.options.protect,
        dependencies=tuple(message.dependencies),
        property_dependencies={
            name: tuple(dependencies.urns)
            for name, dependencies in message.propertyDependencies.items()
        },
    )


def _identifiers(outputs: struct_pb2.Struct) -> tuple[frozenset[str], bool]:
    """Return the known identifiers, and whether all are known."""
    values = (outputs.fields.get(name) for name in _IDENTIFYING)
    texts = [value.string_value for value in values if value is not None]
    known = frozenset(text for text in texts if text and text not in SENTINELS)
    return known, SENTINELS.isdisjoint(texts)


def diagnostic_message(
    diagnostic: Diagnostic, pack_name: str, version: str
) -> analyzer_pb2.AnalyzeDiagnostic:
    """Return the message that shows a diagnostic to the user."""
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=diagnostic.rule.id,
        policyPackName=pack_name,
        policyPackVersion=version,
        description=diagnostic.rule.title,
        message=diagnostic.message,
        enforcementLevel=_LEVELS[diagnostic.level],
        severity=_SEVERITIES[diagnostic.rule.severity],
        urn=diagnostic.urn,
    )


def not_applicable(rules: Iterable[Rule], reason: str) -> list[analyzer_pb2.PolicyNotApplicable]:
    """Return the messages by which the engine does not count rules as passed."""
    return [analyzer_pb2.PolicyNotApplicable(policy_name=rule.id, reason=reason) for rule in rules]
