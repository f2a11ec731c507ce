"""`python -m sandbox.demo`: the demo, inside a sandbox that is there already."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sandbox.demo.deployers import Engine, InProcess
from sandbox.demo.scene import DemoError, Scene
from sandbox.toolchain import NoPulumi, PulumiCli, find_pulumi


def play(
    picture: Annotated[Path | None, typer.Option()] = None,
    *,
    in_process: Annotated[bool, typer.Option("--in-process")] = False,
) -> None:
    """Play the demo; its picture goes to a file if one is named."""
    if "SANDBOX_ORGANIZATION_ID" not in os.environ:
        typer.echo("this runs inside a sandbox: use `python -m sandbox demo`", err=True)
        raise typer.Exit(2)
    console = Console(record=picture is not None, width=100 if picture else None, highlight=False)
    scene = _scene(console, NoPulumi("as asked for") if in_process else find_pulumi())
    try:
        scene.play(os.environ)
    except DemoError as error:
        console.print(f"[bold red]{error}[/]")
        sys.exit(1)
    if picture is not None:
        console.save_svg(str(picture), title="make demo")


def _scene(console: Console, pulumi: PulumiCli | NoPulumi) -> Scene:
    if isinstance(pulumi, PulumiCli):
        version = ".".join(map(str, pulumi.version))
        return Scene(console, Engine(), f"Deployed by the real Pulumi engine, version {version}.")
    how = f"Deployed in-process, on the Pulumi SDK's test runtime: {pulumi}"
    return Scene(console, InProcess(), how)


if __name__ == "__main__":
    typer.run(play)
