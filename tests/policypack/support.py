"""What the tests of the policy pack share: messages as the engine sends them, and their answers."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, cast

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.resources import Resource
from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.server import Analyzer, Pack
from cloudtrail_guard_policies.engine.standards import CIS_5_0
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import grpc
    from cloudtrail_guard_policies.engine.rule import Finding, Rule
    from cloudtrail_guard_policies.engine.settings import RuleSettings

NOT_KNOWN = UNKNOWN_STRING_VALUE
"""A value that is not known yet, as the engine sends it."""

TRAIL = "aws:cloudtrail/trail:Trail"
NATIVE_TRAIL = "aws-native:cloudtrail:Trail"
BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


def secret(value: object) -> dict[str, object]:
    """Return a secret as the engine sends it."""
    return {SPECIAL_SIG_KEY: SPECIAL_SECRET_SIG, "value": value}


def struct(properties: Mapping[str, object]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def inputs(properties: struct_pb2.Struct) -> struct_pb2.Struct:
    """Return properties as the provider hands them on: never none, for it marks its defaults."""
    return properties if properties.fields else struct({"__defaults": []})


def urn(resource_type: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{resource_type}::{name}"


def request(
    properties: Mapping[str, object], resource_type: str = TRAIL, name: str = "audit"
) -> analyzer_pb2.AnalyzeRequest:
    """Return what the engine sends about one resource."""
    return analyzer_pb2.AnalyzeRequest(
        type=resource_type,
        name=name,
        urn=urn(resource_type, name),
        properties=inputs(struct(properties)),
    )


def in_stack(resource_type: str, name: str, **dependencies: str) -> analyzer_pb2.AnalyzerResource:
    """Return what the engine sends about one resource of a stack in a preview.

    Args:
        resource_type: Type token.
        name: Name.
        dependencies: For a property, the URN of the resource that its value comes from.
    """
    return analyzer_pb2.AnalyzerResource(
        type=resource_type,
        name=name,
        urn=urn(resource_type, name),
        properties=struct({"id": NOT_KNOWN, **dict.fromkeys(dependencies, NOT_KNOWN)}),
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=[value])
            for key, value in dependencies.items()
        },
    )


def made(
    resource_type: str,
    name: str,
    properties: Mapping[str, object] | None = None,
    **references: analyzer_pb2.AnalyzerResource,
) -> analyzer_pb2.AnalyzerResource:
    """Return a resource of a stack in a preview from nothing.

    Args:
        resource_type: Type token.
        name: Name.
        properties: Its properties, as the engine sends them.
        references: For a property, the resource that its value comes from. The value is unknown
            unless it is among the properties.
    """
    return analyzer_pb2.AnalyzerResource(
        type=resource_type,
        name=name,
        urn=urn(resource_type, name),
        properties=struct({**dict.fromkeys(references, NOT_KNOWN), **(properties or {})}),
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=[value.urn])
            for key, value in references.items()
        },
    )


def log_bucket(
    part_type: str,
    properties: Mapping[str, object],
    *,
    bucket: Mapping[str, object] | None = None,
    trail: Mapping[str, object] | None = None,
) -> list[analyzer_pb2.AnalyzerResource]:
    """Return a trail, the bucket that it writes to, and a resource that secures the bucket.

    Args:
        part_type: Type token of the resource that secures the bucket.
        properties: Its properties; where there are none, there is no such resource.
        bucket: The bucket's own properties.
        trail: The trail's properties.
    """
    logs = made(BUCKET, "logs", bucket)
    resources = [logs, made(TRAIL, "audit", trail, s3BucketName=logs)]
    if properties:
        resources.append(made(part_type, "part", properties, bucket=logs))
    return resources


def log_key(properties: Mapping[str, object]) -> list[analyzer_pb2.AnalyzerResource]:
    """Return a key and a trail that encrypts with it."""
    key = made(KEY, "logs", properties)
    return [key, made(TRAIL, "audit", kmsKeyId=key)]


def policy(*statements: Mapping[str, object]) -> dict[str, object]:
    """Return the properties of a resource that has a policy of these statements."""
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}


def stack(*resources: analyzer_pb2.AnalyzerResource) -> analyzer_pb2.AnalyzeStackRequest:
    return analyzer_pb2.AnalyzeStackRequest(resources=resources)


def exemption(resource: str = "audit", expires: str = "2099-12-31") -> dict[str, object]:
    return {"resource": resource, "reason": "CHG-1", "expires": expires}


PAST = "2001-01-31"


class RefusedError(Exception):
    """The pack ended a call with an error."""


class _Context:
    """The part of a call's context that the pack uses."""

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        raise RefusedError(f"{code.name}: {details}")


CONTEXT = cast("grpc.ServicerContext", _Context())


def analyzer(
    *rules: Rule, config: Mapping[str, tuple[str, Mapping[str, object]]] | None = None
) -> Analyzer:
    """Return the service over some rules.

    Args:
        rules: The rules.
        config: For each rule id, the level and the other properties.
    """
    service = Analyzer(
        Pack(name="pack", version="1.2.3", description="A pack.", rules=rules), threading.Event()
    )
    service.Configure(
        analyzer_pb2.ConfigureAnalyzerRequest(
            policyConfig={
                name: analyzer_pb2.PolicyConfig(
                    enforcementLevel=analyzer_pb2.EnforcementLevel.Value(level),
                    properties=struct(properties),
                )
                for name, (level, properties) in (config or {}).items()
            }
        ),
        CONTEXT,
    )
    return service


def said(response: analyzer_pb2.AnalyzeResponse) -> list[tuple[str, str, str]]:
    """Return rule, level and message of each diagnostic."""
    return [
        (
            each.policyName,
            analyzer_pb2.EnforcementLevel.Name(each.enforcementLevel).lower(),
            each.message,
        )
        for each in response.diagnostics
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of a rule's table.

    Attributes:
        name: What is peculiar about the resource.
        properties: Its properties, as the engine sends them.
        verdict: ``pass``, ``fail`` or ``undecided``.
    """

    name: str
    properties: Mapping[str, object]
    verdict: str


def verdict(rule: Rule, properties: Mapping[str, object], resource_type: str = TRAIL) -> str:
    """Return what a rule says of a resource: ``pass``, ``fail`` or ``undecided``."""
    return stack_verdict(rule, [made(resource_type, "audit", properties)])


def stack_verdict(
    rule: Rule, resources: Iterable[analyzer_pb2.AnalyzerResource], **parameters: object
) -> str:
    """Return what a rule says of a stack: ``pass``, ``fail`` or ``undecided``.

    Args:
        rule: The rule.
        resources: The stack.
        parameters: The rule's own settings.
    """
    service = analyzer(rule, config={rule.id: ("MANDATORY", parameters)})
    verdicts = {
        "undecided" if "so the rule cannot decide" in message else "fail"
        for _, _, message in evaluated(service, resources)
    }
    return "fail" if "fail" in verdicts else "undecided" if verdicts else "pass"


def evaluated(
    service: Analyzer,
    resources: Iterable[analyzer_pb2.AnalyzerResource],
    outputs: Iterable[analyzer_pb2.AnalyzerResource] | None = None,
) -> list[tuple[str, str, str]]:
    """Return what a pack says of a stack: of each resource, and then of all of them together.

    Args:
        service: The pack.
        resources: The stack, each resource with its inputs.
        outputs: The stack, each resource with its outputs, where they are others.
    """
    present = list(resources)
    answers = [
        service.Analyze(
            analyzer_pb2.AnalyzeRequest(
                type=each.type,
                name=each.name,
                urn=each.urn,
                properties=inputs(each.properties),
                options=each.options,
            ),
            CONTEXT,
        )
        for each in present
    ]
    answers.append(service.AnalyzeStack(stack(*(outputs or present)), CONTEXT))
    return [found for answer in answers for found in said(answer)]


def violation(rule: Rule, properties: Mapping[str, object]) -> str:
    """Return the message by which a rule refuses a trail."""
    [(_, level, message)] = said(analyzer(rule).Analyze(request(properties), CONTEXT))
    assert level == rule.level.value
    return message


def a_resource(name: str = "audit", resource_type: str = TRAIL) -> Resource:
    return Resource(type=resource_type, name=name, urn=urn(resource_type, name), properties={})


def finds_violation(resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
    yield Violation(
        resource=resource,
        path="kmsKeyId",
        problem="is not set",
        remediation="set kmsKeyId to a key",
    )


def finds_nothing(_resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
    return ()


def cannot_decide(resource: Resource, _settings: RuleSettings) -> Iterable[Finding]:
    yield Undecidable(resource=resource, path="kmsKeyId")


SAMPLE = ResourceRule(
    id="sample",
    title="A sample holds.",
    severity=Severity.HIGH,
    level=EnforcementLevel.MANDATORY,
    types=frozenset({TRAIL}),
    controls={CIS_5_0: ("9.9",)},
    link="https://example.com/sample",
    rationale="Because.",
    remediation="Set it.",
    check=finds_violation,
)
"""A rule that every trail breaks; replace what a test is about."""
