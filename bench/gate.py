"""Whether a change makes what users wait for slower: this checkout beside the merge base.

``python bench/gate.py [--base main]`` sets both up, runs each command of both in turn within each
round, and compares the medians of the CPU seconds of all processes: wall times on a machine that
does other work say nothing. Prints a table in Markdown; the exit code is 1 where a command became
slower by more than a tenth and every run of it was slower than the median before. ``--record``
appends the ratios to ``bench/history.json``, which `docs/speed.md` draws; the base must then be the
revision of the last entry.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cpu import tree_seconds

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

CHECKOUT: Final = Path(__file__).resolve().parents[1]
HISTORY: Final = CHECKOUT / "bench/history.json"
SLOWER: Final = 1.10

CASES: Final[Mapping[str, Sequence[str]]] = {
    "imports of the program": (
        "-c",
        "from stacks import management, security, standalone, workload",
    ),
    "imports of the policy pack": ("-c", "import cloudtrail_guard_policies.rules"),
    "help of the commands": ("-m", "command_line", "--help"),
    "a sandbox, start to end": ("-m", "sandbox", "exec", "--", "true"),
    "the demo, in-process": ("-m", "demo", "--in-process", "--report", os.devnull),
}
"""What is run with the interpreter of a checkout, in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """CPU seconds of a command, in the order of the rounds.

    Attributes:
        before: at the base; empty where the base does not have the command.
        now: in this checkout.
    """

    before: Sequence[float]
    now: Sequence[float]

    @property
    def ratio(self) -> float | None:
        """The medians' ratio, now over before."""
        if not self.before:
            return None
        return statistics.median(self.now) / statistics.median(self.before)

    @property
    def is_slower(self) -> bool:
        """Whether it is slower beyond doubt: noise does not make the fastest run slower, too."""
        ratio = self.ratio
        return ratio is not None and (
            ratio > SLOWER and min(self.now) > statistics.median(self.before)
        )


def main() -> None:
    """Compare, print, and exit with 1 where something is slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="main", help="compare with the merge base with this")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--record", action="store_true", help="append to bench/history.json")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("argument --rounds: must be at least 1")
    base = _git("merge-base", "HEAD", asked.base)
    if asked.record and base != _git("rev-parse", _recorded()["revision"]):
        parser.error("argument --record: the base must be the revision of the last entry")
    with _checked_out(base) as before:
        found = {
            name: _compare(arguments, before, asked.rounds) for name, arguments in CASES.items()
        }
    print(_table(base, found))
    if asked.record:
        _record(base, found)
    sys.exit(1 if any(each.is_slower for each in found.values()) else 0)


def _compare(arguments: Sequence[str], before: Path, rounds: int) -> Comparison:
    """Run one command of both in turn; the first run of each, which compiles, does not count."""
    checkouts = {"before": before, "now": CHECKOUT}
    has = subprocess.run(
        [before / ".venv/bin/python", *arguments], cwd=before, capture_output=True, check=False
    )
    if has.returncode:
        del checkouts["before"]
    seconds: dict[str, list[float]] = {"before": [], "now": []}
    for turn in range(rounds + 1):
        names = list(checkouts) if turn % 2 else list(reversed(checkouts))
        for name in names:
            place = checkouts[name]
            command = [str(place / ".venv/bin/python"), "-W", "ignore", *arguments]
            used = tree_seconds(command, place, _environment())
            if turn:
                seconds[name].append(used)
    return Comparison(**seconds)


def _environment() -> dict[str, str]:
    """Without what keeps Python from reading what it has compiled."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _table(base: str, found: Mapping[str, Comparison]) -> str:
    lines = [
        f"CPU seconds of all processes, medians; before is `{base[:12]}`.",
        "",
        "| | before | now | ratio |",
        "|---|---|---|---|",
    ]
    for name, each in found.items():
        now = f"{statistics.median(each.now):.2f}"
        if each.ratio is None:
            lines.append(f"| {name} | not there | {now} | |")
        else:
            slower = " **slower**" if each.is_slower else ""
            before = f"{statistics.median(each.before):.2f}"
            lines.append(f"| {name} | {before} | {now} | {each.ratio:.2f}{slower} |")
    return "\n".join(lines)


def _recorded() -> Mapping[str, str]:
    return json.loads(HISTORY.read_text(encoding="utf-8"))[-1]


def _record(base: str, found: Mapping[str, Comparison]) -> None:
    entries = json.loads(HISTORY.read_text(encoding="utf-8"))
    entries.append(
        {
            "date": datetime.now(UTC).date().isoformat(),
            "revision": _git("rev-parse", "--short=12", "HEAD"),
            "base": base[:12],
            "ratios": {name: round(each.ratio, 3) for name, each in found.items() if each.ratio},
        }
    )
    HISTORY.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


@contextmanager
def _checked_out(revision: str) -> Generator[Path]:
    """A revision in a folder of its own, with its environment."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory) / "before"
        _git("worktree", "add", "--detach", "--quiet", str(place), revision)
        try:
            if (tools := CHECKOUT / ".tools").is_dir():
                shutil.copytree(tools, place / ".tools", symlinks=True)
            subprocess.run(["make", "setup"], cwd=place, check=True, stdout=sys.stderr)
            yield place
        finally:
            _git("worktree", "remove", "--force", str(place))


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main()
