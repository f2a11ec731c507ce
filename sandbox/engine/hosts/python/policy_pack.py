"""Running a policy pack, which learns its stack and config from its environment.

The engine tells an analyzer its stack only by the call ``ConfigureStack``, when the pack runs
already; a pack in Python reads it at its start from ``PULUMI_STACK`` and so on. So the engine gets
the address of a proxy, which starts the pack at the first call that only the pack can answer, with
what ``ConfigureStack`` said, and then hands each call on as it came.
"""

from __future__ import annotations

import json
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import analyzer_pb2, language_pb2

from sandbox.engine.hosts.children import Child, Output, signal_name
from sandbox.engine.hosts.host import plugin_output
from sandbox.engine.hosts.server import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.engine.hosts.children import Command
    from sandbox.engine.hosts.host import Ran

_BEFORE_THE_STACK = frozenset({"GetPluginInfo", "Cancel"})
"""What the engine may call before it names the stack; the answers have nothing in them."""

_THREADS = 32


class PolicyPack(grpc.GenericRpcHandler):
    """A policy pack behind its proxy, for as long as the engine's call lasts."""

    def __init__(self, command: Command, context: grpc.ServicerContext) -> None:
        """Prepare it.

        Args:
            command: starts the pack with its environment on stdin.
            context: the engine's call.
        """
        self._command = command
        self._context = context
        self._answers: queue.Queue[Ran | None] = queue.Queue()
        self._starting = threading.Lock()
        self._listening = threading.Event()
        self._started = False
        self._channel: grpc.Channel | None = None
        self._end = ""

    def run(self) -> Iterator[Ran]:
        """Serve the proxy; the answers are the proxy's port, then the pack's output and its end."""
        server = grpc.server(ThreadPoolExecutor(_THREADS), options=UNLIMITED)
        server.add_generic_rpc_handlers((self,))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        self._context.add_callback(lambda: self._answers.put(None))
        yield language_pb2.RunPluginResponse(stdout=f"{port}\n".encode())
        while (answer := self._answers.get()) is not None:
            yield answer
        server.stop(None)

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Answer a method, whichever it is."""
        path = handler_call_details.method
        method = path.rpartition("/")[2]

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            if method == "ConfigureStack":
                stack = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(request)
                self._start(stack_variables(stack))
            elif method == "Handshake" and not self._started:
                context.abort(grpc.StatusCode.UNIMPLEMENTED, "packs in Python need none")
            elif method in _BEFORE_THE_STACK and not self._started:
                return b""
            else:
                self._start({})
            return self._hand_on(path, request, context)

        return grpc.unary_unary_rpc_method_handler(answer)

    def _start(self, variables: Mapping[str, str]) -> None:
        """Start the pack, unless it was started."""
        with self._starting:
            if self._started:
                return
            self._started = True
            child = Child(self._command, self._context)
            child.send(json.dumps(variables).encode())
            threading.Thread(target=self._follow, args=(child,), daemon=True).start()

    def _follow(self, child: Child) -> None:
        """Take the port from the pack's output, and hand on the rest, until the pack ends."""
        start = b""
        for written in child.output():
            data = written.data
            if written.stream == "stdout" and self._channel is None:
                start, data = self._look_for_port(start + data)
            if data:
                self._answers.put(plugin_output(Output(written.stream, data)))
        code = child.wait()
        ended = f"exited with code {code}" if code >= 0 else f"was killed by {signal_name(code)}"
        self._end = f"the policy pack {self._command.directory} {ended} before it served"
        self._listening.set()
        self._answers.put(language_pb2.RunPluginResponse(exitcode=code))
        self._answers.put(None)

    def _look_for_port(self, text: bytes) -> tuple[bytes, bytes]:
        """Look for the line with the port; return what may be its start, and the other output."""
        shown = b""
        while b"\n" in text:
            line, _, text = text.partition(b"\n")
            if line.strip().isdigit():
                address = f"127.0.0.1:{int(line)}"
                self._channel = grpc.insecure_channel(address, options=UNLIMITED)
                self._listening.set()
                return b"", shown + text
            shown += line + b"\n"
        return text, shown

    def _hand_on(self, path: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        self._listening.wait()
        if self._channel is None:
            context.abort(grpc.StatusCode.UNAVAILABLE, self._end)
        call = self._channel.unary_unary(path)
        try:
            return call(request)  # it ends with the pack, which the engine's call ends
        except grpc.RpcError as error:
            context.abort(error.code(), error.details() or "")


def stack_variables(stack: analyzer_pb2.AnalyzerStackConfigureRequest) -> dict[str, str]:
    """What a pack reads of its stack, as variables of its environment."""
    return {
        "PULUMI_STACK": stack.stack,
        "PULUMI_PROJECT": stack.project,
        "PULUMI_ORGANIZATION": stack.organization,
        "PULUMI_DRY_RUN": "true" if stack.dry_run else "false",
        "PULUMI_CONFIG": json.dumps(dict(stack.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(stack.config_secret_keys)),
    }
