"""The command `cloudtrail-guard integrity`: verify that delivered logs are intact."""

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import track
from terminal import make_console

from integrity.coverage import Period
from integrity.expectation import Expected, expect, organization_places
from integrity.findings import NOT_VERIFIED, Report, Verified
from integrity.log_layout import ACCOUNT, REGION, AccountRegion, LogLayout
from integrity.output import show
from integrity.verification import Source, accept_restarts, verify

_AT_ONCE = 8
_TRAIL = re.compile(r"arn:[^:]+:cloudtrail:[a-z0-9-]+:\d{12}:trail/[^/]+")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
errors = make_console(stderr=True)


@app.command()
def integrity(  # noqa: PLR0913 - the options of a command
    *,
    bucket: Annotated[str, typer.Option(help="The log bucket.")],
    trail_arn: Annotated[str, typer.Option(help="The trail's ARN.")],
    start: Annotated[datetime, typer.Option(help="From when, in UTC.")],
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
) -> None:
    """Verify every digest and log file of a period, in all accounts and regions.

    Exit code 0: everything is intact. 1: something is altered, missing, or does not belong there.
    2: it could not be verified, or not all of it: access denied, a wrong name, nothing is due yet.
    """
    now = datetime.now(UTC)
    period = Period(start=_utc(start), end=min(_utc(end) if end else now, now), now=now)
    _check_options(period, trail_arn, organization_id, account or (), region or ())
    layout = LogLayout(
        bucket=bucket,
        trail_arn=trail_arn,
        organization=organization_id,
        prefix=prefix.strip("/"),
    )
    try:
        s3 = _s3(layout)
        asked = (
            organization_places(
                boto3.Session(profile_name=organization_profile, region_name=layout.home_region)
            )
            if whole_organization
            else []
        )
        expected = expect(s3, layout, account or (), region or (), asked)
    except (BotoCoreError, ClientError) as error:
        _give_up(str(error))
    if not expected.places:
        _give_up(
            f"there are no logs and no digests below s3://{bucket}/{layout.root}: either bucket, "
            "--prefix or --organization-id is wrong, or all of them are gone"
        )
    verified = _verify_all(
        Source(s3=s3, layout=layout, other_trails=other_trail or ()), expected, period
    )
    if allow_restart:
        verified = [accept_restarts(each) for each in verified]
    report = Report(
        bucket=bucket,
        start=period.start,
        end=period.due,
        expected_from=_expected_from(account, region, whole_organization=whole_organization),
        verified=verified,
    )
    if json_file is not None:
        json_file.write_text(json.dumps(report.plain(), indent=2) + "\n")
    show(report)
    raise typer.Exit(report.exit_code)


def _check_options(
    period: Period,
    trail_arn: str,
    organization: str | None,
    accounts: Sequence[str],
    regions: Sequence[str],
) -> None:
    start = f"--start {period.start:%Y-%m-%dT%H:%M:%SZ}"
    if period.start >= period.end:
        _give_up(f"{start} must be before --end and before now")
    if period.start >= period.due:
        _give_up(
            f"{start} is too late: a digest may arrive two hours after its hour, so none of this "
            "period is due yet, and its absence would prove nothing"
        )
    if not _TRAIL.fullmatch(trail_arn):
        _give_up(
            f"--trail-arn {trail_arn!r} must be like "
            "arn:aws:cloudtrail:<region>:<account>:trail/<name>"
        )
    if organization is not None and not _ORGANIZATION.fullmatch(organization):
        _give_up(f"--organization-id {organization!r} must be like o-a1b2c3d4e5")
    for account in accounts:
        if not ACCOUNT.fullmatch(account):
            _give_up(f"--account {account!r} must be an account's 12 digits")
    for region in regions:
        if not REGION.fullmatch(region):
            _give_up(f"--region {region!r} must be a region, like eu-central-1")


def _s3(layout: LogLayout) -> Any:  # noqa: ANN401 - boto3 has no types
    """A client of S3 in the bucket's region."""
    session = boto3.Session()
    somewhere: Any = session.client("s3", region_name=layout.home_region)
    found = somewhere.get_bucket_location(Bucket=layout.bucket)["LocationConstraint"]
    return session.client(
        "s3", region_name={None: "us-east-1", "EU": "eu-west-1"}.get(found, found)
    )


def _verify_all(source: Source, expected: Expected, period: Period) -> list[Verified]:
    session = boto3.Session()
    clients: dict[str, Any] = {
        region: session.client("cloudtrail", region_name=region)
        for region in {place.region for place in expected.places}
    }

    def verify_one(place: AccountRegion) -> Verified:
        return verify(source, clients[place.region], place, period)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        results = track(
            pool.map(verify_one, expected.places),
            "verifying",
            total=len(expected.places),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        )
        return sorted([*expected.problems, *results], key=lambda each: (each.account, each.region))


def _expected_from(
    accounts: Sequence[str] | None, regions: Sequence[str] | None, *, whole_organization: bool
) -> str:
    """What said which accounts and regions must have digests."""
    sources = ["the accounts that are named" if accounts else "the accounts in the bucket"]
    if regions:
        sources.append("the regions that are named")
    if whole_organization:
        sources.append("the organization's accounts and their enabled regions")
    return ", ".join(sources)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _give_up(why: str) -> NoReturn:
    errors.print(why, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(NOT_VERIFIED)
