"""The command line: the engine's events in, a report out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from report.events import ReportError, read_events
from report.github import github
from report.junit import junit
from report.positions import read_positions
from report.sarif import sarif

if TYPE_CHECKING:
    from collections.abc import Sequence

_DESCRIPTION: Final = """\
Write what policy packs found as SARIF, JUnit XML or annotations of GitHub Actions.

The input is the engine's event stream, from one of
  PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json --policy-pack DIR
  PULUMI_DEBUG_COMMANDS=true pulumi preview --event-log FILE --policy-pack DIR
  pulumi up --json --policy-pack DIR
  pulumi policy analyze --json --policy-pack DIR --stack STACK
"""


def main(arguments: Sequence[str] | None = None, program: str = "python -m report") -> None:
    """Write a report; a user's mistake is one line on stderr, and exit code 2.

    Args:
        arguments: The command line's, unless given.
        program: How the user called it.
    """
    options = options_of(arguments, program)
    try:
        text = _report(options)
        if options.output:
            options.output.write_text(text, encoding="utf-8")
    except UnicodeDecodeError as error:
        _stop(program, f"the input is no text in UTF-8: {error}")
    except (OSError, ReportError) as error:
        _stop(program, str(error))
    else:
        if not options.output:
            _print(text)


def options_of(
    arguments: Sequence[str] | None = None, program: str = "python -m report"
) -> argparse.Namespace:
    """Return the options of a command line; a wrong one ends the process with a usage message.

    Args:
        arguments: The command line's, unless given.
        program: How the user called it.
    """
    parser = argparse.ArgumentParser(
        prog=program,
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("events", help="file with the event stream; - for standard input")
    parser.add_argument("--format", choices=("sarif", "junit", "github"), default="sarif")
    parser.add_argument("--output", type=Path, help="file to write; standard output unless given")
    parser.add_argument(
        "--positions",
        type=Path,
        metavar="FILE",
        help="output of `pulumi preview --json` or `pulumi stack export`: it tells the lines of"
        " the program that SARIF and annotations point to",
    )
    parser.add_argument(
        "--project",
        default=".",
        metavar="PATH",
        help="the project's directory, relative to the repository's root",
    )
    return parser.parse_args(arguments)


def _print(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; Python would complain of the same once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(program: str, message: str) -> NoReturn:
    sys.stderr.write(f"{program}: {message}\n")
    sys.exit(2)


def _report(options: argparse.Namespace) -> str:
    stream = sys.stdin.read() if options.events == "-" else Path(options.events).read_text("utf-8")
    run = read_events(stream.splitlines())
    if options.format == "junit":
        return junit(run)
    positions = read_positions(options.positions.read_text("utf-8")) if options.positions else {}
    if options.format == "github":
        return github(run, positions, options.project)
    return json.dumps(sarif(run, positions, options.project), indent=2) + "\n"
