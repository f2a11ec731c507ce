"""The command `cloudtrail-guard posture`: what AWS holds against what was meant."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from cloudtrail_guard.arns import parse_arn
from cloudtrail_guard.errors import InvalidValueError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from terminal import make_console

from posture.collect.access import NoAccessError, open_access
from posture.collect.run import Collector
from posture.collect.run import Progress as OnProgress
from posture.collect.trail import NoTrailError, find_trail
from posture.compare import OldReportError, changes, read_report
from posture.evaluate.run import evaluate
from posture.render.page import render
from posture.render.terminal import show
from posture.report import NOT_KNOWN
from stacks.lookups.found import NO_ANSWER

if TYPE_CHECKING:
    from rich.progress import TaskID

_LONGEST_HOURS = 31 * 24

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
errors = make_console(stderr=True)


@app.command()
def posture(  # noqa: PLR0913 - the options of a command
    *,
    profile: Annotated[
        str | None,
        typer.Option(help="The AWS profile of the trail's account. Default: the environment's."),
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="ARN of a role to assume with it: a read-only one will do.")
    ] = None,
    log_profile: Annotated[
        str | None,
        typer.Option(help="The AWS profile of the log bucket's account. Default: --profile."),
    ] = None,
    log_role: Annotated[
        str | None, typer.Option(help="ARN of a role to assume in that account.")
    ] = None,
    archive_role: Annotated[
        str | None,
        typer.Option(help="ARN of a role to assume, from there, in the replica's own account."),
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Where to look for the trail. Default: the profile's.")
    ] = None,
    trail_arn: Annotated[
        str | None, typer.Option(help="The trail's ARN. Default: the organization's trail.")
    ] = None,
    outputs: Annotated[
        list[Path] | None,
        typer.Option(
            help="A file with `pulumi stack output --json`; repeat for more stacks. Without it, "
            "what is meant is read from the policies themselves."
        ),
    ] = None,
    pack_config: Annotated[
        list[Path] | None,
        typer.Option(help="A configuration of the policy pack, for its exemptions; repeat."),
    ] = None,
    hours: Annotated[
        int, typer.Option(min=1, max=_LONGEST_HOURS, help="How many hours of coverage to look at.")
    ] = 48,
    until: Annotated[
        datetime | None, typer.Option(help="Until when, in UTC. Default: now.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the report to this file.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="A report of before (--json): show what changed since.")
    ] = None,
) -> None:
    """Show what AWS holds against what was meant. It reads, and changes nothing.

    Exit code 0: all is as meant; there may be open points. 1: something is not as meant.
    2: something could not be read, and what could be read is as meant.
    """
    named = read_outputs(outputs or (), "--outputs")
    settings = read_outputs(pack_config or (), "--pack-config")
    try:
        old = read_report(compare) if compare else None
        access = open_access(
            profile=profile,
            role=role,
            log_profile=log_profile,
            log_role=log_role,
            archive_role=archive_role,
        )
        arn = trail_arn or named.get("trailArn")
        if arn is None:
            arn = find_trail(access.trail, region or access.trail.region or "us-east-1")
        parse_arn(arn, service="cloudtrail", what="--trail-arn")
        with _progress() as on_progress:
            facts = Collector(
                access=access,
                trail_arn=arn,
                until=(until.replace(tzinfo=UTC) if until else datetime.now(UTC)),
                hours=hours,
                named_roles=_roles(named),
                named_replica=(named.get("replicaBucketName"), named.get("replicaKeyArn")),
                progress=on_progress,
            ).collect()
        report = evaluate(facts, arn, named, settings)
        changed = changes(old, report) if old else None
    except (NoAccessError, NoTrailError, OldReportError, InvalidValueError, *NO_ANSWER) as error:
        _give_up(str(error))
    for path, text in ((json_file, report.plain), (html, lambda: render(report, changed))):
        if path is not None:
            path.write_text(text(), encoding="utf-8")
    show(report, changed)
    if html is not None:
        errors.print(f"\n{html.absolute()}", markup=False, soft_wrap=True)
    raise typer.Exit(report.exit_code)


def _roles(outputs: dict[str, Any]) -> tuple[str, ...]:
    keys = ("breakGlassRoleArns", "deployerRoleArns", "guardrailExemptRoleArns")
    return tuple(arn for key in keys for arn in outputs.get(key) or ())


def read_outputs(files: Sequence[Path], option: str) -> dict[str, Any]:
    """JSON objects, of which a later one's keys win; an object by account has those of both."""
    found: dict[str, Any] = {}
    for file in files:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            _give_up(f"{option} {file} cannot be read as JSON: {error}")
        if not isinstance(content, dict):
            _give_up(f"{option} {file} must hold a JSON object, like {{}}")
        for key, value in content.items():
            both = isinstance(value, dict) and isinstance(found.get(key), dict)
            found[key] = {**found[key], **value} if both else value
    return found


@contextmanager
def _progress() -> Generator[OnProgress]:
    """A bar for each stage, where there is a terminal; a line for each where there is none."""
    if not errors.is_terminal:
        stages: set[str] = set()

        def say(stage: str, _done: int, _of: int) -> None:
            if stage not in stages:
                stages.add(stage)
                errors.print(f"reading: {stage}", markup=False)

        yield say
        return
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=errors,
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def advance(stage: str, done: int, of: int) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=of)
        bars.update(tasks[stage], completed=done, total=of)

    with bars:
        yield advance


def _give_up(why: str) -> NoReturn:
    errors.print(why, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(NOT_KNOWN)
