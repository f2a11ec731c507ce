"""The provider as the Pulumi engine speaks to it, over gRPC.

This implements `pulumirpc.ResourceProvider` itself. The SDK's `pulumi.provider.experimental` would
do the same in fewer lines, but drops old inputs, breaks on unknown values, and cannot say that an
object was half made.

Protocol: `proto/pulumi/provider.proto` of pulumi/pulumi.
"""

from __future__ import annotations

import json
import logging
import socket
from concurrent import futures
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

import grpc
from google.protobuf import empty_pb2, message_factory
from pulumi.runtime.proto import plugin_pb2, provider_pb2, status_pb2

from sandbox.plugin import PLUGIN_VERSION, configuration
from sandbox.plugin.defaults import Naming
from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.results import PartialFailureError
from sandbox.plugin.schema import package_schema
from sandbox.plugin.sdk_types import snake_case
from sandbox.plugin.values import contains_unknown, from_struct, to_struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from google.protobuf.descriptor import MethodDescriptor

    from sandbox.plugin.diff import Change
    from sandbox.plugin.normalize import Failure
    from sandbox.plugin.results import Diff
    from sandbox.plugin.values import Properties

_LOG: Final = logging.getLogger(__name__)
_HOST: Final = "127.0.0.1"
_THREADS: Final = 16
_MESSAGE_BYTES: Final = 400 * 1024 * 1024  # what the engine allows itself
_SECONDS_BETWEEN_CHECKS: Final = 2

_Autonaming: Final = provider_pb2.CheckRequest.AutonamingOptions
_MODES: Final[Mapping[int, Literal["propose", "enforce", "disable"]]] = {
    _Autonaming.PROPOSE: "propose",
    _Autonaming.ENFORCE: "enforce",
    _Autonaming.DISABLE: "disable",
}
_Kind: Final = provider_pb2.PropertyDiff
_KINDS: Final = {
    ("add", False): _Kind.ADD,
    ("add", True): _Kind.ADD_REPLACE,
    ("delete", False): _Kind.DELETE,
    ("delete", True): _Kind.DELETE_REPLACE,
    ("update", False): _Kind.UPDATE,
    ("update", True): _Kind.UPDATE_REPLACE,
}


def _handler(
    method: Callable[[Any], Any], descriptor: MethodDescriptor
) -> grpc.RpcMethodHandler[Any, Any]:
    """Serve a method, and turn what it raises into an answer of one line.

    A traceback goes to the log: the user of a program can do nothing with it.
    """

    def answer(request: Any, context: grpc.ServicerContext) -> Any:  # noqa: ANN401 - any message
        try:
            return method(request)
        except ResourceError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except PartialFailureError as error:
            _abort_partial_failure(error, context)
        except Exception as error:  # noqa: BLE001 - nothing may pass this edge
            _LOG.exception("%s failed", descriptor.name)
            line = f"internal error of the sandbox's aws plugin: {type(error).__name__}: {error}"
            context.abort(grpc.StatusCode.INTERNAL, " ".join(line.split()))

    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=message_factory.GetMessageClass(descriptor.input_type).FromString,
        response_serializer=message_factory.GetMessageClass(
            descriptor.output_type
        ).SerializeToString,
    )


def _abort_partial_failure(error: PartialFailureError, context: grpc.ServicerContext) -> NoReturn:
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=error.reason)
    detail = provider_pb2.ErrorResourceInitFailed(
        id=error.id,
        properties=to_struct(error.state),
        inputs=to_struct(error.inputs),
        reasons=[error.reason],
    )
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, error.reason)


class ProviderServicer:
    """One provider instance; the engine starts a process for each.

    Every method answers the call of its name, `check_config` CheckConfig. Calls without a method
    here are unimplemented: components, mappings, parameters.
    """

    def __init__(self) -> None:
        """Serve a provider that is not configured yet."""
        self._provider = Provider()

    def handshake(
        self, _request: provider_pb2.ProviderHandshakeRequest
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Say what this provider can: it gets plain values, and the engine keeps secrets secret."""
        return provider_pb2.ProviderHandshakeResponse(supports_autonaming_configuration=True)

    def attach(self, _request: plugin_pb2.PluginAttach) -> empty_pb2.Empty:
        """Accept an engine that did not start this process."""
        return empty_pb2.Empty()

    def cancel(self, _request: empty_pb2.Empty) -> empty_pb2.Empty:
        """Nothing takes long enough here to be stopped."""
        return empty_pb2.Empty()

    def get_plugin_info(self, _request: empty_pb2.Empty) -> plugin_pb2.PluginInfo:
        """Answer a version that satisfies every program: see `PLUGIN_VERSION`."""
        return plugin_pb2.PluginInfo(version=PLUGIN_VERSION)

    def get_schema(self, _request: provider_pb2.GetSchemaRequest) -> provider_pb2.GetSchemaResponse:
        """Describe what is emulated, to programs without an SDK."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps(package_schema()))

    def check_config(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Check the provider's configuration."""
        news = from_struct(request.news)
        checked = self._provider.check_config(configuration.decode(news), _name(request))
        return provider_pb2.CheckResponse(
            inputs=to_struct({**news, **configuration.encode(checked.inputs)}),
            failures=_failures(checked.failures),
        )

    def diff_config(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Compare two configurations."""
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        decoded = (configuration.decode(old), configuration.decode(new))
        return _diff(self._provider.diff_config(*decoded))

    def configure(self, request: provider_pb2.ConfigureRequest) -> provider_pb2.ConfigureResponse:
        """Connect to AWS."""
        self._provider.configure(configuration.decode(from_struct(request.args)))
        return provider_pb2.ConfigureResponse(
            supportsPreview=True, supports_autonaming_configuration=True
        )

    def check(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Check and complete a resource's inputs."""
        name, options = _name(request), request.autonaming
        naming = Naming(
            name,
            seed=request.randomSeed,
            proposed=options.proposed_name,
            mode=_MODES[options.mode] if request.HasField("autonaming") else None,
        )
        olds, news = from_struct(request.olds), from_struct(request.news)
        checked = self._provider.check(_type(request), name, news, olds, naming)
        return provider_pb2.CheckResponse(
            inputs=to_struct(checked.inputs), failures=_failures(checked.failures)
        )

    def diff(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Compare a resource's state with new inputs."""
        state, inputs = from_struct(request.olds), from_struct(request.news)
        return _diff(self._provider.diff(_type(request), state, inputs, request.ignoreChanges))

    def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Make an object, or show what would be made."""
        inputs = from_struct(request.properties)
        created = self._provider.create(
            _type(request), _name(request), inputs, preview=request.preview
        )
        return provider_pb2.CreateResponse(id=created.id, properties=to_struct(created.state))

    def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """Look an object up. One that is gone has no id."""
        state, inputs = from_struct(request.properties), from_struct(request.inputs)
        found = self._provider.read(_type(request), request.id, state, inputs)
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, properties=to_struct(found.state), inputs=to_struct(found.inputs)
        )

    def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Change an object in place, or show what it would become."""
        type_, state, inputs = _type(request), from_struct(request.olds), from_struct(request.news)
        outputs = (
            self._provider.plan_update(type_, state, inputs)
            if request.preview
            else self._provider.update(type_, request.id, state, inputs, request.ignoreChanges)
        )
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def delete(self, request: provider_pb2.DeleteRequest) -> empty_pb2.Empty:
        """Delete an object."""
        self._provider.delete(_type(request), request.id, from_struct(request.properties))
        return empty_pb2.Empty()

    def invoke(self, request: provider_pb2.InvokeRequest) -> provider_pb2.InvokeResponse:
        """Call a function."""
        arguments = from_struct(request.args)
        if contains_unknown(arguments):
            raise ResourceError(f"invoking {request.tok}: an argument is not known yet")
        invoked = self._provider.invoke(request.tok, arguments)
        if invoked.failures:
            return provider_pb2.InvokeResponse(failures=_failures(invoked.failures))
        return _invoked(invoked.result)


def _invoked(result: Properties) -> provider_pb2.InvokeResponse:
    response = provider_pb2.InvokeResponse()
    getattr(response, "return").CopyFrom(to_struct(result))  # the field is a Python keyword
    return response


def _failures(failures: Iterable[Failure]) -> list[provider_pb2.CheckFailure]:
    """Failures without their property: it is in the reason, in the real provider's wording."""
    return [provider_pb2.CheckFailure(reason=failure.reason) for failure in failures]


def _diff(diff: Diff) -> provider_pb2.DiffResponse:
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some if diff.changes else none,
        replaces=diff.replaces,
        stables=diff.stable,
        deleteBeforeReplace=diff.delete_before_replace,
        diffs=sorted({change.top for change in diff.changes}),
        detailedDiff={str(change.place): _property_diff(change) for change in diff.changes},
        hasDetailedDiff=True,
    )


def _property_diff(change: Change) -> provider_pb2.PropertyDiff:
    return provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replace])


def _name(request: Any) -> str:  # noqa: ANN401 - any request about a resource
    """The resource's logical name, which older engines send in the URN only."""
    return str(request.name or request.urn.split("::", 3)[-1])


def _type(request: Any) -> str:  # noqa: ANN401 - any request about a resource
    """The resource's type, which older engines send in the URN only."""
    return str(request.type or request.urn.split("::")[2].rpartition("$")[2])


def _service(servicer: ProviderServicer) -> grpc.GenericRpcHandler:
    descriptor = provider_pb2.DESCRIPTOR.services_by_name["ResourceProvider"]
    handlers = {
        method.name: _handler(getattr(servicer, snake_case(method.name)), method)
        for method in descriptor.methods
        if hasattr(servicer, snake_case(method.name))
    }
    return grpc.method_handlers_generic_handler(descriptor.full_name, handlers)


def serve(engine: str | None) -> None:
    """Serve a provider on a free loopback port, which is printed as the first line.

    Args:
        engine: the engine's address. The server stops when that address no longer accepts
            connections. None: it serves for ever.
    """
    options = [
        ("grpc.max_receive_message_length", _MESSAGE_BYTES),
        ("grpc.max_send_message_length", _MESSAGE_BYTES),
    ]
    server = grpc.server(futures.ThreadPoolExecutor(_THREADS), options=options)
    server.add_generic_rpc_handlers((_service(ProviderServicer()),))
    port = server.add_insecure_port(f"{_HOST}:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - how the engine learns of the port
    while server.wait_for_termination(_SECONDS_BETWEEN_CHECKS):
        if engine is not None and not _listening(engine):
            server.stop(None)


def _listening(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_SECONDS_BETWEEN_CHECKS):
            return True
    except OSError:
        return False
