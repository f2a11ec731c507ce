"""``python -m sandbox.engine.hosts.yaml ENGINE_ADDRESS``: the published host, built with Go."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from sandbox.engine.build import binary_place, go_binary
from sandbox.engine.gomod import GoError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE = "yaml"
_BUILD = "python -m sandbox.engine.hosts.yaml --build"


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the host, which takes the same arguments; or build it.

    The engine waits ten seconds for a host and a build takes minutes. So the engine never builds
    one: the line that it shows says how to.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(description="The language host for YAML.")
    parser.add_argument("--build", action="store_true", help="build it, once for all your projects")
    try:
        if parser.parse_known_args(arguments)[0].build:
            go_binary(_MODULE, say=_say)
            return
        host = binary_place(_MODULE)
    except GoError as error:
        sys.exit(f"programs in YAML cannot be run: {error}")
    if not host.is_file():
        sys.exit(f"programs in YAML need a host that is built once, in minutes: run `{_BUILD}`")
    os.execv(host, [str(host), *arguments])  # noqa: S606 (a program of our own)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
