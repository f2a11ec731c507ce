"""What the options of the command may be."""

import re
from collections.abc import Sequence

from integrity.coverage import Period
from integrity.log_layout import ACCOUNT, REGION

_TRAIL = re.compile(r"arn:[^:]+:cloudtrail:[a-z0-9-]+:\d{12}:trail/[^/]+")
_ROLE = re.compile(r"arn:[^:]+:iam::\d{12}:role/.+")
_ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}")


class OptionError(ValueError):
    """An option cannot be; the message names it, its value and what is allowed."""


def check_options(
    period: Period,
    trail_arn: str,
    organization: str | None,
    accounts: Sequence[str],
    regions: Sequence[str],
) -> None:
    """Check what was given, before anything is asked of AWS.

    Raises:
        OptionError: something cannot be.
    """
    start = f"--start {period.start:%Y-%m-%dT%H:%M:%SZ}"
    if period.start >= period.end:
        raise OptionError(f"{start} must be before --end and before now")
    if period.start >= period.due:
        raise OptionError(
            f"{start} is too late: a digest may arrive two hours after its hour"
            f"{', and in a replica 15 minutes later' if period.replicated else ''}, so none of "
            "this period is due yet, and its absence would prove nothing"
        )
    if not _TRAIL.fullmatch(trail_arn):
        raise OptionError(
            f"--trail-arn {trail_arn!r} must be like "
            "arn:aws:cloudtrail:<region>:<account>:trail/<name>"
        )
    if organization is not None and not _ORGANIZATION.fullmatch(organization):
        raise OptionError(f"--organization-id {organization!r} must be like o-a1b2c3d4e5")
    for account in accounts:
        if not ACCOUNT.fullmatch(account):
            raise OptionError(f"--account {account!r} must be an account's 12 digits")
    for region in regions:
        if not REGION.fullmatch(region):
            raise OptionError(f"--region {region!r} must be a region, like eu-central-1")


def check_replica(bucket: str, replica: str | None, archive_role: str | None) -> None:
    """Check what is read in the log bucket's place.

    Raises:
        OptionError: it cannot be.
    """
    if replica == bucket:
        raise OptionError(
            f"--replica {replica!r} must be another bucket than --bucket: --bucket names the log "
            "bucket, as the digests do, and --replica the one to read in its place"
        )
    if archive_role is None:
        return
    if replica is None:
        raise OptionError(
            "--archive-role reads a replica: name its bucket with --replica, or leave it out"
        )
    if not _ROLE.fullmatch(archive_role):
        raise OptionError(
            f"--archive-role {archive_role!r} must be like arn:aws:iam::<account>:role/<name>"
        )


def expected_from(
    accounts: Sequence[str] | None,
    regions: Sequence[str] | None,
    *,
    whole_organization: bool,
    replicated: bool = False,
) -> str:
    """What said which accounts and regions must have digests."""
    in_bucket = f"the accounts in the {'replica' if replicated else 'bucket'}"
    sources = ["the accounts that are named" if accounts else in_bucket]
    if regions:
        sources.append("the regions that are named")
    if whole_organization:
        sources.append("the organization's accounts and their enabled regions")
    return ", ".join(sources)
