"""`python -m sandbox.demo`: the demo, inside a sandbox that is there already."""

import os
import sys
from pathlib import Path

from rich.console import Console

from sandbox.demo.deployers import Engine, InProcess
from sandbox.demo.scene import DemoError, Scene
from sandbox.toolchain import PulumiCli, find_pulumi


def main(recording: Path | None) -> int:
    """Play the demo; its picture goes to a file if one is named."""
    console = Console(record=recording is not None, width=100 if recording else None)
    pulumi = find_pulumi()
    has_engine = isinstance(pulumi, PulumiCli)
    how = (
        f"Deployed by the real Pulumi engine, version {'.'.join(map(str, pulumi.version))}."
        if isinstance(pulumi, PulumiCli)
        else f"Deployed in-process, on the Pulumi SDK's test runtime: {pulumi}"
    )
    scene = Scene(console, Engine() if has_engine else InProcess(), how)
    try:
        scene.play(os.environ, can_update=has_engine)
    except DemoError as error:
        console.print(f"[bold red]{error}[/]")
        return 1
    if recording is not None:
        console.save_svg(str(recording), title="make demo")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
