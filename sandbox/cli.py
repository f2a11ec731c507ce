"""The command line: ``python -m sandbox exec -- COMMAND …`` and what explains it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from sandbox import DEFAULT_REGION, processes
from sandbox.engine.found import NoPulumi, PulumiRequiredError
from sandbox.engine.search import find_pulumi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.engine.found import PulumiCli
    from sandbox.session import Sandbox

# The sandbox is imported where it is used: moto takes a second, which help need not wait for.

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
"""The exit codes of a shell for a command that is missing, and for one that cannot be started."""

_EXEC_HELP = """\
Run COMMAND in an AWS organization of its own, and exit with its exit code.

\b
python -m sandbox exec -- aws s3 ls
python -m sandbox exec -- pulumi up --stack security
python -m sandbox exec -- bash

COMMAND runs in the current directory. The organization and all files of the sandbox are deleted
when COMMAND ends. Several sandboxes can run at the same time without seeing each other.

AWS PROFILES: management (the default), security, workload. Each one assumes an administrator role
in the account of that name.

\b
ENVIRONMENT VARIABLES for scripts:
  SANDBOX_ORGANIZATION_ID         o-...
  SANDBOX_ROOT_ID                 r-...
  SANDBOX_MANAGEMENT_ACCOUNT_ID   the account that manages the organization
  SANDBOX_SECURITY_ACCOUNT_ID     the account for logs and keys
  SANDBOX_WORKLOAD_ACCOUNT_ID     a member account in the Workloads OU
  SANDBOX_WORKLOADS_OU_ID         ou-...

\b
Also set: AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_ENDPOINT_URL, AWS_REGION,
  PULUMI_HOME (with the sandbox's aws plugin), PULUMI_BACKEND_URL (local files),
  PULUMI_CONFIG_PASSPHRASE. PATH starts with the Pulumi CLI that was found and this Python.
  COMMAND does not see your own AWS_* and PULUMI_* variables.

The aws plugin serves programs with any 7.x version of the aws SDK.

EXIT CODE: that of COMMAND; 128 + n if signal n ended COMMAND; 127 if COMMAND was not found.
"""


app = typer.Typer(
    help="AWS on a laptop: a moto organization, and an `aws` Pulumi plugin over it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command("exec", help=_EXEC_HELP, context_settings={"allow_interspersed_args": False})
def execute(
    command: Annotated[list[str], typer.Argument(help="The program and its arguments.")],
    region: Annotated[str, typer.Option(help="The region of the profiles.")] = DEFAULT_REGION,
) -> None:
    """Run a command in a sandbox."""
    pulumi = find_engine()
    if isinstance(pulumi, NoPulumi):
        _say(str(pulumi))
    raise typer.Exit(run_in_sandbox(command, region, pulumi))


@app.command()
def patches() -> None:
    """List where the sandbox departs from moto, and what is still not as in AWS."""
    from sandbox.aws.patches import REGISTRY  # noqa: PLC0415 (see above)

    table = Table(show_lines=True)
    table.add_column("service", no_wrap=True)
    for title in ("operations", "why", "limits"):
        table.add_column(title, overflow="fold")
    for patch in sorted(REGISTRY.patches, key=lambda patch: patch.service):
        operations = "all" if "*" in patch.actions else ", ".join(patch.actions)
        table.add_row(patch.service, operations, patch.reason, patch.limit)
    Console().print(table)


@app.command()
def deliver(
    hours: Annotated[int, typer.Option(help="How far CloudTrail's clock is moved on.")] = 0,
) -> None:
    """In a sandbox: let CloudTrail deliver the logs of all calls, and the digests of the hours.

    CloudTrail's clock is two days behind the real one until it is moved on.
    """
    from sandbox.deliver import DeliveryError, deliver  # noqa: PLC0415 (see above)

    try:
        delivered = deliver(hours)
    except DeliveryError as error:
        raise typer.BadParameter(str(error)) from None
    table = Table(box=None, pad_edge=False)
    for title in ("trail", "bucket", "log files", "digests", "error"):
        table.add_column(title, overflow="fold")
    for trail in delivered["trails"]:
        counts = (str(len(trail[name])) for name in ("logFiles", "digests"))
        table.add_row(trail["arn"], trail["bucket"], *counts, trail["error"])
    console = Console()
    console.print(table)
    console.print(f"CloudTrail's clock: {delivered['clock']}", highlight=False)


@app.command()
def engine(
    *,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try again at once what failed a short time ago.")
    ] = False,
) -> None:
    """Print which Pulumi engine is used, downloading or building one where there is none.

    Looks at: pulumi on PATH; .tools/pulumi of the repository around the working directory (outside
    of one, of the user's cache); the archive that PULUMI_ARCHIVE names; the official download;
    Pulumi's published Go module, where Go is new enough. A build takes minutes, once for all your
    projects.
    """
    with processes.exiting_on_signals():
        found = find_engine(build=True, retry=retry)
    typer.echo(str(found))
    raise typer.Exit(1 if isinstance(found, NoPulumi) else 0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    app(arguments)


def find_engine(*, build: bool = False, retry: bool = False) -> PulumiCli | NoPulumi:
    """The Pulumi CLI; one that is required and cannot be had ends the command with one line."""
    try:
        return find_pulumi(tell=_say, build=build, retry=retry)
    except PulumiRequiredError as error:
        _say(str(error))
        raise typer.Exit(1) from None


def run_in_sandbox(command: list[str], region: str, pulumi: PulumiCli | NoPulumi) -> int:
    """Run a command in a sandbox of its own, and return its exit code."""
    from sandbox.session import Sandbox, UnknownRegionError  # noqa: PLC0415 (see above)

    # On a terminal only: a file and a pipe get the command's lines alone.
    starting = Console(stderr=True).status("starting AWS on this machine ...")
    try:
        with processes.exiting_on_signals(), ExitStack() as running:
            with starting:
                sandbox = running.enter_context(Sandbox(region=region, pulumi=pulumi))
            return _run(command, sandbox)
    except UnknownRegionError as error:
        raise typer.BadParameter(str(error)) from None


def _run(command: list[str], sandbox: Sandbox) -> int:
    program = shutil.which(command[0], path=sandbox.environment["PATH"])
    if program is None:
        _say(f"command not found: {command[0]}")
        return _NOT_FOUND
    try:
        return processes.run([program, *command[1:]], sandbox.environment)
    except OSError as error:
        _say(f"cannot run {command[0]}: {error.strerror}")
        return _NOT_EXECUTABLE


def _say(line: str) -> None:
    typer.echo(f"sandbox: {line}", err=True)
