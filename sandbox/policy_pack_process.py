"""A policy pack as a process, spoken to over its own protocol, without a Pulumi engine.

Starts a pack as the engine's language host does (``python -m pulumi.policy ADDRESS PACK``) and
calls the analyzer service (proto/pulumi/analyzer.proto in pulumi/pulumi). Any pack written in
Python can be driven, ours or another.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

# They guard against a hang: a machine that is busy may need many times what a free one does.
START_SECONDS: Final = 300.0
CALL_SECONDS: Final = 600.0
_STOP_SECONDS: Final = 5.0
# The pack never calls the engine back; if it did, this address would make the call fail.
_NO_ENGINE: Final = "127.0.0.1:1"
_LEVEL_KEY: Final = "enforcementLevel"
_LEVELS: Final = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "remediate": analyzer_pb2.REMEDIATE,
    "disabled": analyzer_pb2.DISABLED,
}


class PolicyPackError(Exception):
    """The pack did not start, rejected its configuration, or failed during an evaluation."""


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


class PolicyPackProcess:
    """A running policy pack; a context manager that starts and stops it."""

    def __init__(self, pack: Path, python: str = sys.executable) -> None:
        """Name the pack.

        Args:
            pack: The directory that holds PulumiPolicy.yaml and ``__main__.py``.
            python: The interpreter whose environment has ``pulumi`` and ``pulumi_policy``.
        """
        self._pack = pack.resolve()
        self._python = python

    def __enter__(self) -> Self:
        """Start the process.

        Raises:
            PolicyPackError: There is no pack, it ended, or it printed no port in time; the message
                has its errors.
        """
        if not (self._pack / "__main__.py").is_file():
            raise PolicyPackError(f"there is no policy pack in {self._pack}: it has no __main__.py")
        # A file, not a pipe: a full pipe that is not read would block the pack.
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            [self._python, "-u", "-m", "pulumi.policy", _NO_ENGINE, str(self._pack)],
            cwd=self._pack,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        try:
            port = self._read_port()
        except PolicyPackError:
            self._stop()
            raise
        self._channel = grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.max_send_message_length", -1)]
        )
        self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the process."""
        self._channel.close()
        self._stop()

    def info(self) -> PackInfo:
        """Return what the pack says about itself."""
        with self._errors_named("describing itself"):
            answer = self._stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=CALL_SECONDS)
        return PackInfo(
            name=answer.name,
            version=answer.version,
            policies=tuple(_policy(each) for each in answer.policies),
        )

    def configure(self, config: Mapping[str, str | Mapping[str, object]] | None = None) -> None:
        """Give the pack its configuration, as the engine does once before any evaluation.

        Args:
            config: What a file of ``--policy-pack-config`` holds: policy id, or ``all``, to a level
                or to an object with ``enforcementLevel`` and other properties.

        Raises:
            PolicyPackError: The pack rejected it; the message is the pack's.
        """
        config = config or {}
        levels = {policy.name: policy.level for policy in self.info().policies}
        if "all" in config:
            levels = dict.fromkeys(levels, _level_in(config["all"]) or "advisory")
        properties: defaultdict[str, dict[str, object]] = defaultdict(dict)
        for name, given in config.items():
            levels[name] = _level_in(given) or levels.get(name, "advisory")
            if not isinstance(given, str):
                properties[name] = {key: given[key] for key in given if key != _LEVEL_KEY}
        for name, level in levels.items():
            if level not in _LEVELS:
                raise PolicyPackError(
                    f"the level of {name} is {level!r}, but must be one of {', '.join(_LEVELS)}"
                )
        request = analyzer_pb2.ConfigureAnalyzerRequest(
            policyConfig={
                name: analyzer_pb2.PolicyConfig(
                    enforcementLevel=_LEVELS[level],
                    properties=_struct(properties[name]),
                )
                for name, level in levels.items()
            }
        )
        with self._errors_named("configuring"):
            self._stub.Configure(request, timeout=CALL_SECONDS)

    def configure_stack(self, project: str, stack: str, *, preview: bool) -> None:
        """Name the stack that the pack evaluates.

        Args:
            project: Name of the project.
            stack: Name of the stack.
            preview: Whether nothing will be made.
        """
        request = analyzer_pb2.AnalyzerStackConfigureRequest(
            project=project, stack=stack, organization="organization", dry_run=preview
        )
        with self._errors_named("configuring for a stack"):
            self._stub.ConfigureStack(request, timeout=CALL_SECONDS)

    def analyze(self, resource: PolicyResource) -> Analysis:
        """Evaluate a resource by its inputs, before it is created or changed."""
        with self._errors_named(f"evaluating {resource.urn}"):
            return _analysis(self._stub.Analyze(_request(resource), timeout=CALL_SECONDS))

    def analyze_stack(self, resources: Iterable[PolicyResource]) -> Analysis:
        """Evaluate all resources of a stack by their outputs, after they were handled."""
        request = analyzer_pb2.AnalyzeStackRequest(
            resources=[_stack_resource(each) for each in resources]
        )
        with self._errors_named("evaluating the stack"):
            return _analysis(self._stub.AnalyzeStack(request, timeout=CALL_SECONDS))

    def remediate(self, resource: PolicyResource) -> tuple[Remediation, ...]:
        """Return what the pack changes about a resource; each step holds the ones before it."""
        with self._errors_named(f"remediating {resource.urn}"):
            answer = self._stub.Remediate(_request(resource), timeout=CALL_SECONDS)
        return tuple(
            Remediation(
                policy=each.policyName,
                properties=json_format.MessageToDict(each.properties),
                problem=each.diagnostic,
            )
            for each in answer.remediations
        )

    def _read_port(self) -> int:
        """Return the port, which is the first line that the process prints."""
        stdout = self._process.stdout
        line = ""
        if stdout is not None:
            # readline has no time limit; ending the process ends it.
            watchdog = threading.Timer(START_SECONDS, self._process.kill)
            watchdog.start()
            line = stdout.readline()
            watchdog.cancel()
        if not line.strip().isdecimal():
            self._process.kill()
            self._process.wait()
            said = f"; it printed {line.strip()!r} instead of a port" if line.strip() else ""
            raise PolicyPackError(
                f"the policy pack {self._pack} did not start{said}\n{self._said_on_stderr()}"
            )
        return int(line)

    @contextmanager
    def _errors_named(self, doing: str) -> Generator[None]:
        try:
            yield
        except grpc.RpcError as error:
            # A failed call is a Call as well, which has the details; the stubs do not say so.
            details = error.details() if isinstance(error, grpc.Call) else str(error)
            raise PolicyPackError(
                f"{doing}, the policy pack {self._pack.name} failed: {details}"
            ) from error

    def _said_on_stderr(self) -> str:
        self._errors.seek(0)
        return self._errors.read().strip()

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()


def _level_in(given: str | Mapping[str, object]) -> str:
    """Return the enforcement level that a policy's configuration names, or an empty string."""
    if isinstance(given, str):
        return given
    level = given.get(_LEVEL_KEY)
    return level if isinstance(level, str) else ""


def _struct(properties: Mapping[str, object] | struct_pb2.Struct) -> struct_pb2.Struct:
    if isinstance(properties, struct_pb2.Struct):
        return properties
    return json_format.ParseDict(dict(properties), struct_pb2.Struct())


def _request(resource: PolicyResource) -> analyzer_pb2.AnalyzeRequest:
    return analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=_struct(resource.properties),
        options=_options(resource),
    )


def _stack_resource(resource: PolicyResource) -> analyzer_pb2.AnalyzerResource:
    return analyzer_pb2.AnalyzerResource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        properties=_struct(resource.properties),
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


def _policy(info: analyzer_pb2.PolicyInfo) -> Policy:
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


def _analysis(response: analyzer_pb2.AnalyzeResponse) -> Analysis:
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
