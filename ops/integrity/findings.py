"""What a verification finds, as plain values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

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
class Report:
    """The whole verification.

    Attributes:
        bucket: the log bucket.
        start: from when.
        end: until when digests had to be there.
        expected_from: what said which accounts and regions must have digests.
        verified: the results, by account and region.
    """

    bucket: str
    start: datetime
    end: datetime
    expected_from: str
    verified: Sequence[Verified] = field(default=())

    @property
    def exit_code(self) -> int:
        """0: intact. 1: something is altered or missing. 2: only that something is unreadable."""
        kinds = {finding.kind for each in self.verified for finding in each.findings}
        if not kinds:
            return INTACT
        return NOT_VERIFIED if kinds == {Kind.NOT_READABLE} else NOT_INTACT

    def plain(self) -> dict[str, Any]:
        """The same as JSON takes it."""
        return {
            "bucket": self.bucket,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "expectedFrom": self.expected_from,
            "intact": self.exit_code == INTACT,
            "verified": [
                {
                    **asdict(each),
                    "findings": [
                        {
                            "kind": finding.kind.name,
                            "meaning": finding.kind,
                            "subject": finding.subject,
                            "detail": finding.detail,
                        }
                        for finding in each.findings
                    ],
                }
                for each in self.verified
            ],
        }
