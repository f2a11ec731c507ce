"""The command line: ``cloudtrail-guard-policies init`` and ``cloudtrail-guard-policies report``."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.pack_directory import on_path
from cloudtrail_guard_policies.scaffold import ScaffoldError, scaffold

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROGRAM: Final = "cloudtrail-guard-policies"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a user's mistake is one line on stderr, and exit code 2.

    Args:
        arguments: The command line's, unless given.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["report"]:
        on_path()
        # It lies among the pack's modules, which can be imported from here on only.
        from report.cli import main as report  # noqa: PLC0415

        report(given[1:], program=f"{_PROGRAM} report")
        return
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="CloudTrail rules for Pulumi.")
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="write a policy pack into a project")
    init.add_argument("directory", nargs="?", type=Path, default=Path("policypack"))
    init.add_argument("--force", action="store_true", help="renew a pack that is there")
    commands.add_parser("report", help="write what policy packs found as SARIF or JUnit XML")
    options = parser.parse_args(given)
    _init(options.directory, force=options.force)


def _init(directory: Path, *, force: bool) -> None:
    try:
        scaffold(directory, version(_PROGRAM), force=force)
    except (OSError, ScaffoldError) as error:
        sys.stderr.write(f"{_PROGRAM} init: {error}\n")
        sys.exit(2)
    sys.stdout.write(
        f"The policy pack is in {directory}. To judge a program:\n"
        f"  pulumi preview --policy-pack {directory}\n"
    )
