"""The command `cloudtrail-guard demo`: both stacks in a sandbox, read back and attacked."""

import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo.deployers import Engine, InProcess
from demo.posture_report import default_page
from demo.scene import DemoError, Scene
from sandbox import DEFAULT_REGION
from sandbox.cli import find_engine, run_in_sandbox
from sandbox.engine.found import NoPulumi, PulumiCli
from sandbox.engine.search import find_pulumi

_IN_PROCESS = NoPulumi("as requested")
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""The font that a picture would load from elsewhere; without it, any monospaced one does."""


def _say(line: str) -> None:
    typer.echo(f"demo: {line}", err=True)


def _writable(path: Path | None) -> Path | None:
    """A file that can be written: known before the demo, which takes its time."""
    folder = path and path.absolute().parent
    if path and folder and (path.is_dir() or not os.access(folder, os.W_OK)):
        raise typer.BadParameter(f"{path} cannot be written: name a file in a folder that can be")
    return path


app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def demo(
    picture: Annotated[
        Path | None, typer.Option(callback=_writable, help="Also draw the demo into this SVG.")
    ] = None,
    *,
    report: Annotated[
        Path | None, typer.Option(callback=_writable, help="Write the report's page to this file.")
    ] = None,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="Use no Pulumi CLI, even if there is one.")
    ] = False,
) -> None:
    """Deploy both stacks from nothing, read them back, attack them, and check a weak trail."""
    if "SANDBOX_ORGANIZATION_ID" not in os.environ:
        command = [sys.executable, "-W", "ignore", "-m", "demo"]
        command += ["--picture", str(picture)] if picture else []
        command += ["--report", str(report)] if report else []
        command += ["--in-process"] if in_process else []
        pulumi = _IN_PROCESS if in_process else find_engine()
        if isinstance(pulumi, NoPulumi) and not in_process:
            _say("`make engine` gets the real Pulumi engine")
        raise typer.Exit(run_in_sandbox(command, DEFAULT_REGION, pulumi))
    console = Console(record=picture is not None, width=100 if picture else None, highlight=False)
    page = report.absolute() if report else default_page()
    scene = _scene(console, _IN_PROCESS if in_process else find_pulumi(), page)
    try:
        scene.play(os.environ)
    except DemoError as error:
        console.print(f"[bold red]{error}[/]")
        sys.exit(1)
    if picture is not None:
        drawn = console.export_svg(title="make demo")
        picture.write_text(_FONT_FACE.sub("", drawn), encoding="utf-8")


def _scene(console: Console, pulumi: PulumiCli | NoPulumi, page: Path) -> Scene:
    if isinstance(pulumi, PulumiCli):
        version = ".".join(map(str, pulumi.version))
        how = f"Deployed by the real Pulumi engine, version {version}."
        return Scene(console, Engine(), how, page)
    how = f"Deployed in-process, on the Pulumi SDK's test runtime: {pulumi}"
    return Scene(console, InProcess(), how, page)
