"""`python -m sandbox.inprocess`: deploy a stack of a project without the Pulumi CLI.

Runs where AWS_* says, so inside `python -m sandbox exec -- ...`. What it prints are lines of JSON
with ``--json``, else lines for people. Outputs of a stack are kept in PULUMI_HOME for the next one.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from sandbox.inprocess.config import ProjectError, project_name
from sandbox.inprocess.deployment import RejectedError, Stack, Watch, up
from sandbox.inprocess.monitor import DeploymentError, Handled
from sandbox.policy_client import Diagnostic, PolicyPackError, PolicyPackProcess

app = typer.Typer(add_completion=False)

EXPECTED = (DeploymentError, PolicyPackError, ProjectError, RejectedError, pulumi.RunError)
"""What a user can mend: shown as a message, not as a traceback."""


def _tell(line: str, event: Mapping[str, object], *, as_json: bool) -> None:
    typer.echo(json.dumps(event) if as_json else line)


def _watch(*, as_json: bool) -> Watch:
    def on_resource(handled: Handled) -> None:
        kind = handled.type.rsplit(":", maxsplit=1)[-1]
        event = {"event": "resource", **asdict(handled)}
        _tell(f"  {handled.operation:6} {kind} {handled.name}", event, as_json=as_json)

    def on_diagnostic(found: Diagnostic) -> None:
        event = {"event": "policy", **asdict(found)}
        _tell(f"  [{found.level}] {found.policy}: {found.message}", event, as_json=as_json)

    def on_message(level: str, text: str) -> None:
        event = {"event": "message", "level": level, "text": text}
        _tell(f"  {level}: {text}", event, as_json=as_json)

    return Watch(on_resource, on_diagnostic, on_message)


def _linked(kept: Path) -> dict[str, dict[str, Any]]:
    known = (json.loads(file.read_text()) for file in kept.glob("*.json"))
    return {str(stack["name"]): stack["outputs"] for stack in known}


def _up(stack: Stack, policy_pack: Path | None, watch: Watch) -> dict[str, Any]:
    if policy_pack is None:
        return up(stack, None, watch)
    with PolicyPackProcess(policy_pack) as pack:
        pack.configure()
        return up(stack, pack, watch)


def _directory(help_text: str) -> Any:  # noqa: ANN401 - typer's options have no common type
    return typer.Option(help=help_text, exists=True, file_okay=False)


@app.command()
def deploy(
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack to deploy.")],
    project: Annotated[Path, _directory("The directory with Pulumi.yaml.")] = Path(),
    policy_pack: Annotated[Path | None, _directory("A policy pack's directory.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print events as JSON.")] = False,
) -> None:
    """Deploy a stack: preview it, have the policy pack judge it, and create what it declares."""
    if "PULUMI_HOME" not in os.environ:
        typer.echo("error: this runs inside a sandbox: `python -m sandbox exec -- ...`", err=True)
        raise typer.Exit(2)
    policy_pack = policy_pack and policy_pack.resolve()
    os.chdir(project)
    here = Path.cwd()
    kept = Path(os.environ["PULUMI_HOME"]) / "inprocess-outputs"
    kept.mkdir(exist_ok=True)
    linked = _linked(kept)
    try:
        name = f"organization/{project_name(here)}/{stack}"
        refuse_twice(name, linked)
        outputs = _up(Stack(here, stack, linked), policy_pack, _watch(as_json=as_json))
    except EXPECTED as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(255) from None
    (kept / f"{stack}.json").write_text(json.dumps({"name": name, "outputs": outputs}))
    listed = "\n".join(f"  {key}: {value}" for key, value in sorted(outputs.items()))
    _tell(f"Outputs:\n{listed}", {"event": "outputs", "outputs": outputs}, as_json=as_json)


def refuse_twice(name: str, linked: dict[str, dict[str, Any]]) -> None:
    """Refuse to make a stack again, which takes an engine.

    Raises:
        DeploymentError: it is up.
    """
    if name in linked:
        raise DeploymentError(
            f"{name} is up already; without the Pulumi CLI a stack can only be made once"
        )


if __name__ == "__main__":
    app()
