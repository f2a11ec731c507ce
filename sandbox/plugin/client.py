"""`client.py SOCKET [ENGINE]`: the process that the engine starts and stops as its plugin.

It asks the fork server for a plugin that has its environment, folder and output, and ends with it.
Where there is no fork server it becomes the plugin itself. Needs Python's standard library alone.
"""

from __future__ import annotations

import json
import os
import socket
import sys


def main(address: str, *arguments: str) -> None:
    """Be a plugin."""
    with socket.socket(socket.AF_UNIX) as server:
        try:
            server.connect(address)
        except OSError:
            plugin = [sys.executable, "-P", "-m", "sandbox.plugin", *arguments]
            os.execv(plugin[0], plugin)  # noqa: S606 - no shell is wanted
        call = {"arguments": arguments, "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 - pathlib takes long to import
        socket.send_fds(server, [b"\0"], [sys.stdout.fileno(), sys.stderr.fileno()])
        server.sendall(json.dumps(call).encode() + b"\n")
        server.recv(1)  # until the plugin ends


if __name__ == "__main__":
    main(*sys.argv[1:])
