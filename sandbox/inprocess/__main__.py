"""`python -m sandbox.inprocess`: deploy a stack of a project without the Pulumi CLI.

Runs inside `python -m sandbox exec -- ...`, which sets the AWS_* variables. It prints lines of
text, or events as lines of JSON with ``--json``. The outputs of a stack are kept in PULUMI_HOME for
the stacks that reference it.
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
from sandbox.inprocess.deployment import Progress, RejectedError, Stack, up
from sandbox.inprocess.monitor import DeploymentError, Handled
from sandbox.policy_pack.messages import Diagnostic
from sandbox.policy_pack.process import PolicyPackError, PolicyPackProcess

app = typer.Typer(add_completion=False)

EXPECTED = (DeploymentError, PolicyPackError, ProjectError, RejectedError, pulumi.RunError)
"""What a user can fix: shown as a message, not as a traceback."""


def _print(line: str, event: Mapping[str, object], *, as_json: bool) -> None:
    typer.echo(json.dumps(event) if as_json else line)


def _progress(*, as_json: bool) -> Progress:
    def on_resource(handled: Handled) -> None:
        kind = handled.type.rsplit(":", maxsplit=1)[-1]
        event = {"event": "resource", **asdict(handled)}
        _print(f"  {handled.operation:6} {kind} {handled.name}", event, as_json=as_json)

    def on_diagnostic(found: Diagnostic) -> None:
        event = {"event": "policy", **asdict(found)}
        _print(f"  [{found.level}] {found.policy}: {found.message}", event, as_json=as_json)

    def on_message(level: str, text: str) -> None:
        event = {"event": "message", "level": level, "text": text}
        _print(f"  {level}: {text}", event, as_json=as_json)

    return Progress(on_resource, on_diagnostic, on_message)


def _linked(kept: Path) -> dict[str, dict[str, Any]]:
    known = (json.loads(file.read_text()) for file in kept.glob("*.json"))
    return {str(stack["name"]): stack["outputs"] for stack in known}


def _up(stack: Stack, policy_pack: Path | None, progress: Progress) -> dict[str, Any]:
    if policy_pack is None:
        return up(stack, None, progress)
    with PolicyPackProcess(policy_pack) as pack:
        pack.configure()
        return up(stack, pack, progress)


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
    """Deploy a stack: preview it, evaluate the policy pack, and create what the stack declares."""
    if "PULUMI_HOME" not in os.environ:
        line = "error: this runs inside a sandbox: start it by `python -m sandbox exec -- ...`"
        typer.echo(line, err=True)
        raise typer.Exit(2)
    policy_pack = policy_pack and policy_pack.resolve()
    os.chdir(project)
    here = Path.cwd()
    kept = Path(os.environ["PULUMI_HOME"]) / "inprocess-outputs"
    kept.mkdir(exist_ok=True)
    linked = _linked(kept)
    try:
        name = f"organization/{project_name(here)}/{stack}"
        reject_second_deployment(name, linked)
        outputs = _up(Stack(here, stack, linked), policy_pack, _progress(as_json=as_json))
    except EXPECTED as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(255) from None
    (kept / f"{stack}.json").write_text(json.dumps({"name": name, "outputs": outputs}))
    listed = "\n".join(f"  {key}: {value}" for key, value in sorted(outputs.items()))
    _print(f"Outputs:\n{listed}", {"event": "outputs", "outputs": outputs}, as_json=as_json)


def reject_second_deployment(name: str, linked: dict[str, dict[str, Any]]) -> None:
    """Reject a stack that was deployed before: updating it takes an engine.

    Raises:
        DeploymentError: it is deployed already.
    """
    if name in linked:
        raise DeploymentError(
            f"{name} is deployed already; without the Pulumi CLI a stack can only be created once"
        )


if __name__ == "__main__":
    app()
