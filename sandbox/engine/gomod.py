"""What a Go module of ours says about itself, and the Go that is to build it."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.engine.versions import parse, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.engine.versions import Version

MODULES = Path(__file__).parent / "go"

_GO_SETTINGS = frozenset(
    {
        *("GOAUTH", "GOCACHE", "GODEBUG", "GOENV", "GOGC", "GOINSECURE", "GOMAXPROCS"),
        *("GOMEMLIMIT", "GOMODCACHE", "GONOPROXY", "GONOSUMDB", "GOPATH", "GOPRIVATE"),
        *("GOPROXY", "GOROOT", "GOSUMDB", "GOVCS"),
    }
)
"""Settings of the caller that say where modules come from and go to; none that change a binary."""

_REQUIREMENT = re.compile(r"^(?:require )?\s*(\S+) (v\S+?)(?: // indirect)?$", re.MULTILINE)


class GoError(Exception):
    """A Go binary cannot be had; the message is one line."""


@dataclass(frozen=True)
class GoModule:
    """A folder with a go.mod from which one binary is built.

    Attributes:
        folder: the folder.
        package: the package to build: that of the ``tool`` line, else the module's own.
        binary: the name of the binary.
        version: the version of what is built: of the tool's module, else of the first module that
            is required directly.
        minimum: the oldest Go that builds it.
    """

    folder: Path
    package: str
    binary: str
    version: str
    minimum: Version

    @property
    def title(self) -> str:
        """What is built, for people."""
        return f"{self.binary} {self.version}"

    @property
    def flags(self) -> list[str]:
        """What ``go build`` needs besides the package."""
        linker = "-s -w"
        if "github.com/pulumi/pulumi/" in self.package:
            # Without it `pulumi version` prints an empty line.
            variable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
            linker += f" -X {variable}={self.version}"
        return ["-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", linker]


@dataclass(frozen=True)
class Go:
    """A Go that was found.

    Attributes:
        path: the executable.
        release: its release as it names it, such as ``go1.26.8``.
    """

    path: Path
    release: str


def read_module(folder: Path) -> GoModule:
    """Read a module's go.mod."""
    content = (folder / "go.mod").read_text(encoding="utf-8")
    tool = re.search(r"^tool (\S+)$", content, re.MULTILINE)
    minimum = re.search(r"^go (\S+)$", content, re.MULTILINE)
    required = _REQUIREMENT.findall(content.partition("require")[2])
    package = tool[1] if tool else "."
    of_tool = [found for found in required if package.startswith(f"{found[0]}/")]
    version = max(of_tool)[1] if of_tool else next((one[1] for one in required), "v0.0.0")
    return GoModule(
        folder=folder,
        package=package,
        binary=package.rpartition("/")[2] if tool else folder.name,
        version=version,
        minimum=(parse(minimum[1]) if minimum else None) or (0, 0, 0),
    )


def find_go(environ: Mapping[str, str], minimum: Version) -> Go:
    """Find a Go that is new enough.

    Raises:
        GoError: there is none on PATH, or it is too old.
    """
    path = shutil.which("go", path=environ.get("PATH", ""))
    if path is None:
        raise GoError(f"no Go on PATH, {text(minimum)} or newer is needed to build it")
    try:
        done = subprocess.run(
            [path, "version"],
            # A search leaves nothing in the user's settings, where Go counts how often it runs.
            env=go_environment(environ) | {"XDG_CONFIG_HOME": os.devnull},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise GoError(f"{path} does not run ({error})") from None
    release = re.search(r"\bgo\d\S*", done.stdout)
    version = parse(release[0]) if release else None
    if release is None or version is None or version < minimum:
        name = release[0] if release else done.stdout.strip()
        raise GoError(f"{path} is {name!r}, Go {text(minimum)} or newer is needed to build it")
    return Go(Path(path), release[0])


def go_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for Go: the caller's, without what would make another binary of it."""
    kept = {
        name: value
        for name, value in environ.items()
        if not name.startswith(("GO", "CGO_")) or name in _GO_SETTINGS
    }
    # An empty GOFLAGS would be replaced by what `go env -w` has set.
    own = {"GOTOOLCHAIN": "local", "GOFLAGS": "-mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
    return kept | own


def build_name(module: GoModule, go: Go) -> str:
    """The name of the cache folder for what this Go makes of this module as it stands."""
    digest = hashlib.sha256(go.release.encode())
    for file in sorted(module.folder.rglob("*")):
        if file.suffix in {".go", ".mod", ".sum"}:
            digest.update(f"\0{file.relative_to(module.folder)}\0".encode())
            digest.update(file.read_bytes())
    return f"{module.version}-{host_platform()}-{digest.hexdigest()[:16]}"


def host_platform() -> str:
    """Operating system and processor, as the official archives name them."""
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}
    machine = platform.machine().lower()
    return f"{platform.system().lower()}-{processor.get(machine, machine)}"
