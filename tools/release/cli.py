"""The command line of a release."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from release.archives import pack_archive, plugin_archives
from release.notes import notes
from release.versions import ReleaseError, check_tag, version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT: Final = Path(__file__).resolve().parents[2]
_PROGRAM: Final = "python -m release"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a user's mistake is one line on stderr, and exit code 2.

    Args:
        arguments: The command line's, unless given.
    """
    options = _parser().parse_args(arguments)
    try:
        version = version_of(CHECKOUT)
        if options.command == "notes":
            check_tag(options.tag, version)
            sys.stdout.write(notes((CHECKOUT / "CHANGELOG.md").read_text("utf-8"), version))
        else:
            options.directory.mkdir(parents=True, exist_ok=True)
            written = [
                *plugin_archives(CHECKOUT, version, options.directory),
                pack_archive(CHECKOUT, version, options.directory),
            ]
            sys.stdout.write("".join(f"{archive}\n" for archive in written))
    except (OSError, ReleaseError) as error:
        sys.stderr.write(f"{_PROGRAM}: {error}\n")
        sys.exit(2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="Make what a release is made of.")
    commands = parser.add_subparsers(dest="command", required=True)
    archives = commands.add_parser("archives", help="write the plugin's and the pack's archives")
    archives.add_argument("directory", nargs="?", type=Path, default=Path("dist"))
    noted = commands.add_parser("notes", help="print a release's notes, out of CHANGELOG.md")
    noted.add_argument("tag", help="the release's tag, such as v0.2.0")
    return parser
