"""What is said to a policy pack and what it answers, as plain values and in its protocol.

Protocol: proto/pulumi/analyzer.proto in pulumi/pulumi.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResource:
    """A resource to be evaluated.

    Attributes:
        type: Type token.
        name: Name in the program.
        urn: URN.
        properties: camelCase names to values as the engine sends them: unknown values are the
            sentinel strings of `pulumi_policy.proxy`, secrets are signed objects.
        parent: URN of the parent, or empty.
        protect: The resource option of that name.
        dependencies: URNs; `PolicyPackProcess.analyze_stack` only.
        property_dependencies: For each property, URNs; `PolicyPackProcess.analyze_stack` only.
    """

    type: str
    name: str
    urn: str
    properties: Mapping[str, object] | struct_pb2.Struct
    parent: str = ""
    protect: bool = False
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a pack says about one of its policies.

    Attributes:
        name: Id.
        description: One sentence.
        level: ``advisory``, ``mandatory``, ``remediate`` or ``disabled``, unless configured.
        kind: ``resource`` or ``stack``.
        severity: ``low``, ``medium``, ``high``, ``critical`` or ``unspecified``.
        tags: Tags.
        url: Page that explains it.
        remediation_steps: How to meet it.
        schema: JSON Schema of each property of its configuration.
    """

    name: str
    description: str
    level: str
    kind: str
    severity: str
    tags: tuple[str, ...]
    url: str
    remediation_steps: str
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackInfo:
    """What a pack says about itself."""

    name: str
    version: str
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """Something that a policy found.

    Attributes:
        policy: The policy's id.
        level: ``advisory`` or ``mandatory``; a mandatory one must stop the deployment.
        severity: As in `Policy`.
        urn: The resource; empty for the stack. For one resource the pack may leave it empty.
        message: What to show, possibly several lines.
    """

    policy: str
    level: str
    severity: str
    urn: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The answer about a resource or a stack.

    Attributes:
        diagnostics: What was found.
        not_applicable: Ids of the policies that had nothing to evaluate.
    """

    diagnostics: tuple[Diagnostic, ...]
    not_applicable: frozenset[str]

    @property
    def rejected(self) -> bool:
        """Whether the engine would stop the deployment."""
        return any(each.level == "mandatory" for each in self.diagnostics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """New properties that a policy wants a resource to have.

    Attributes:
        policy: The policy's id.
        properties: All properties, as the engine sends them.
        problem: Why the policy could not remediate; empty when it did.
    """

    policy: str
    properties: Mapping[str, object]
    problem: str


def to_struct(properties: Mapping[str, object] | struct_pb2.Struct) -> struct_pb2.Struct:
    """Properties for the protocol."""
    if isinstance(properties, struct_pb2.Struct):
        return properties
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def to_request(resource: PolicyResource) -> analyzer_pb2.AnalyzeRequest:
    """A resource alone, for the protocol."""
    return analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=to_struct(resource.properties),
        options=_options(resource),
    )


def to_stack_resource(resource: PolicyResource) -> analyzer_pb2.AnalyzerResource:
    """A resource of a stack, for the protocol."""
    return analyzer_pb2.AnalyzerResource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=to_struct(resource.properties),
        options=_options(resource),
        parent=resource.parent,
        dependencies=resource.dependencies,
        propertyDependencies={
            name: analyzer_pb2.AnalyzerPropertyDependencies(urns=urns)
            for name, urns in resource.property_dependencies.items()
        },
    )


def _options(resource: PolicyResource) -> analyzer_pb2.AnalyzerResourceOptions:
    return analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect, parent=resource.parent)


def of_policy(info: analyzer_pb2.PolicyInfo) -> Policy:
    """A policy, out of the protocol."""
    return Policy(
        name=info.name,
        description=info.description,
        level=_level_name(info.enforcementLevel),
        kind=analyzer_pb2.PolicyType.Name(info.policy_type).rpartition("_")[2].lower(),
        severity=_severity_name(info.severity),
        tags=tuple(info.tags),
        url=info.url,
        remediation_steps=info.remediation_steps,
        schema=json_format.MessageToDict(info.configSchema.properties),
    )


def of_analysis(response: analyzer_pb2.AnalyzeResponse) -> Analysis:
    """An answer, out of the protocol."""
    return Analysis(
        diagnostics=tuple(
            Diagnostic(
                policy=each.policyName,
                level=_level_name(each.enforcementLevel),
                severity=_severity_name(each.severity),
                urn=each.urn,
                message=each.message,
            )
            for each in response.diagnostics
        ),
        not_applicable=frozenset(each.policy_name for each in response.not_applicable),
    )


def _level_name(level: analyzer_pb2.EnforcementLevel.ValueType) -> str:
    return analyzer_pb2.EnforcementLevel.Name(level).lower()


def _severity_name(severity: analyzer_pb2.PolicySeverity.ValueType) -> str:
    return analyzer_pb2.PolicySeverity.Name(severity).rpartition("_")[2].lower()
