"""The command `cloudtrail-guard integrity`: verify that delivered logs are intact."""

import asyncio
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import Progress
from terminal import make_console

from integrity.coverage import Period
from integrity.findings import NOT_VERIFIED, Report, Request
from integrity.options import OptionError, check_options, check_replica, expected_from
from integrity.output import show
from integrity.report_file import ReportError, merge, read_report, write_report
from integrity.run import (
    StoppedError,
    Wanted,
    find_places,
    open_source,
    stopped_by_signals,
    verify_rest,
    with_places,
)
from integrity.s3.endpoint import UnsupportedEndpointError
from integrity.s3.objects import AT_ONCE
from integrity.shards import Shard
from integrity.verification import Source

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
errors = make_console(stderr=True)


@app.callback(invoke_without_command=True)
def integrity(  # noqa: PLR0913 - the options of a command
    context: typer.Context,
    *,
    bucket: Annotated[str | None, typer.Option(help="The log bucket. Needed.")] = None,
    replica: Annotated[
        str | None,
        typer.Option(
            help="The bucket that S3 replicates the log bucket to: read this one in its place. The "
            "log bucket need not be there any more."
        ),
    ] = None,
    archive_role: Annotated[
        str | None,
        typer.Option(help="ARN of a role to assume to read the replica, in its own account."),
    ] = None,
    trail_arn: Annotated[str | None, typer.Option(help="The trail's ARN. Needed.")] = None,
    start: Annotated[datetime | None, typer.Option(help="From when, in UTC. Needed.")] = None,
    end: Annotated[datetime | None, typer.Option(help="Until when, in UTC. Default: now.")] = None,
    organization_id: Annotated[
        str | None, typer.Option(help="The organization's id (o-...), of an organization trail.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="The trail's S3 key prefix.")] = "",
    account: Annotated[
        list[str] | None,
        typer.Option(
            help="An account that must have digests; repeat for more. Default: the trail's own, "
            "and all in the bucket."
        ),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            help="A region that must have digests; repeat for more. Default: the trail's own, and "
            "all that an account has digests or logs of."
        ),
    ] = None,
    whole_organization: Annotated[
        bool,
        typer.Option(
            help="Expect every account of the organization, in each region that it has enabled. "
            "Asks Organizations and Account Management."
        ),
    ] = False,
    organization_profile: Annotated[
        str | None,
        typer.Option(help="The AWS profile to ask them with: of the management account."),
    ] = None,
    other_trail: Annotated[
        list[str] | None,
        typer.Option(help="The name of another trail with the same bucket and prefix; repeat."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the report to this file as well.")
    ] = None,
    allow_restart: Annotated[
        bool, typer.Option(help="Accept that a trail was started, or started again.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(help="Verify part K of N of the accounts and regions: K/N. See merge."),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            help="Go on from the report of a run that was stopped, in place of all options above."
        ),
    ] = None,
    at_once: Annotated[
        int, typer.Option(min=1, max=2000, help="How many requests are in flight.")
    ] = AT_ONCE,
) -> None:
    """Verify every digest and log file of a period, in all accounts and regions.

    Exit code 0: everything is intact. 1: something is altered, missing, or does not belong there.
    2: it could not be verified, or not all of it: access denied, a wrong name, nothing is due yet,
    it was stopped.
    """
    if context.invoked_subcommand:
        return
    if resume:
        asked = (bucket, trail_arn, start, end, organization_id, prefix, account, region)
        asked += (whole_organization, organization_profile, other_trail, allow_restart, shard)
        asked += (replica, archive_role)
        if any(asked):
            _give_up("--resume takes what to verify from the report: leave the other options out")
        _finish(*_complete(_read(resume), None, at_once, json_file or resume))
    if not (bucket and trail_arn and start):
        _give_up("--bucket, --trail-arn and --start are needed, or --resume with a report")
    now = datetime.now(UTC)
    period = Period(
        start=_utc(start),
        end=min(_utc(end) if end else now, now),
        now=now,
        replicated=replica is not None,
    )
    try:
        check_replica(bucket, replica, archive_role)
        check_options(period, trail_arn, organization_id, account or (), region or ())
        part = Shard.parse(shard) if shard else None
    except OptionError as error:
        _give_up(str(error))
    request = Request(
        bucket=bucket,
        trail_arn=trail_arn,
        organization=organization_id,
        prefix=prefix.strip("/"),
        start=period.start,
        end=period.end,
        due=period.due,
        other_trails=tuple(other_trail or ()),
        allow_restart=allow_restart,
        replica=replica,
        archive_role=archive_role,
    )
    wanted = Wanted(
        accounts=account or (),
        regions=region or (),
        whole_organization=whole_organization,
        organization_profile=organization_profile,
        shard=part,
    )
    report = Report(
        request=request,
        expected_from=expected_from(
            account,
            region,
            whole_organization=whole_organization,
            replicated=replica is not None,
        ),
        shard=str(part) if part else None,
    )
    _finish(*_complete(report, wanted, at_once, json_file))


@app.command("merge")
def merge_reports(
    reports: Annotated[list[Path], typer.Argument(help="The reports of all parts.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the merged report to this file as well.")
    ] = None,
) -> None:
    """Merge the reports of all parts (--shard) of one verification.

    The exit code is that of the verification; 2 if a part is missing.
    """
    try:
        merged = merge([(str(path), read_report(path)) for path in reports])
    except ReportError as error:
        _give_up(str(error))
    if json_file:
        _write(merged, json_file)
    _finish(merged, json_file)


def _complete(
    report: Report, wanted: Wanted | None, at_once: int, json_file: Path | None
) -> tuple[Report, Path | None]:
    """A report with everything verified, unless it is stopped; and where it was written."""
    try:
        done = asyncio.run(_verify(report, wanted, at_once, json_file))
    except StoppedError:
        _give_up(
            "stopped before it was known which accounts and regions there are: nothing is verified"
        )
    except (BotoCoreError, ClientError, UnsupportedEndpointError) as error:
        _give_up(_explained(error, report.request))
    if json_file is None and done.unchecked:  # what is verified must not be lost
        json_file = Path(f"integrity-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json")
    if json_file:
        _write(done, json_file)
    return done, json_file


def _explained(error: Exception, request: Request) -> str:
    """An error; where the replica is not to be found, or refused, which bucket that is."""
    if not isinstance(error, ClientError) or error.operation_name != "GetBucketLocation":
        return str(error)
    if request.replica is None:
        return str(error)
    refused = error.response["Error"]["Code"] == "AccessDenied" and not request.archive_role
    hint = "; if it is in another account, pass --archive-role" if refused else ""
    return f"s3://{request.replica}: {error}{hint}"


async def _verify(
    report: Report, wanted: Wanted | None, at_once: int, json_file: Path | None
) -> Report:
    with stopped_by_signals():
        async with open_source(report.request, at_once) as source:
            if wanted:
                report = await _expected(source, report, wanted)
            with _progress() as progress:
                task = progress.add_task("verifying", total=len(report.unchecked))
                return await verify_rest(
                    source,
                    report,
                    progress=lambda: progress.advance(task),
                    save=lambda so_far: _write(so_far, json_file) if json_file else None,
                )


async def _expected(source: Source, report: Report, wanted: Wanted) -> Report:
    expected = await find_places(source, wanted)
    if not expected.places:
        _give_up(
            f"there are no logs and no digests below s3://{source.layout.read_bucket}/"
            f"{source.layout.root}: either bucket, --prefix or --organization-id is wrong, or all "
            "of them are gone"
        )
    return with_places(report, expected, wanted.shard)


def _progress() -> AbstractContextManager[Progress]:
    return Progress(console=errors, transient=True, disable=not errors.is_terminal)


def _finish(report: Report, json_file: Path | None) -> NoReturn:
    show(report, json_file)
    raise typer.Exit(report.exit_code)


def _write(report: Report, path: Path) -> None:
    try:
        write_report(report, path)
    except OSError as error:
        errors.print(f"{path}: {error}", style="red", markup=False, soft_wrap=True)


def _read(path: Path) -> Report:
    try:
        report = read_report(path)
    except ReportError as error:
        _give_up(str(error))
    if report.missing_shards:
        _give_up(
            f"{path} lacks the shards {', '.join(report.missing_shards)}: run each with --shard, "
            "and merge the reports"
        )
    return report


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _give_up(why: str) -> NoReturn:
    errors.print(why, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(NOT_VERIFIED)
