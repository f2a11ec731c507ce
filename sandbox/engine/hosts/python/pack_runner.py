"""Runs a policy pack in its own environment; needs Python and Pulumi's SDK.

What the pack reads from its environment comes as JSON on stdin: the stack's config has
secrets, which other processes could read in the environment that a process was started with, and
it may be longer than a variable can be there.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the pack that the arguments name."""
    os.environ.update(json.load(sys.stdin))
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    # As `python -m` has it, which is how a pack is started.
    sys.path[0] = str(Path.cwd())
    sys.orig_argv = [sys.executable, "-u", "-m", "pulumi.policy", *sys.argv[1:]]
    runpy.run_module("pulumi.policy", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
