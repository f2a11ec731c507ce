"""Plugin processes that are forks of one that has loaded everything already.

The engine starts a plugin for each operation, and to load Pulumi's SDK and botocore takes a plugin
longer than all of its answers. So a process with sandboxes keeps a fork server, which loads them
when the first plugin starts. A plugin is as separate as before: it has the environment, the folder
and the output of the process that the engine started (`client.py`), and ends with it.

What a plugin has loaded beyond that it reports at its end, and the next one has it from the start.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

CLIENT: Final = Path(__file__).with_name("client.py")
"""What the engine starts, with the fork server's socket and its own arguments."""

_MOST_BYTES: Final = 1024
"""Of a report, which is one name."""


@cache
def fork_server() -> Path:
    """The socket of this process's fork server, which the first call starts.

    It ends with this process, and is there for every sandbox of it.
    """
    # Not in TMPDIR: a socket's path may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="cloudtrail-guard-plugin-", dir="/tmp"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
        listener.listen()
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sandbox.plugin.forks", str(descriptor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[descriptor],
            start_new_session=True,  # a terminal's signals are for the command
        )
    atexit.register(_end, process, folder)
    return folder / "socket"


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    process.communicate()
    shutil.rmtree(folder, ignore_errors=True)


def main(descriptor: str) -> None:
    """Fork a plugin for each process that connects, until the process with the sandboxes ends."""
    gc.disable()  # a collection finds nothing to free among what the SDK and botocore load
    signal.signal(signal.SIGCHLD, _reap)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # of no plugin
    reports, report = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener = socket.socket(fileno=int(descriptor))
    while True:
        ready, _, _ = select.select([listener, reports, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        if reports in ready:
            _load(*json.loads(reports.recv(_MOST_BYTES)))
            continue
        importlib.import_module("sandbox.plugin.server")  # only now: most sandboxes need none
        connection, _ = listener.accept()
        with connection:
            if os.fork() == 0:
                listener.close()
                reports.close()
                try:
                    _serve(connection, report)
                except BaseException:  # noqa: BLE001 - a fork must not go on as a fork server
                    traceback.print_exc()
                    os._exit(1)


def _reap(_number: int, _frame: FrameType | None) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _serve(connection: socket.socket, report: socket.socket) -> NoReturn:
    """Be the plugin of the process that connected, and end with it."""
    from sandbox.plugin.server import serve  # noqa: PLC0415 - loaded before the fork

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, descriptors, _, _ = socket.recv_fds(connection, 1, 2)
    call: dict[str, Any] = json.loads(connection.makefile("rb").readline())
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for number, given in enumerate(descriptors, 1):
        os.dup2(given, number)
        os.close(given)
    os.environ.clear()
    os.environ.update(call["environment"])
    os.chdir(call["folder"])
    before = _loaded()

    def end() -> NoReturn:
        with suppress(OSError):  # the fork server is gone
            for kind, name in _loaded() - before:
                report.send(json.dumps([kind, name]).encode())
        os._exit(0)

    def end_with_client() -> None:
        connection.recv(1)
        end()

    threading.Thread(target=end_with_client, daemon=True).start()
    serve(next(iter(call["arguments"]), None))
    end()


def _loaded() -> set[tuple[str, str]]:
    """What this process has loaded since its start: kind and name of each."""
    from sandbox.plugin import aws, catalog  # noqa: PLC0415 - loaded before the fork

    return {
        *(("type", token) for token in catalog.FOUND_TYPES),
        *(("function", token) for token in catalog.FOUND_FUNCTIONS),
        *(("service", service) for service in aws.MODELS),
    }


def _load(kind: str, name: str) -> None:
    """Load what a plugin had to load."""
    from sandbox.plugin import aws, catalog  # noqa: PLC0415 - loaded before the first fork

    match kind:
        case "type":
            schema = catalog.find_resource_type(name).schema
        case "function":
            _, schema = catalog.find_function(name)
        case _:
            aws.load_model(name)
            return
    for side in (schema.inputs, schema.outputs):
        list(side.fields)


if __name__ == "__main__":
    main(*sys.argv[1:])
