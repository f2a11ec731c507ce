"""Answers the engine for programs, policy packs and plugins in Python."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import language_pb2

from sandbox.engine.hosts.children import Command
from sandbox.engine.hosts.host import (
    HostError,
    LanguageHost,
    Program,
    dependency,
    failed_plugin,
    install,
    plugin_directory,
    plugin_environment,
    run_plugin,
    run_program,
)
from sandbox.engine.hosts.python.environment import Environment
from sandbox.engine.hosts.python.policy_pack import PolicyPack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.engine.hosts.host import Installed, Ran

_RUNNER = Path(__file__).with_name("runner.py")
_PACK_RUNNER = Path(__file__).with_name("pack_runner.py")
_PLUGIN_ENVIRONMENT = "venv"
"""The environment of a plugin whose project file names none, relative to it."""


class PythonHost(LanguageHost):
    """Runs Python."""

    language = "python"

    def About(  # noqa: N802, D102
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        try:
            environment = Environment.of(Program.of(request.info))
            executable = str(environment.python)
            return language_pb2.AboutResponse(executable=executable, **environment.ask("about"))
        except HostError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

    def GetRequiredPackages(  # noqa: N802
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """The provider plugins of the SDKs that are installed."""
        try:
            found = Environment.of(Program.of(request.info)).ask("plugins")
        except HostError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        packages = [
            dependency(plugin, plugin["package"].removeprefix("pulumi_").replace("_", "-"))
            for plugin in found
            if plugin.get("resource")
        ]
        return language_pb2.GetRequiredPackagesResponse(packages=packages)

    def GetProgramDependencies(  # noqa: N802, D102
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        try:
            found = Environment.of(Program.of(request.info)).ask("packages")
        except HostError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        dependencies = [language_pb2.DependencyInfo(**package) for package in found]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def InstallDependencies(  # noqa: N802
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[Installed]:
        """Make the environment and install what the program needs."""
        default = _PLUGIN_ENVIRONMENT if request.is_plugin else None
        try:
            environment = Environment.of(Program.of(request.info), default)
            yield from install(environment.installation(), context)
        except HostError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

    def Run(  # noqa: N802
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program."""
        program = Program.of(request.info)
        try:
            environment = Environment.of(program)
            runner = [environment.python, "-u", _RUNNER]
        except HostError as error:
            return language_pb2.RunResponse(error=str(error))
        command = Command(runner, program.directory, environment.variables(os.environ))
        return run_program(command, context, json.dumps(self._run(request, program)).encode())

    def _run(self, request: language_pb2.RunRequest, program: Program) -> dict[str, object]:
        """What the runner reads."""
        return {
            "entry": program.entry,
            "arguments": list(request.args),
            "config": dict(request.config),
            "secret_keys": list(request.configSecretKeys),
            "settings": {
                "project": request.project,
                "stack": request.stack,
                "organization": request.organization,
                "monitor": request.monitor_address,
                "engine": self.engine,
                "parallel": request.parallel,
                "dry_run": request.dryRun,
                "root_directory": str(program.root),
            },
        }

    def RunPlugin(  # noqa: N802
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[Ran]:
        """Run a policy pack, or a plugin with components or a provider."""
        program = Program.of(request.info)
        analyzer = request.kind == "analyzer"
        try:
            environment = Environment.of(program, _PLUGIN_ENVIRONMENT)
            python = environment.python
        except HostError as error:
            yield from failed_plugin(error)
            return
        variables = environment.variables(plugin_environment(request))
        if analyzer:
            engine, *more = request.args
            pack = [python, "-u", _PACK_RUNNER, engine, program.directory, *more]
            yield from PolicyPack(Command(pack, program.directory, variables), context).run()
        else:
            plugin = [python, "-u", program.directory, *request.args]
            yield from run_plugin(Command(plugin, plugin_directory(request), variables), context)

    def Link(  # noqa: N802
        self, request: language_pb2.LinkRequest, context: object
    ) -> language_pb2.LinkResponse:
        """Make generated SDKs requirements of a program."""
        del context
        directory = Program.of(request.info).directory
        names = [link(directory, Path(package.path)) for package in request.packages]
        lines = "\n  ".join(f"import {name}" for name in names)
        return language_pb2.LinkResponse(
            import_instructions=f"You can then import the SDK in your program with:\n\n  {lines}\n"
        )


def link(directory: Path, package: Path) -> str:
    """Require a package in a folder, and return the name by which it is imported."""
    requirements = directory / "requirements.txt"
    text = requirements.read_text(encoding="utf-8") if requirements.exists() else ""
    line = f"./{Path(os.path.relpath(directory / package, directory)).as_posix()}"
    if line not in text.splitlines():
        start = f"{text.rstrip()}\n" if text.strip() else ""
        requirements.write_text(f"{start}{line}\n", encoding="utf-8")
    [plugin] = (directory / package).glob("*/pulumi-plugin.json")
    return plugin.parent.name
