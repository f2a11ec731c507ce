"""Serving a language host to the engine that started it.

The engine reads the port from the first line of stdout, sends SIGINT to the host's process group
when it is done, and shows what is written to stdout and stderr to the user.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import language_pb2_grpc

from sandbox.engine.hosts import children

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UNLIMITED = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
)
"""Resources may be larger than gRPC's default of 4 MiB."""

_THREADS = 256
"""Each plugin that runs holds one; threads are started as they are needed."""

_PARENT_PERIOD = 1.0
"""Seconds between two looks at whether the engine is still there."""


def serve(
    make_host: Callable[[str], language_pb2_grpc.LanguageRuntimeServicer],
    arguments: Sequence[str] | None = None,
) -> None:
    """Serve a host until the engine stops it or is gone.

    Args:
        make_host: makes the host from the engine's address.
        arguments: those of the command line; of the process when not given.
    """
    parser = argparse.ArgumentParser(description="A Pulumi language host.")
    parser.add_argument("engine", help="the address of the engine")
    # The engine's flags for logs and traces are accepted: there is nothing to log.
    engine = parser.parse_known_args(arguments)[0].engine

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopped.set())
    parent = os.getppid()
    server = grpc.server(ThreadPoolExecutor(_THREADS), options=UNLIMITED)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(make_host(engine), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 (the protocol)

    while not stopped.wait(_PARENT_PERIOD) and os.getppid() == parent:
        pass
    children.end_all()
    # Calls that still wait in threads must not keep the process.
    sys.stdout.flush()
    os._exit(0)
