"""The commands, each loaded only when it runs: help must not wait for the AWS SDK.

A new command is a row of `COMMANDS`, and a Typer application somewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes:
        application: module and attribute of its Typer application, ``module:attribute``.
        help: what the list of commands says of it.
        group: the dependency group of pyproject.toml that it needs; empty for none.
    """

    application: str
    help: str
    group: str = ""

    def load(self, name: str) -> Any:  # noqa: ANN401 - typer does not export the type of a command
        """The command itself; one whose packages are not installed ends with what to install."""
        module, attribute = self.application.split(":")
        try:
            application = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            install = f"`uv sync --group {self.group}`" if self.group else "`uv sync`"
            typer.echo(
                f"cloudtrail-guard {name}: the Python package {error.name!r} is not installed: "
                f"run {install}, or `make setup`",
                err=True,
            )
            raise typer.Exit(1) from None
        loaded = typer.main.get_command(application)
        loaded.name = name
        return loaded


COMMANDS: Final = {
    "demo": Command(
        "demo.command:app",
        "Deploy both stacks into a sandbox, read them back and attack them.",
        "sandbox",
    ),
    "integrity": Command(
        "integrity.command:app",
        "Verify that delivered logs are intact, in all accounts and regions.",
        "integrity",
    ),
    "posture": Command(
        "posture.command:app",
        "Show what AWS holds against what was meant, as a page.",
        "posture",
    ),
    "adopt": Command(
        "adoption.command:app", "Bring a trail, bucket, key and policies that exist under a stack."
    ),
    "report": Command(
        "cloudtrail_guard_policies.report.cli:app",
        "Write what policy packs found as SARIF, JUnit XML or GitHub annotations.",
    ),
    "sandbox": Command(
        "sandbox.cli:app", "Run a command in an AWS organization on this machine.", "sandbox"
    ),
}


class _Commands(TyperGroup):
    """The group of `COMMANDS`.

    Typed loosely where typer has its own copy of click and does not export it.
    """

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002
        """The commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002
        """One command, or None."""
        command = COMMANDS.get(cmd_name)
        return command and command.load(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in COMMANDS.items()])


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def cloudtrail_guard() -> None:
    """Set up and protect AWS CloudTrail, and verify its logs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command."""
    app(arguments, prog_name="cloudtrail-guard")
