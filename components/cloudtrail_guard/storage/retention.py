"""How long logs are kept: the lock that no one shortens, and the lifecycle that ends it.

Pure values and checks; the components turn them into resources.
"""

import math
from dataclasses import dataclass
from typing import Any

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.choices import ObjectLockMode
from cloudtrail_guard.storage.costs import DEEP_ARCHIVE, GLACIER_IR, STANDARD, Stay

MOST_DAYS = 2**31 - 1
"""S3 counts the days of a lifecycle in 32 bits (botocore's model of it)."""

MAX_LOCK_DAYS = 36_500
"""100 years (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html)."""


@dataclass(frozen=True, kw_only=True)
class ObjectLock:
    """The default retention of new log files.

    Attributes:
        mode: GOVERNANCE lets those through who may bypass it, COMPLIANCE no one.
        days: the period in days, or
        years: the period in years; exactly one of both.
    """

    mode: str = "GOVERNANCE"
    days: int | None = None
    years: int | None = None

    def __post_init__(self) -> None:
        """Reject what S3 would reject.

        Raises:
            InvalidValueError: an unknown mode, both or no period, or a period out of range.
        """
        if self.mode not in tuple(ObjectLockMode):
            raise InvalidValueError(
                f"object lock mode {self.mode!r} is not one of {', '.join(ObjectLockMode)}"
            )
        if (self.days is None) == (self.years is None):
            raise InvalidValueError(
                f"object lock has days={self.days} and years={self.years}; set exactly one of them"
            )
        if not 1 <= self.in_days <= MAX_LOCK_DAYS:
            raise InvalidValueError(
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
            A locked version outlives this: S3 never expires it before its lock ends. None: as late
            as logs do, see `noncurrent_days`.
        abort_uploads_after_days: after which an unfinished upload is dropped.
        glacier_ir_after_days: after which a log file moves to GLACIER_IR; 0: it does not.
        deep_archive_after_days: after which it moves to DEEP_ARCHIVE; 0: it does not.
    """

    expire_after_days: int = 2_557
    expire_noncurrent_after_days: int | None = None
    abort_uploads_after_days: int = 7
    glacier_ir_after_days: int = 0
    deep_archive_after_days: int = 0

    def __post_init__(self) -> None:
        """Reject periods that S3 does not allow, and moves that cost more than they save.

        Raises:
            InvalidValueError: a period is too short, or a file would leave a storage class before
                the class's minimum storage duration, which is billed in any case.
        """
        for name, days in vars(self).items():
            lowest = 0 if name in _MAY_BE_NEVER else 1
            if days is not None and days < lowest:
                raise InvalidValueError(f"lifecycle {name} = {days} must be {lowest} or more days")
            if days is not None and days > MOST_DAYS:
                raise InvalidValueError(
                    f"lifecycle {name} = {days} must be {MOST_DAYS:,} days or less"
                )
        for stay in self.stays:
            _check_stay(stay)

    @property
    def stays(self) -> list[Stay]:
        """Where a log file is at what age, the youngest first."""
        moves = [
            (GLACIER_IR, self.glacier_ir_after_days),
            (DEEP_ARCHIVE, self.deep_archive_after_days),
        ]
        starts = [(STANDARD, 0), *((kind, days) for kind, days in moves if days)]
        ends = [*(days for _, days in starts[1:]), self.expire_after_days or None]
        return [
            Stay(storage_class=kind, from_day=start, to_day=end)
            for (kind, start), end in zip(starts, ends, strict=True)
        ]


_AFTER_THE_LOCK_DAYS = 90
_MAY_BE_NEVER = ("expire_after_days", "glacier_ir_after_days", "deep_archive_after_days")


def _check_stay(stay: Stay) -> None:
    kind, end = stay.storage_class, stay.to_day
    if end is not None and end - stay.from_day < kind.minimum_days:
        raise InvalidValueError(
            f"lifecycle moves logs to {kind.name} after {stay.from_day} days, and on or out after "
            f"{end} days; {kind.name} bills {kind.minimum_days} days at least: let the next step "
            f"come after {stay.from_day + kind.minimum_days} days or more"
        )


def check_retention(lock: ObjectLock, lifecycle: Lifecycle, *, existing: bool = False) -> None:
    """Reject a lifecycle that would expire logs while they are locked, or hidden logs too early.

    Args:
        lock: the lock on new logs.
        lifecycle: the lifecycle.
        existing: whether the bucket has logs from before the lock.

    Raises:
        InvalidValueError: the expiry is shorter than the lock, or a log that a new version or a
            delete marker hides would be destroyed before the others expire.
    """
    expiry = lifecycle.expire_after_days
    if 0 < expiry < lock.in_days:
        raise InvalidValueError(
            f"lifecycle expires logs after {expiry} days, but the object lock holds them for "
            f"{lock.in_days} days: expire after {lock.in_days} days or more, or shorten the lock"
        )
    hidden = lifecycle.expire_noncurrent_after_days
    if hidden is None or _is_locked_throughout(lock, lifecycle, existing=existing):
        return
    if not expiry or hidden < expiry:
        kept = f"for {expiry} days" if expiry else "for ever"
        least = f"expire them after {expiry} days or more, " if expiry else ""
        locked = "before the lock" if existing else f"after their lock of {lock.in_days} days"
        raise InvalidValueError(
            f"lifecycle destroys noncurrent versions after {hidden} days, but logs are kept {kept}"
            f": {locked}, a log that a new version or a delete marker hides would be lost early; "
            f"{least}leave expire_noncurrent_after_days out, or lock new logs for as long as "
            "they are kept"
        )


def noncurrent_days(lock: ObjectLock, lifecycle: Lifecycle, *, existing: bool = False) -> int:
    """After how many days a version that was overwritten or deleted goes; 0: never.

    S3 counts from when the version was hidden, which may be soon after it was written: so it takes
    as long as logs are kept, unless a lock already keeps each version for as long. A log that
    expired in time becomes such a version as well.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html

    Args:
        lock: the lock on new logs.
        lifecycle: the lifecycle.
        existing: whether the bucket has logs from before the lock.
    """
    if lifecycle.expire_noncurrent_after_days is not None:
        return lifecycle.expire_noncurrent_after_days
    if _is_locked_throughout(lock, lifecycle, existing=existing):
        return _AFTER_THE_LOCK_DAYS
    return lifecycle.expire_after_days


def _is_locked_throughout(lock: ObjectLock, lifecycle: Lifecycle, *, existing: bool) -> bool:
    return not existing and 0 < lifecycle.expire_after_days <= lock.in_days


def lifecycle_rules(
    lock: ObjectLock, lifecycle: Lifecycle, *, existing: bool = False
) -> list[dict[str, Any]]:
    """The lifecycle as S3's rules, in Pulumi's names.

    Delete markers have a rule of their own: S3 takes no ``expired_object_delete_marker`` beside
    ``days``.
    """
    rule: dict[str, Any] = {
        "id": "expire-logs",
        "status": "Enabled",
        "filter": {},
        "abort_incomplete_multipart_upload": {
            "days_after_initiation": lifecycle.abort_uploads_after_days
        },
    }
    if hidden := noncurrent_days(lock, lifecycle, existing=existing):
        rule["noncurrent_version_expiration"] = {"noncurrent_days": hidden}
    if moves := lifecycle.stays[1:]:
        rule["transitions"] = [
            {"days": move.from_day, "storage_class": move.storage_class.name} for move in moves
        ]
    if lifecycle.expire_after_days:
        rule["expiration"] = {"days": lifecycle.expire_after_days}
    markers = {
        "id": "remove-expired-delete-markers",
        "status": "Enabled",
        "filter": {},
        "expiration": {"expired_object_delete_marker": True},
    }
    return [rule, markers]
