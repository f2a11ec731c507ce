"""A Pulumi CLI and a Go that cost nothing."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOOD = "v3.300.0"

_GO = """\
#!{python} -IS
import json, os, pathlib, sys, time
folder = pathlib.Path({folder!r})
if sys.argv[1:] == ["version"]:
    print("go version", (folder / "release").read_text(), "linux/amd64")
    sys.exit()
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps({{"argv": sys.argv[1:], "environment": dict(os.environ),
                            "folder": os.getcwd(), "id": os.getpid()}}) + "\\n")
target = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
pathlib.Path(os.environ["GOTMPDIR"], "object.a").write_text("half made")
print("go: downloading example.com/one v1.0.0", "example.com/one", "example.com/two",
      sep="\\n", file=sys.stderr, flush=True)
exec((folder / "build").read_text())
"""

SUCCEEDS = f"target.write_text('#!/bin/sh\\necho {GOOD}\\n'); target.chmod(0o755)"
HANGS = "target.write_text('half made'); time.sleep(600)"


def cli(version: str) -> bytes:
    """A Pulumi CLI that knows its version."""
    return f"#!/bin/sh\necho {version}\n".encode()


def put(path: Path, version: str) -> Path:
    """Put a CLI somewhere."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cli(version))
    path.chmod(0o755)
    return path


@dataclass(frozen=True)
class FakeGo:
    """A ``go`` that records what it is asked for, and builds what the test configures.

    Attributes:
        folder: where it keeps that.
        bin: the folder for PATH.
    """

    folder: Path
    bin: Path

    def builds(self, script: str) -> None:
        """Let ``go build`` do this."""
        (self.folder / "build").write_text(script)

    def fails(self, *lines: str) -> None:
        """Let ``go build`` print this and fail."""
        self.builds(f"print({chr(10).join(lines)!r}, file=sys.stderr); sys.exit(1)")

    def is_release(self, release: str) -> None:
        """Let it be this release of Go."""
        (self.folder / "release").write_text(release)

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Arguments, environment, working folder and process id of each ``go build``."""
        calls = self.folder / "calls"
        return (
            [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []
        )


def make_go(folder: Path, path: Path) -> FakeGo:
    """Put a Go that succeeds into a folder of PATH."""
    folder.mkdir(parents=True)
    path.mkdir(parents=True, exist_ok=True)
    executable = path / "go"
    executable.write_text(_GO.format(python=sys.executable, folder=str(folder)))
    executable.chmod(0o755)
    go = FakeGo(folder, path)
    go.is_release("go1.99.1")
    go.builds(SUCCEEDS)
    return go
