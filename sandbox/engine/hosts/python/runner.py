"""Runs a Pulumi program in its own environment; needs Python and Pulumi's SDK.

The run's settings come as JSON on stdin: config has secrets, and may be longer than arguments can
be. Exit codes: 0; 32 for an exception that was shown; 1 for a ``RunError`` that was shown; or what
the program itself exits with.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

FAILED, SHOWN = 1, 32


def main() -> int:
    """Run the program that stdin describes."""
    run = json.load(sys.stdin)
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
    entry = Path.cwd() / run["entry"]
    home = entry if entry.is_dir() else entry.parent
    sys.argv = [run["entry"], *run["arguments"]]
    sys.path[0] = str(home)
    try:
        import pulumi  # noqa: PLC0415 (found only now, beside the program)
        import pulumi.runtime  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "pulumi":
            raise
        sys.exit(f"the package `pulumi` is not installed in {sys.prefix}: run `pulumi install`")

    def program() -> None:
        runpy.run_path(str(entry), run_name="__main__")

    pulumi.runtime.set_all_config(run["config"], run["secret_keys"])
    pulumi.runtime.configure(pulumi.runtime.Settings(**run["settings"]))
    # `asyncio.run` would warn of each coroutine that a failed program left.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return FAILED
    except Exception as error:  # noqa: BLE001 (whatever the program raised is shown)
        pulumi.log.error(f"Program failed with an unhandled exception:\n{shown(error, home)}")
        return SHOWN
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def shown(error: Exception, home: Path) -> str:
    """The traceback, without the frames that led to the program in its folder."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    own = [place for place, frame in enumerate(frames) if _is_own(frame, home)]
    text = traceback.TracebackException.from_exception(error)
    if own:
        del text.stack[: own[0]]
    elif isinstance(error, SyntaxError):
        text.stack.clear()
    return "".join(text.format())


def _is_own(frame: FrameType, home: Path) -> bool:
    """Whether a frame is the program's; its environment often lies in its folder."""
    file = Path(frame.f_code.co_filename)
    return home in file.parents and Path(sys.prefix) not in file.parents


if __name__ == "__main__":
    sys.exit(main())
