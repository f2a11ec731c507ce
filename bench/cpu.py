"""CPU seconds of a command and of all that it starts.

The wall time of a preview on a machine that does other work says little; what it costs is its CPU
time. The engine starts plugins in process groups of their own and does not wait for each, so that
their time is counted nowhere: a small process inherits them (Linux), and adds them up.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PR_SET_CHILD_SUBREAPER: Final = 36  # linux/prctl.h
_FIELDS_BEFORE_UTIME: Final = 11
"""Of /proc/PID/stat, after the process's name: proc_pid_stat(5)."""


def tree_seconds(command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> float:
    """Run a command to the end of all that it starts, and return the CPU seconds of all.

    It ends this program, with the command's output, where the command fails.
    """
    done = subprocess.run(
        [sys.executable, __file__, *command],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    *said, last = done.stdout.splitlines() or [""]
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n" + "\n".join([*said, last, done.stderr]))
    return float(last)


def process_seconds(process_id: int, *, with_children: bool = False) -> float:
    """Return the CPU seconds that a running process has used, in steps of a hundredth.

    Args:
        process_id: the process.
        with_children: whether those of its children count that have ended.
    """
    stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    fields = stat.rpartition(")")[2].split()
    count = 4 if with_children else 2
    ticks = sum(map(int, fields[_FIELDS_BEFORE_UTIME : _FIELDS_BEFORE_UTIME + count]))
    return ticks / os.sysconf("SC_CLK_TCK")


def children_seconds() -> float:
    """Return the CPU seconds of this process's children that run, and of what they started."""
    found = (file.read_text() for file in Path("/proc/self/task").glob("*/children"))
    return sum(
        process_seconds(int(child), with_children=True) for each in found for child in each.split()
    )


def _run(command: Sequence[str]) -> int:
    """Run a command, reap all that it leaves behind, and print the seconds as the last line."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    process = subprocess.Popen(command)
    seconds, code = 0.0, 0
    while True:
        try:
            process_id, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        seconds += used.ru_utime + used.ru_stime
        if process_id == process.pid:
            code = os.waitstatus_to_exitcode(status)
    print(seconds)
    return abs(code)


if __name__ == "__main__":
    sys.exit(_run(sys.argv[1:]))
