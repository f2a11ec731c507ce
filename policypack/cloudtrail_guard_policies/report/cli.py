"""The command line: the engine's events in, a report out."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from cloudtrail_guard_policies.report.events import ReportError, read_events
from cloudtrail_guard_policies.report.github import github
from cloudtrail_guard_policies.report.junit import junit
from cloudtrail_guard_policies.report.positions import read_positions
from cloudtrail_guard_policies.report.sarif import sarif
from cloudtrail_guard_policies.report.yaml_program import with_yaml_program

_HELP: Final = """\
Write what policy packs found as SARIF, JUnit XML or annotations of GitHub Actions.

\b
The input is the engine's event stream, from one of
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --policy-pack DIR
  PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE --policy-pack DIR
  pulumi up --json --policy-pack DIR
  pulumi policy analyze --json --policy-pack DIR --stack STACK
"""


class Format(StrEnum):
    """What a report can be written as."""

    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


def report(  # noqa: PLR0913 - the options of a command
    context: typer.Context,
    events: Annotated[
        str, typer.Argument(help="File with the event stream; - for standard input.")
    ],
    *,
    report_format: Annotated[
        Format, typer.Option("--format", help="What to write.")
    ] = Format.SARIF,
    output: Annotated[
        Path | None, typer.Option(help="File to write; standard output unless given.")
    ] = None,
    positions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Output of `pulumi preview --json` or `pulumi stack export`: it has the lines of"
            " the program that SARIF and annotations point to.",
        ),
    ] = None,
    project: Annotated[
        str,
        typer.Option(
            metavar="PATH", help="The project's directory, relative to the repository's root."
        ),
    ] = ".",
) -> None:
    """Write a report; a user's mistake is one line on stderr, and exit code 2."""
    try:
        text = _report(events, report_format, positions, project)
        if output:
            output.write_text(text, encoding="utf-8")
    except UnicodeDecodeError as error:
        _stop(context, f"the input is no text in UTF-8: {error}")
    except (OSError, ReportError) as error:
        _stop(context, str(error))
    if not output:
        _print(text)


def add_to(application: typer.Typer) -> None:
    """Add the command ``report`` to a command line."""
    application.command("report", help=_HELP)(report)


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
add_to(app)


def main() -> None:
    """Run the command as ``python -m cloudtrail_guard_policies.report``."""
    app(prog_name="python -m cloudtrail_guard_policies.report")


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; Python would complain of the same once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(context: typer.Context, message: str) -> NoReturn:
    typer.echo(f"{context.command_path}: {message}", err=True)
    raise typer.Exit(2)


def _directory(project: str) -> Path:
    """Return the project's directory, whether the command runs above it or in it."""
    below = Path(project)
    return below if (below / "Pulumi.yaml").is_file() else Path()


def _report(events: str, report_format: Format, positions: Path | None, project: str) -> str:
    stream = sys.stdin.read() if events == "-" else Path(events).read_text("utf-8")
    run = read_events(stream.splitlines())
    if report_format is Format.JUNIT:
        return junit(run)
    lines = read_positions(positions.read_text("utf-8")) if positions else {}
    lines = with_yaml_program(lines, (each.urn for each in run.findings), _directory(project))
    if report_format is Format.GITHUB:
        return github(run, lines, project)
    return json.dumps(sarif(run, lines, project), indent=2) + "\n"
