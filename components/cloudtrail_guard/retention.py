"""How long logs are kept: the lock that nobody shortens, and the lifecycle that ends it.

Pure values and checks; the components turn them into resources.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from cloudtrail_guard.documents import DocumentError

LockMode: TypeAlias = Literal["GOVERNANCE", "COMPLIANCE"]

LOCK_MODES: tuple[LockMode, ...] = ("GOVERNANCE", "COMPLIANCE")

MAX_LOCK_DAYS = 36_500
"""100 years (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html)."""


@dataclass(frozen=True, kw_only=True)
class ObjectLock:
    """The default retention of new log files.

    Attributes:
        mode: GOVERNANCE lets whoever may bypass it through, COMPLIANCE nobody.
        days: the period in days, or
        years: the period in years; exactly one of both.
    """

    mode: str = "GOVERNANCE"
    days: int | None = None
    years: int | None = None

    def __post_init__(self) -> None:
        """Refuse what S3 would refuse.

        Raises:
            DocumentError: an unknown mode, both or no period, or a period out of range.
        """
        if self.mode not in LOCK_MODES:
            raise DocumentError(
                f"object lock mode {self.mode!r} is not one of {', '.join(LOCK_MODES)}"
            )
        if (self.days is None) == (self.years is None):
            raise DocumentError(
                f"object lock has days={self.days} and years={self.years}; set exactly one of them"
            )
        if not 1 <= self.in_days <= MAX_LOCK_DAYS:
            raise DocumentError(
                f"object lock of {self._period()} is out of range; "
                f"S3 allows 1 day to {MAX_LOCK_DAYS:,} days (100 years)"
            )

    @property
    def in_days(self) -> int:
        """The period in days, years counted with their leap days."""
        return self.days if self.days is not None else math.ceil((self.years or 0) * 365.25)

    def _period(self) -> str:
        return f"{self.days} days" if self.days is not None else f"{self.years} years"


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """When log files leave the bucket, in days.

    Attributes:
        expire_after_days: after which a log file expires; 0 keeps logs for ever.
        expire_noncurrent_after_days: after which a version that was overwritten or deleted goes.
            A locked version outlives this: S3 never expires it before its lock ends.
        abort_uploads_after_days: after which an unfinished upload is dropped.
    """

    expire_after_days: int = 2_557
    expire_noncurrent_after_days: int = 90
    abort_uploads_after_days: int = 7

    def __post_init__(self) -> None:
        """Refuse periods that S3 has not.

        Raises:
            DocumentError: a period is too short.
        """
        for name, days in vars(self).items():
            lowest = 0 if name == "expire_after_days" else 1
            if days < lowest:
                raise DocumentError(f"lifecycle {name} = {days} must be {lowest} or more days")


def check_retention(lock: ObjectLock, lifecycle: Lifecycle) -> None:
    """Refuse a lifecycle that would expire logs while they are locked.

    Raises:
        DocumentError: the expiry is shorter than the lock.
    """
    expiry = lifecycle.expire_after_days
    if 0 < expiry < lock.in_days:
        raise DocumentError(
            f"lifecycle expires logs after {expiry} days, but the object lock holds them for "
            f"{lock.in_days} days: expire after {lock.in_days} days or more, or shorten the lock"
        )


def lifecycle_rules(lifecycle: Lifecycle) -> list[dict[str, Any]]:
    """The lifecycle as S3's rules, in Pulumi's names.

    Delete markers have a rule of their own: S3 takes no ``expired_object_delete_marker`` beside
    ``days``.
    """
    rule: dict[str, Any] = {
        "id": "expire-logs",
        "status": "Enabled",
        "filter": {},
        "noncurrent_version_expiration": {
            "noncurrent_days": lifecycle.expire_noncurrent_after_days
        },
        "abort_incomplete_multipart_upload": {
            "days_after_initiation": lifecycle.abort_uploads_after_days
        },
    }
    if lifecycle.expire_after_days:
        rule["expiration"] = {"days": lifecycle.expire_after_days}
    markers = {
        "id": "remove-expired-delete-markers",
        "status": "Enabled",
        "filter": {},
        "expiration": {"expired_object_delete_marker": True},
    }
    return [rule, markers]
