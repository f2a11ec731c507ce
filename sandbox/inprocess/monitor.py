"""The resource monitor that the SDK's test runtime talks to, with a real provider behind it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from pulumi.runtime import mocks
from pulumi.runtime.proto import provider_pb2, resource_pb2

from sandbox.inprocess.making import Making, Wanted
from sandbox.plugin import configuration
from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.results import PartialFailureError
from sandbox.plugin.values import from_json, from_struct, to_struct
from sandbox.policy_pack.messages import Diagnostic, PolicyResource

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from google.protobuf.struct_pb2 import Struct

    from sandbox.policy_pack.process import PolicyPackProcess

STACK: Final = "pulumi:pulumi:Stack"
STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"
READ_STACK: Final = "pulumi:pulumi:readStackOutputs"
PROVIDER: Final = "pulumi:providers:aws"


class DeploymentError(Exception):
    """The deployment stopped; the message is what the engine would show."""


@dataclass(frozen=True, slots=True)
class Handled:
    """A resource that the program registered, once it was handled."""

    type: str
    name: str
    urn: str
    operation: str
    """``create``, ``read`` or ``same``."""


@dataclass
class Pass:
    """One run over a program: a preview, or the deployment itself.

    Attributes:
        project: the project's name.
        stack: the stack's name.
        preview: whether nothing is made.
        config: the stack's config; the ``aws:`` part configures the default provider.
        linked: outputs of other stacks by full name.
        pack: the policy pack that evaluates every resource.
        on_resource: called when a resource was handled.
        making: what becomes of a checked resource.
    """

    project: str
    stack: str
    preview: bool
    config: Mapping[str, str]
    linked: Mapping[str, Mapping[str, Any]]
    pack: PolicyPackProcess | None
    on_resource: Callable[[Handled], None]
    making: Making = field(default_factory=Making)
    diagnostics: list[Diagnostic] = field(default_factory=list[Diagnostic])
    evaluated: list[PolicyResource] = field(default_factory=list[PolicyResource])


class NoMocks(mocks.Mocks):
    """Never asked: the monitor answers everything itself."""

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        """Refuse."""
        raise DeploymentError(f"function {args.token} reached the mocks")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Refuse."""
        raise DeploymentError(f"resource {args.typ} reached the mocks")


class Monitor(mocks.MockMonitor):
    """Answers a program's registrations, reads and invokes as the engine does."""

    def __init__(self, run: Pass) -> None:
        """Answer for this pass."""
        super().__init__(NoMocks())
        self._run = run
        self._lock = threading.Lock()
        self._providers: dict[str, Provider] = {}
        self._failure: DeploymentError | None = None

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The engine's URN: qualified by all parents but the stack."""
        prefix = f"urn:pulumi:{self._run.stack}::{self._run.project}::"
        parent_type = parent.removeprefix(prefix).split("::")[0] if parent else STACK
        qualified = type_ if parent_type == STACK else f"{parent_type}${type_}"
        return f"{prefix}{qualified}::{name}"

    def RegisterResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Check, evaluate and, unless this is a preview, create a resource.

        Raises:
            DeploymentError: this one failed, or one before it: then nothing else is begun.
        """
        if self._failure is not None:
            raise self._failure
        try:
            return self._register(request)
        except DeploymentError as error:
            self._failure = error
            raise

    def _register(
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if request.type == PROVIDER:
            return self._register_provider(request, urn)
        provider = self._provider(request.provider)
        with _named(urn):
            checked = provider.check(
                request.type,
                request.name,
                from_struct(request.object),
                self._run.making.old_inputs(urn),
            )
        if checked.failures:
            raise DeploymentError("\n".join(f.reason for f in checked.failures))
        inputs = self._evaluate(request, urn, checked.inputs)
        with _named(urn):
            made = self._run.making.make(self._wanted(provider, request, urn, inputs))
        self._handled(request, urn, made.state, "create")
        return resource_pb2.RegisterResourceResponse(
            urn=urn, id=made.id, object=to_struct(made.state)
        )

    def ReadResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Look up what exists already."""
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == STACK_REFERENCE:
            state: Mapping[str, Any] = self._stack_outputs(request.id)
        else:
            with _named(urn):
                found = self._provider(request.provider).read(request.type, request.id)
            if found is None:
                raise DeploymentError(f"{urn}: resource {request.id!r} does not exist")
            state = found.state
        self._run.on_resource(Handled(request.type, request.name, urn, "read"))
        return resource_pb2.ReadResourceResponse(urn=urn, properties=to_struct(state))

    def Invoke(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        """Call a function; a failure is an answer, which the program may handle."""
        arguments = from_struct(request.args)
        try:
            if request.tok == READ_STACK:
                result: Mapping[str, Any] = self._stack_outputs(arguments["name"])
            else:
                invoked = self._provider(request.provider).invoke(request.tok, arguments)
                if invoked.failures:
                    return _failed(*(failure.reason for failure in invoked.failures))
                result = invoked.result
        except (ResourceError, DeploymentError) as error:
            return _failed(str(error))
        response = resource_pb2.ResourceInvokeResponse()
        # The field is called `return`, which Python can only reach by name.
        getattr(response, "return").CopyFrom(to_struct(result))
        return response

    def _register_provider(
        self, request: resource_pb2.RegisterResourceRequest, urn: str
    ) -> resource_pb2.RegisterResourceResponse:
        provider = Provider()
        config = configuration.decode(from_struct(request.object))
        config.pop("version", None)
        with _named(urn):
            provider.configure(config)
        with self._lock:
            self._providers[urn] = provider
        return resource_pb2.RegisterResourceResponse(urn=urn, id="in-process")

    def _provider(self, reference: str) -> Provider:
        """The provider of a reference, ``urn::id``; the default one without a reference."""
        urn = reference.rpartition("::")[0]
        with self._lock:
            if urn not in self._providers:
                provider = Provider()
                prefix = "aws:"
                given = {
                    key.removeprefix(prefix): value
                    for key, value in self._run.config.items()
                    if key.startswith(prefix)
                }
                provider.configure(configuration.decode(given))
                self._providers[urn] = provider
            return self._providers[urn]

    def _stack_outputs(self, name: str) -> Mapping[str, Any]:
        if name not in self._run.linked:
            raise DeploymentError(f'unknown stack "{name}"')
        return {"name": name, "outputs": self._run.linked[name], "secretOutputNames": []}

    def _evaluate(
        self,
        request: resource_pb2.RegisterResourceRequest,
        urn: str,
        inputs: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        """Let the policy pack remediate and evaluate a resource's inputs."""
        pack = self._run.pack
        if pack is None:
            return inputs
        with self._lock:
            for remediation in pack.remediate(_resource(request, urn, to_struct(inputs))):
                if not remediation.problem:
                    inputs = from_json(dict(remediation.properties))
            analysis = pack.analyze(_resource(request, urn, to_struct(inputs)))
            self._run.diagnostics.extend(replace(d, urn=urn) for d in analysis.diagnostics)
        if analysis.rejected and not self._run.preview:
            raise DeploymentError(f"{urn}: rejected by the policy pack")
        return inputs

    def _wanted(
        self,
        provider: Provider,
        request: resource_pb2.RegisterResourceRequest,
        urn: str,
        inputs: Mapping[str, Any],
    ) -> Wanted:
        return Wanted(
            provider,
            request.type,
            request.name,
            urn,
            inputs,
            ignored=tuple(request.ignoreChanges),
            uses=frozenset(
                each for listed in request.propertyDependencies.values() for each in listed.urns
            ),
            retained=request.retainOnDelete,
            preview=self._run.preview,
        )

    def _handled(
        self,
        request: resource_pb2.RegisterResourceRequest,
        urn: str,
        state: Mapping[str, Any],
        operation: str,
    ) -> None:
        with self._lock:
            self._run.evaluated.append(_resource(request, urn, to_struct(state)))
        self._run.on_resource(Handled(request.type, request.name, urn, operation))


def _resource(
    request: resource_pb2.RegisterResourceRequest, urn: str, properties: Struct
) -> PolicyResource:
    return PolicyResource(
        type=request.type,
        name=request.name,
        urn=urn,
        properties=properties,
        parent=request.parent,
        protect=request.protect,
        dependencies=tuple(request.dependencies),
        property_dependencies={
            name: tuple(listed.urns) for name, listed in request.propertyDependencies.items()
        },
    )


def _failed(*reasons: str) -> resource_pb2.ResourceInvokeResponse:
    failures = [provider_pb2.CheckFailure(reason=reason) for reason in reasons]
    return resource_pb2.ResourceInvokeResponse(failures=failures)


@contextmanager
def _named(urn: str) -> Generator[None]:
    """Errors of the provider, with the resource that they belong to."""
    try:
        yield
    except (ResourceError, PartialFailureError) as error:
        raise DeploymentError(f"{urn}: {error}") from error
