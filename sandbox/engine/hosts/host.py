"""What the hosts of all languages have in common."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from sandbox.engine.hosts.children import Child, signal_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sandbox.engine.hosts.children import Command, Output

Installed: TypeAlias = language_pb2.InstallDependenciesResponse
Ran: TypeAlias = language_pb2.RunPluginResponse

BAIL = 32
"""The exit code of a program whose error was shown already."""


class HostError(Exception):
    """What was asked for cannot be done; the message is for the user."""


@dataclass(frozen=True)
class Program:
    """A program, pack or plugin: where it is and how its project file wants it run.

    Attributes:
        root: the folder of the project file.
        directory: the folder of the program.
        entry: what to run in it, relative to it; often ``.``.
        options: ``runtime.options`` of the project file.
    """

    root: Path
    directory: Path
    entry: str
    options: Mapping[str, object]

    @classmethod
    def of(cls, info: language_pb2.ProgramInfo) -> Program:
        """The program that the engine names."""
        root = Path(info.root_directory or info.program_directory)
        options = cast("Mapping[str, object]", dict(info.options.items()))
        return cls(root, Path(info.program_directory or root), info.entry_point or ".", options)

    def option(self, name: str) -> str | None:
        """A text option, or ``None`` where it is not set.

        Raises:
            HostError: it is no text.
        """
        value = self.options.get(name)
        if value is None or isinstance(value, str):
            return value or None
        raise HostError(f"runtime option `{name}` must be text, got {value!r}")


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Answers what is the same for each language."""

    language: str
    """The language's name in project files and in the generator of SDKs."""

    def __init__(self, engine: str) -> None:
        """Keep the engine's address."""
        self.engine = engine

    def Handshake(self, request: object, context: object) -> language_pb2.LanguageHandshakeResponse:  # noqa: N802, D102
        del request, context
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: object, context: object) -> plugin_pb2.PluginInfo:  # noqa: N802, D102
        del request, context
        return plugin_pb2.PluginInfo()

    def Cancel(self, request: object, context: object) -> empty_pb2.Empty:  # noqa: N802, D102
        del request, context
        return empty_pb2.Empty()

    def RuntimeOptionsPrompts(  # noqa: N802, D102
        self, request: object, context: object
    ) -> language_pb2.RuntimeOptionsResponse:
        del request, context
        return language_pb2.RuntimeOptionsResponse()

    def Template(self, request: object, context: object) -> language_pb2.TemplateResponse:  # noqa: N802, D102
        del request, context
        return language_pb2.TemplateResponse()

    def GeneratePackage(  # noqa: N802
        self, request: language_pb2.GeneratePackageRequest, context: grpc.ServicerContext
    ) -> language_pb2.GeneratePackageResponse:
        """Generate an SDK with Pulumi's own generator, a Go program."""
        # Needed by this call alone, and every start of a host counts.
        from sandbox.engine.build import go_binary  # noqa: PLC0415
        from sandbox.engine.gomod import GoError  # noqa: PLC0415

        try:
            generator = go_binary("codegen", say=_say)
        except GoError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"no SDK can be generated: {error}")
        done = subprocess.run(
            [generator, self.language],
            input=request.SerializeToString(),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            context.abort(grpc.StatusCode.INTERNAL, done.stderr.decode(errors="replace").strip())
        return language_pb2.GeneratePackageResponse.FromString(done.stdout)


def dependency(plugin: Mapping[str, Any], name: str) -> plugin_pb2.PackageDependency:
    """The provider plugin that an installed package needs.

    Args:
        plugin: what the package says of it: ``pulumi-plugin.json``, or ``pulumi`` in
            ``package.json``.
        name: the plugin's name, unless the package says another.
    """
    found = plugin_pb2.PackageDependency(
        name=plugin.get("name") or name,
        kind="resource",
        version=_version(plugin.get("version") or ""),
        server=plugin.get("server", ""),
    )
    if parameters := plugin.get("parameterization"):
        found.parameterization.name = parameters["name"]
        found.parameterization.version = _version(parameters["version"])
        found.parameterization.value = b64decode(parameters["value"])
    return found


def _version(text: str) -> str:
    return f"v{text.removeprefix('v')}" if text else ""


def on_path(*names: str) -> Path:
    """The first of these programs that is on PATH.

    Raises:
        HostError: none is.
    """
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    raise HostError(f"{' or '.join(names)} is not on PATH")


def run_program(
    command: Command, context: grpc.ServicerContext, stdin: bytes = b""
) -> language_pb2.RunResponse:
    """Run a program to its end; its output goes to the user."""
    try:
        child = Child(command, context, captured=False)
    except OSError as error:
        return language_pb2.RunResponse(error=f"{command.arguments[0]}: {error.strerror}")
    child.send(stdin)
    code = child.wait()
    if code == 0:
        return language_pb2.RunResponse()
    if code == BAIL:
        return language_pb2.RunResponse(bail=True)
    ended = str(code) if code > 0 else f"-1 (killed by {signal_name(code)})"
    return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {ended}")


def run_plugin(command: Command, context: grpc.ServicerContext) -> Iterator[Ran]:
    """Run a plugin to its end, with its output and its exit code as the answers."""
    child = Child(command, context)
    child.send(b"")
    for written in child.output():
        yield plugin_output(written)
    yield language_pb2.RunPluginResponse(exitcode=child.wait())


def plugin_output(written: Output) -> Ran:
    """The answer for what a plugin wrote."""
    if written.stream == "stdout":
        return language_pb2.RunPluginResponse(stdout=written.data)
    return language_pb2.RunPluginResponse(stderr=written.data)


def failed_plugin(error: Exception) -> Iterator[Ran]:
    """The answers for a plugin that cannot be started."""
    yield language_pb2.RunPluginResponse(stderr=f"{error}\n".encode())
    yield language_pb2.RunPluginResponse(exitcode=1)


def plugin_environment(request: language_pb2.RunPluginRequest) -> dict[str, str]:
    """The environment that the engine wants for a plugin; of a name given twice, the last."""
    given = (item.partition("=") for item in request.env)
    return {**os.environ, **{name: value for name, _, value in given}}


def plugin_directory(request: language_pb2.RunPluginRequest) -> Path:
    """Where a plugin runs."""
    return Path(request.pwd or ".").absolute()


def install(commands: Sequence[Command], context: grpc.ServicerContext) -> Iterator[Installed]:
    """Run one command after the other, with their output as the answers.

    Raises:
        HostError: one of them failed.
    """
    for command in commands:
        child = Child(command, context)
        child.send(b"")
        for written in child.output():
            if written.stream == "stdout":
                yield language_pb2.InstallDependenciesResponse(stdout=written.data)
            else:
                yield language_pb2.InstallDependenciesResponse(stderr=written.data)
        if code := child.wait():
            shown = " ".join(str(argument) for argument in command.arguments)
            raise HostError(f"`{shown}` failed with exit code {code}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
