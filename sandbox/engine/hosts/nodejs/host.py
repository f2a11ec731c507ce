"""Answers the engine for programs in TypeScript and JavaScript.

The options of the runtime ``nodejs``: ``typescript`` (true when not given) and ``nodeargs``,
arguments for Node itself. Packages are installed with npm.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
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
    on_path,
    run_program,
)
from sandbox.engine.hosts.nodejs import packages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.engine.hosts.host import Installed, Ran

_RUN = "@pulumi/pulumi/cmd/run"
"""The program of Pulumi's SDK that runs a program."""


class NodeHost(LanguageHost):
    """Runs Node."""

    language = "nodejs"

    def About(  # noqa: N802, D102
        self, request: language_pb2.AboutRequest, context: grpc.ServicerContext
    ) -> language_pb2.AboutResponse:
        del request
        try:
            node = on_path("node")
        except HostError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        return language_pb2.AboutResponse(executable=str(node), version=version.stdout.strip())

    def GetRequiredPackages(  # noqa: N802
        self, request: language_pb2.GetRequiredPackagesRequest, context: object
    ) -> language_pb2.GetRequiredPackagesResponse:
        """The provider plugins of the SDKs that are installed."""
        del context
        found = packages.installed(Program.of(request.info).directory)
        needed = [
            dependency(
                package.plugin | {"version": package.plugin.get("version") or package.version},
                package.name.removeprefix("@pulumi/"),
            )
            for package in found
            if package.plugin
        ]
        return language_pb2.GetRequiredPackagesResponse(packages=needed)

    def GetProgramDependencies(  # noqa: N802, D102
        self, request: language_pb2.GetProgramDependenciesRequest, context: object
    ) -> language_pb2.GetProgramDependenciesResponse:
        del context
        directory = Program.of(request.info).directory
        wanted = packages.direct(directory)
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=package.name, version=package.version)
                for package in packages.installed(directory)
                if request.transitiveDependencies or package.name in wanted
            ]
        )

    def InstallDependencies(  # noqa: N802
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[Installed]:
        """Install what ``package.json`` asks for."""
        try:
            npm = [on_path("npm"), "install", "--loglevel=error"]
            command = Command(npm, Program.of(request.info).directory, os.environ)
            yield from install([command], context)
        except HostError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

    def Run(  # noqa: N802
        self, request: language_pb2.RunRequest, context: grpc.ServicerContext
    ) -> language_pb2.RunResponse:
        """Run a program."""
        program = Program.of(request.info)
        try:
            arguments = [
                on_path("node"),
                *shlex.split(program.option("nodeargs") or ""),
                _sdk(program),
                f"--monitor={request.monitor_address}",
                f"--engine={self.engine}",
                f"--project={request.project}",
                f"--stack={request.stack}",
                f"--organization={request.organization}",
                f"--root-directory={program.root}",
                f"--pwd={program.directory}",
                f"--parallel={request.parallel}",
                *(["--dry-run"] if request.dryRun else []),
                program.entry,
                *request.args,
            ]
        except HostError as error:
            return language_pb2.RunResponse(error=str(error))
        typescript = program.options.get("typescript", True)
        environment = {
            **os.environ,
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
            "PULUMI_NODEJS_TYPESCRIPT": "true" if typescript else "false",
        }
        return run_program(Command(arguments, program.directory, environment), context)

    def RunPlugin(self, request: language_pb2.RunPluginRequest, context: object) -> Iterator[Ran]:  # noqa: N802
        """Refuse: programs alone are run."""
        del context
        error = f"the sandbox's language host for Node runs no plugins ({request.name})"
        yield from failed_plugin(HostError(error))

    def Link(  # noqa: N802
        self, request: language_pb2.LinkRequest, context: object
    ) -> language_pb2.LinkResponse:
        """Make generated SDKs dependencies of a program."""
        del context
        directory = Program.of(request.info).directory
        names = [packages.link(directory, Path(package.path)) for package in request.packages]
        lines = [f'import * as {_identifier(name)} from "{name}";' for name in names]
        return language_pb2.LinkResponse(
            import_instructions="You can then import the SDK in your program with:\n\n  "
            + "\n  ".join(lines)
        )


def _sdk(program: Program) -> Path:
    found = packages.resolve(program.directory, _RUN)
    if found is None:
        raise HostError(
            f"@pulumi/pulumi is not installed in {program.directory}: run `pulumi install` there"
        )
    return found


def _identifier(package: str) -> str:
    """A package's name as one in TypeScript: ``@pulumi/cloudtrail-guard`` is cloudtrailGuard."""
    first, *more = package.rpartition("/")[2].split("-")
    return first + "".join(word.capitalize() for word in more)
