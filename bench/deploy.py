"""What `pulumi up` of each stack costs, against an empty program on the same machine.

``python bench/deploy.py [--rounds N]`` interleaves the empty program, the core of both stacks, both
stacks as they are committed, and a program of the resources alone that these have, in one run. It
prints medians and ratios of CPU seconds: of the command, of all that it starts, and of the stand-in
provider. Each has a sandbox of its own in every
round, the time of whose start is measured too. The first round has no warm stand-in.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cpu import children_seconds, tree_seconds
from demo.checkout import CHECKOUT
from demo.working_copy import configure, working_copy
from flat import write_flat
from rich.console import Console
from rich.progress import track
from rich.table import Table

from sandbox.engine.found import NoPulumi
from sandbox.engine.search import find_pulumi
from sandbox.session import Sandbox

EMPTY = f"name: empty\nruntime: {{name: python, options: {{virtualenv: {CHECKOUT / '.venv'}}}}}\n"
BASE = "empty program"
_PROVIDERS_END = 1.0
"""Seconds in which the provider notices that the command has ended, and has handed on what it
loaded."""
OFF = {"enabled": False}
CORE: Mapping[str, Mapping[str, object]] = {
    "security": {
        "replica": {},
        "queries": OFF,
        "readers": [],
        "integrityRole": OFF,
        "logFeed": OFF,
        "tamperAlerts": False,
    },
    "management": {
        "alarms": OFF,
        "tamperAlerts": False,
        "guardrails": {"resourcePolicies": False},
    },
}
"""Key, bucket, trail and SCPs alone."""


def measure(rounds: int) -> dict[str, list[float]]:
    """CPU seconds of every command, by what was brought up, and seconds of a sandbox's start."""
    seconds: dict[str, list[float]] = defaultdict(list)
    terminal = Console(stderr=True)
    turns = track(range(rounds), "rounds", console=terminal, disable=not terminal.is_terminal)
    for _ in turns:
        for kind, settings in {"core": CORE, "committed": {}}.items():
            started = time.perf_counter()
            with Sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
                seconds["sandbox start"].append(time.perf_counter() - started)
                empty, program = Path(directory, "empty"), Path(directory, "program")
                empty.mkdir()
                program.mkdir()
                (empty / "Pulumi.yaml").write_text(EMPTY)
                (empty / "__main__.py").write_text("")
                working_copy(program)
                for stack, values in settings.items():
                    configure(program, stack, values)
                for label, project, stack in (
                    (BASE, empty, "empty"),
                    (f"security, {kind}", program, "security"),
                    (f"management, {kind}", program, "management"),
                    (f"security, {kind}, no changes", program, "security"),
                    (f"management, {kind}, no changes", program, "management"),
                ):
                    seconds[label].append(_up(sandbox, project, stack))
                # Last, as they leave no outputs.
                for stack in CORE:
                    flat = write_flat(Path(directory), program, stack, sandbox.environment)
                    label = f"{stack}, {kind}, no changes, its resources alone"
                    seconds[label].append(_up(sandbox, flat, stack))
    return seconds


def _up(sandbox: Sandbox, project: Path, stack: str) -> float:
    _pulumi(sandbox, project, "stack", "select", "--create", stack)
    provider = children_seconds()
    command = ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack]
    seconds = tree_seconds(command, project, sandbox.environment)
    time.sleep(_PROVIDERS_END)
    return seconds + children_seconds() - provider


def _pulumi(sandbox: Sandbox, project: Path, *arguments: str) -> None:
    done = subprocess.run(
        ["pulumi", *arguments],
        cwd=project,
        env=sandbox.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"pulumi {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("argument --rounds: must be at least 1")
    pulumi = find_pulumi()
    if isinstance(pulumi, NoPulumi):
        sys.exit(str(pulumi))
    seconds = measure(options.rounds)
    base = statistics.median(seconds[BASE])
    table = Table("pulumi up", "median CPU s", "of the empty program")
    for label, taken in seconds.items():
        median = statistics.median(taken)
        table.add_row(label, f"{median:.2f}", f"{median / base:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
