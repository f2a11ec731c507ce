"""How long `pulumi up` of each stack takes, against an empty program on the same machine.

``python bench/deploy.py [ROUNDS]`` interleaves the three in one run and prints medians and ratios.
Every round has a sandbox of its own, whose start is measured too.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from sandbox.project import working_copy
from sandbox.session import Sandbox
from sandbox.toolchain import CHECKOUT

EMPTY = f"name: empty\nruntime: {{name: python, options: {{virtualenv: {CHECKOUT / '.venv'}}}}}\n"
BASE = "empty program"


def measure(rounds: int) -> dict[str, list[float]]:
    """Seconds of every command, by what was brought up."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        started = time.perf_counter()
        with Sandbox() as sandbox, tempfile.TemporaryDirectory() as directory:
            seconds["sandbox start"].append(time.perf_counter() - started)
            empty, program = Path(directory, "empty"), Path(directory, "program")
            empty.mkdir()
            program.mkdir()
            (empty / "Pulumi.yaml").write_text(EMPTY)
            (empty / "__main__.py").write_text("")
            working_copy(program)
            for label, project, stack in (
                (BASE, empty, "empty"),
                ("security", program, "security"),
                ("management", program, "management"),
                ("security, no changes", program, "security"),
                ("management, no changes", program, "management"),
            ):
                seconds[label].append(_up(sandbox, project, stack))
    return seconds


def _up(sandbox: Sandbox, project: Path, stack: str) -> float:
    _pulumi(sandbox, project, "stack", "select", "--create", stack)
    started = time.perf_counter()
    _pulumi(sandbox, project, "up", "--yes", "--skip-preview", "--stack", stack)
    return time.perf_counter() - started


def _pulumi(sandbox: Sandbox, project: Path, *arguments: str) -> None:
    subprocess.run(
        ["pulumi", *arguments],
        cwd=project,
        env=sandbox.environment,
        capture_output=True,
        check=True,
    )


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = measure(rounds)
    base = statistics.median(seconds[BASE])
    table = Table("pulumi up", "median s", "of the empty program")
    for label, taken in seconds.items():
        median = statistics.median(taken)
        table.add_row(label, f"{median:.2f}", f"{median / base:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
