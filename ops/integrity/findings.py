"""What a verification finds, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from integrity.log_layout import AccountRegion

INTACT = 0
NOT_INTACT = 1
NOT_VERIFIED = 2


class Kind(StrEnum):
    """What is wrong; the value says what it means."""

    LOG_ALTERED = "a log file is not what CloudTrail delivered"
    LOG_MISSING = "a log file that CloudTrail delivered is gone"
    DIGEST_INVALID = "a digest file is not what CloudTrail delivered"
    DIGESTS_MISSING = "no valid digest file proves these hours"
    CHAIN_BROKEN = "two digest files do not follow each other"
    CHAIN_RESTARTED = "the trail was stopped and started, or is new"
    UNEXPECTED_FILE = "a file that the trail did not deliver lies among the digest files"
    NOT_READABLE = "it could not be read, so it is not verified"


@dataclass(frozen=True, kw_only=True)
class IntegrityFinding:
    """Something that an auditor must know.

    Attributes:
        kind: what is wrong.
        subject: the object's key, the period, or what could not be read.
        detail: what was seen.
    """

    kind: Kind
    subject: str
    detail: str


def unreadable(subject: str, error: Exception) -> IntegrityFinding:
    """A finding for what AWS rejected the call."""
    return IntegrityFinding(kind=Kind.NOT_READABLE, subject=subject, detail=str(error))


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One account's logs in one region.

    Attributes:
        account: the account, 12 digits.
        region: the region; empty for findings that concern all of the account's regions.
        digests: how many digest files are valid.
        logs: how many log files are what CloudTrail delivered.
        findings: what is wrong.
    """

    account: str
    region: str
    digests: int = 0
    logs: int = 0
    findings: Sequence[IntegrityFinding] = ()


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a verification was asked for: two with the same can be merged.

    Attributes:
        bucket: the log bucket.
        trail_arn: the trail's ARN.
        organization: the organization's id, of an organization trail.
        prefix: the trail's S3 key prefix.
        start: from when.
        end: until when.
        due: until when digests had to be there.
        other_trails: names of other trails that deliver to the same folders.
        allow_restart: whether restarted chains are accepted.
        replica: the bucket that is read in the log bucket's place; None for the log bucket.
        archive_role: ARN of the role that reads it; None for the caller's own credentials.
    """

    bucket: str
    trail_arn: str
    organization: str | None
    prefix: str
    start: datetime
    end: datetime
    due: datetime
    other_trails: Sequence[str] = ()
    allow_restart: bool = False
    replica: str | None = None
    archive_role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole verification.

    Attributes:
        request: what was asked for.
        expected_from: what said which accounts and regions must have digests.
        verified: the results, by account and region.
        unchecked: the accounts and regions that were not reached before the end.
        shard: which part of the accounts and regions this is, as K/N; None for all.
        missing_shards: the parts that a merged report lacks.
    """

    request: Request
    expected_from: str
    verified: Sequence[Verified] = ()
    unchecked: Sequence[AccountRegion] = ()
    shard: str | None = None
    missing_shards: Sequence[str] = ()

    @property
    def whole(self) -> bool:
        """Whether everything that was asked for was looked at."""
        return not self.unchecked and not self.missing_shards

    @property
    def exit_code(self) -> int:
        """0: intact. 1: something is altered or missing. 2: only that not all could be verified."""
        kinds = {finding.kind for each in self.verified for finding in each.findings}
        if kinds - {Kind.NOT_READABLE}:
            return NOT_INTACT
        return NOT_VERIFIED if kinds or not self.whole else INTACT
