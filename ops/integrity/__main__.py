"""`python -m integrity`: prove that delivered logs are whole."""

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.progress import track
from rich.table import Table

from integrity.chain import Period, accept_restarts, check
from integrity.findings import Checked, Report
from integrity.places import Logs, find_places

FOUND = 1
UNJUDGED = 2
_AT_ONCE = 8
_TRAIL = re.compile(r"arn:[^:]+:cloudtrail:[^:]+:\d{12}:trail/[^/]+")

console = Console()
errors = Console(stderr=True)


def prove(  # noqa: PLR0913 - the options of a command
    *,
    bucket: Annotated[str, typer.Option(help="The log bucket.")],
    trail_arn: Annotated[str, typer.Option(help="The trail's ARN.")],
    start: Annotated[datetime, typer.Option(help="From when, in UTC.")],
    end: Annotated[datetime | None, typer.Option(help="Until when, in UTC. Default: now.")] = None,
    organization_id: Annotated[
        str | None, typer.Option(help="The organization's id (o-...), of an organization trail.")
    ] = None,
    prefix: Annotated[str, typer.Option(help="What the trail puts before AWSLogs.")] = "",
    account: Annotated[
        list[str] | None,
        typer.Option(help="An account to check; again for more. Default: all in the bucket."),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(help="A region to check; again for more. Default: all with digests."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the report to this file as well.")
    ] = None,
    allow_restart: Annotated[
        bool, typer.Option(help="Accept that a trail was started, or started again.")
    ] = False,
) -> None:
    """Check every digest and log file of a period, in all accounts and regions.

    Exit code 0: all is whole. 1: something is altered or missing. 2: it could not be judged.
    """
    now = datetime.now(UTC)
    period = Period(start=_utc(start), end=min(_utc(end) if end else now, now), now=now)
    if period.start >= period.end:
        _give_up(f"--start {period.start:%Y-%m-%dT%H:%M:%SZ} must be before --end and before now")
    if not _TRAIL.fullmatch(trail_arn):
        _give_up(
            f"--trail-arn {trail_arn!r} must be like "
            "arn:aws:cloudtrail:<region>:<account>:trail/<name>"
        )
    logs = Logs(bucket=bucket, trail_arn=trail_arn, organization=organization_id, prefix=prefix)
    try:
        checked = list(_check_all(logs, period, account or (), region or ()))
    except (BotoCoreError, ClientError) as error:
        _give_up(str(error))
    if not checked:
        _give_up(f"there are no digests below s3://{bucket}/{logs.root}: is the name right?")
    if allow_restart:
        checked = [accept_restarts(each) for each in checked]
    report = Report(bucket=bucket, start=period.start, end=period.end, checked=checked)
    if json_file is not None:
        json_file.write_text(json.dumps(report.plain(), indent=2) + "\n")
    _show(report)
    raise typer.Exit(0 if report.whole else FOUND)


def _check_all(
    logs: Logs, period: Period, accounts: Sequence[str], regions: Sequence[str]
) -> Iterator[Checked]:
    session = boto3.Session()
    somewhere: Any = session.client("s3", region_name=logs.trail_arn.split(":")[3])
    found = somewhere.get_bucket_location(Bucket=logs.bucket)["LocationConstraint"]
    s3: Any = session.client("s3", region_name=found or "us-east-1")
    places = find_places(s3, logs, accounts, regions)
    keys: dict[str, Any] = {
        region: session.client("cloudtrail", region_name=region) for _, region in places
    }
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        checks = pool.map(lambda place: check(s3, keys[place[1]], logs, place, period), places)
        yield from track(
            checks,
            "checking",
            total=len(places),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        )


def _show(report: Report) -> None:
    table = Table("account", "region", "digests", "log files", "findings", box=None, pad_edge=False)
    for each in report.checked:
        table.add_row(
            each.account,
            each.region,
            str(each.digests),
            str(each.logs),
            str(len(each.findings)),
        )
    console.print(table)
    for each in report.checked:
        for finding in each.findings:
            console.print(
                f"\n{each.account} {each.region}: {finding.kind}\n  {finding.what}\n"
                f"  {finding.detail}",
                style="red",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    if report.whole:
        console.print(
            f"\ns3://{report.bucket} is whole from {report.start:%Y-%m-%d %H:%M} to "
            f"{report.end:%Y-%m-%d %H:%M} UTC.",
            style="green",
            highlight=False,
            soft_wrap=True,
        )


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _give_up(why: str) -> NoReturn:
    errors.print(why, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(UNJUDGED)


if __name__ == "__main__":
    typer.run(prove)
