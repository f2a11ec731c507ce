"""Finding the Pulumi CLI: the places and their order are in the docstring of the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.engine.build import binary_place, cache_folder, go_binary
from sandbox.engine.download import SECONDS, download
from sandbox.engine.found import MINIMUM, NoPulumi, PulumiCli, PulumiRequiredError
from sandbox.engine.gomod import GoError
from sandbox.engine.install import Tools, write_hosts
from sandbox.engine.versions import parse, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOW_TO_BUILD = "`python -m sandbox engine` builds it"
_ANSWER = 300
"""Seconds after which a CLI that does not say its version is taken for one that hangs."""

_ENGINE = "engine"
_BUILT = "built from Pulumi's Go module"
_DOWNLOAD = "the download"
_BUILDING = "the build"


@dataclass
class _Search:
    """One search, with what it tried in vain."""

    environ: Mapping[str, str]
    tools: Tools
    tell: Callable[[str], None]
    build: bool
    retry: bool
    tried: list[str] = field(default_factory=list[str])


def find_pulumi(
    environ: Mapping[str, str] | None = None,
    project: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
    *,
    build: bool = False,
    retry: bool = False,
) -> PulumiCli | NoPulumi:
    """Find the Pulumi CLI, installing it into the project's ``.tools`` when need be.

    Args:
        environ: the environment to read PATH, PULUMI_ARCHIVE, REQUIRE_PULUMI and the settings of
            the cache and of Go from.
        project: the project whose ``.tools`` is used; see ``tools_folder`` for none.
        tell: gets one line for each step that takes longer than a moment.
        build: whether to build the engine where nothing else gives one, which takes minutes.
            ``REQUIRE_PULUMI=1`` means yes. One that was built before is always taken.
        retry: whether to try again what failed a short time ago.

    Raises:
        PulumiRequiredError: there is none, and ``REQUIRE_PULUMI`` is ``1``.
    """
    environ = os.environ if environ is None else environ
    required = environ.get("REQUIRE_PULUMI") == "1"
    tools = Tools(project / ".tools" if project else tools_folder(Path.cwd(), environ))
    search = _Search(environ, tools, tell, build or required, retry)
    found = _on_path(search) or _installed(search)
    if found is None:
        try:
            found = _get(search)
        except OSError as error:
            search.tried.append(f"{tools.folder} cannot be written ({error})")
    if found:
        return found
    missing = NoPulumi("; ".join(dict.fromkeys(search.tried)))
    if required:
        raise PulumiRequiredError(f"{missing} (REQUIRE_PULUMI=1 makes this an error)")
    return missing


def tools_folder(directory: Path, environ: Mapping[str, str]) -> Path:
    """Where a command in a directory has its CLI installed.

    That is ``.tools`` of the repository around it; where there is none, the user's cache: a folder
    that merely is the working directory gets nothing put into it.
    """
    for folder in (directory, *directory.parents):
        if (folder / ".git").exists():
            return folder / ".tools"
    return cache_folder(environ) / "tools"


def _get(search: _Search) -> PulumiCli | None:
    """Install one, or take what another process installed while this one waited."""
    with search.tools.locked():
        return (
            _installed(search)
            or _from_archive(search)
            or _from_download(search)
            or _from_go_module(search)
        )


def _on_path(search: _Search) -> PulumiCli | None:
    executable = shutil.which("pulumi", path=search.environ.get("PATH", ""))
    if executable is None:
        search.tried.append("none on PATH")
        return None
    return _usable(search, Path(executable), "on PATH")


def _installed(search: _Search, source: str = "installed before") -> PulumiCli | None:
    """The one in ``.tools``, but for a build of ours where that of a newer pin can be had."""
    if not search.tools.pulumi.exists():
        search.tried.append(f"none in {search.tools.installed}")
        return None
    built_from = search.tools.built_from
    if built_from is None:
        return _usable(search, search.tools.pulumi, source)
    return None if _newer_pin(search, built_from) else _installed_build(search)


def _newer_pin(search: _Search, built_from: str) -> bool:
    try:
        place = binary_place(_ENGINE, search.environ)
    except GoError:
        return False
    return built_from != place.parent.name and (search.build or place.is_file())


def _installed_build(search: _Search) -> PulumiCli | None:
    """The build of ours in ``.tools``, of whatever pin, with its language hosts as they must be."""
    if search.tools.built_from is None:
        return None
    try:
        write_hosts(search.tools.pulumi.parent)
    except OSError as error:
        search.tried.append(f"language hosts in {search.tools.folder} cannot be written ({error})")
        return None
    return _usable(search, search.tools.pulumi, _BUILT)


def _from_archive(search: _Search) -> PulumiCli | None:
    named = search.environ.get("PULUMI_ARCHIVE")
    if not named:
        return None
    archive = Path(named)
    if not archive.is_file():
        search.tried.append(f"PULUMI_ARCHIVE names no file: {named}")
        return None
    search.tell(f"unpacking the Pulumi CLI from {archive}, once")
    try:
        with search.tools.staging() as staging:
            with tarfile.open(archive) as tar:
                # The data filter refuses everything that would land outside.
                tar.extractall(staging / "unpacked", filter="data")
            installation = staging / "installation"
            installation.mkdir()
            (staging / "unpacked" / "pulumi").rename(installation / "bin")
            search.tools.install(installation)
    except (OSError, tarfile.TarError) as error:
        search.tried.append(f"archive {archive} cannot be unpacked ({error})")
        return None
    return _installed(search, f"unpacked from {archive}")


def _from_download(search: _Search) -> PulumiCli | None:
    if _failed_before(search, _DOWNLOAD):
        return None
    search.tell(f"downloading the Pulumi CLI, once, for at most {SECONDS} s")
    with search.tools.staging() as staging:
        installation = staging / "installation"
        problem = download(installation, search.environ)
        if problem is None:
            search.tools.install(installation)
    search.tools.remember(_DOWNLOAD, problem)
    if problem is None:
        return _installed(search, "downloaded")
    search.tried.append(f"{_DOWNLOAD} failed: {problem}")
    return None


def _from_go_module(search: _Search) -> PulumiCli | None:
    """The engine from its Go module; where it cannot be built, that of an older pin."""
    built = _built(search)
    if built is not None:
        search.tools.install_built(built)
    return _installed_build(search)


def _built(search: _Search) -> Path | None:
    try:
        place = binary_place(_ENGINE, search.environ)
    except GoError as error:
        search.tried.append(str(error))
        return None
    if place.is_file():
        return place
    if not search.build:
        search.tried.append(f"not built from its Go module yet: {HOW_TO_BUILD}")
        return None
    if _failed_before(search, _BUILDING):
        return None
    try:
        built = go_binary(_ENGINE, search.environ, search.tell)
    except GoError as error:
        search.tried.append(str(error))
        search.tools.remember(_BUILDING, str(error))
        return None
    search.tools.remember(_BUILDING, None)
    return built


def _failed_before(search: _Search, what: str) -> bool:
    """Whether something failed a short time ago, so that it is not tried again now."""
    reason = None if search.retry else search.tools.failed(what)
    if reason is not None:
        search.tried.append(reason)
    return reason is not None


def _usable(search: _Search, executable: Path, source: str) -> PulumiCli | None:
    """The CLI, if it runs and is recent enough."""
    try:
        answer = subprocess.run(
            [executable, "version"],
            env={**search.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=_ANSWER,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        search.tried.append(f"{executable} does not run ({error})")
        return None
    version = parse(answer.stdout)
    if version is None or version < MINIMUM:
        search.tried.append(
            f"{executable} has version {answer.stdout.strip()!r}, {text(MINIMUM)} is needed"
        )
        return None
    return PulumiCli(executable, version, source)
