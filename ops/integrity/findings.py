"""What the check finds, as plain values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What is wrong; the value says what it means."""

    LOG_ALTERED = "a log file is not what CloudTrail delivered"
    LOG_MISSING = "a log file that CloudTrail delivered is gone"
    DIGEST_INVALID = "a digest file is not what CloudTrail delivered"
    DIGESTS_MISSING = "digest files are gone, and with them the proof for their hours"
    CHAIN_BROKEN = "two digest files do not follow each other"
    CHAIN_RESTARTED = "the trail was stopped and started, or is new"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that an auditor must know.

    Attributes:
        kind: what is wrong.
        what: the object's key, or the period.
        detail: what was seen.
    """

    kind: Kind
    what: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One account's logs in one region.

    Attributes:
        account: the account, 12 digits.
        region: the region.
        digests: how many digest files are valid.
        logs: how many log files are what CloudTrail delivered.
        findings: what is wrong.
    """

    account: str
    region: str
    digests: int = 0
    logs: int = 0
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The whole check.

    Attributes:
        bucket: the log bucket.
        start: from when.
        end: until when.
        checked: what was checked, by account and region.
    """

    bucket: str
    start: datetime
    end: datetime
    checked: Sequence[Checked] = field(default=())

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not any(each.findings for each in self.checked)

    def plain(self) -> dict[str, Any]:
        """The same as JSON takes it."""
        return {
            "bucket": self.bucket,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "whole": self.whole,
            "checked": [
                {
                    **asdict(each),
                    "findings": [
                        {"kind": f.kind.name, "meaning": f.kind, "what": f.what, "detail": f.detail}
                        for f in each.findings
                    ],
                }
                for each in self.checked
            ],
        }
