"""What keeping logs costs: S3's storage classes as data, and a small estimate.

Storage and lifecycle requests only; reading, replication and taxes are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.errors import InvalidValueError

DAYS_PER_MONTH = 365.25 / 12

PRICES_AS_OF = "2025-09, us-east-1, first 50 TB"
"""Where and when the prices below hold. Source: https://aws.amazon.com/s3/pricing/"""


@dataclass(frozen=True, kw_only=True)
class StorageClass:
    """A storage class of S3.

    Attributes:
        name: as S3's API calls it.
        minimum_days: an object that leaves earlier is billed for these days all the same
            (https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html).
        usd_per_gb_month: storage, in US dollars for a GB and month.
        usd_per_1000_moves: lifecycle requests into the class, in US dollars for a thousand objects.
        overhead_kb: what S3 adds to each object in the class, in KB, billed at the class's rate.
        standard_overhead_kb: what S3 adds to each object, in KB, billed as STANDARD.
    """

    name: str
    minimum_days: int
    usd_per_gb_month: float
    usd_per_1000_moves: float = 0.0
    overhead_kb: int = 0
    standard_overhead_kb: int = 0


STANDARD = StorageClass(name="STANDARD", minimum_days=0, usd_per_gb_month=0.023)
GLACIER_IR = StorageClass(
    name="GLACIER_IR", minimum_days=90, usd_per_gb_month=0.004, usd_per_1000_moves=0.02
)
DEEP_ARCHIVE = StorageClass(
    name="DEEP_ARCHIVE",
    minimum_days=180,
    usd_per_gb_month=0.00099,
    usd_per_1000_moves=0.05,
    overhead_kb=32,
    standard_overhead_kb=8,
)

SMALLEST_MOVED_KB = 128
"""S3 moves no smaller object by default, since September 2024
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html).
"""


@dataclass(frozen=True, kw_only=True)
class Stay:
    """How long an object is in a storage class.

    Attributes:
        storage_class: the class.
        from_day: the object's age in days when it comes.
        to_day: its age when it leaves; None if it stays for ever.
    """

    storage_class: StorageClass
    from_day: int
    to_day: int | None


@dataclass(frozen=True, kw_only=True)
class TierCost:
    """What one storage class holds and costs.

    Attributes:
        storage_class: the class's name.
        gb: how much it holds, in GB.
        usd_per_month: storage and the month's lifecycle requests, in US dollars.
    """

    storage_class: str
    gb: float
    usd_per_month: float


def monthly_costs(
    stays: Sequence[Stay],
    *,
    gb_per_month: float,
    after_years: float,
    small_share: float = 0.0,
    moved_kb: float = 512.0,
) -> list[TierCost]:
    """What a month costs, once logs have been written for some years.

    Args:
        stays: where a log file is at what age, the youngest first.
        gb_per_month: how much CloudTrail writes, compressed, in GB a month.
        after_years: how long it has been writing.
        small_share: the share of it, 0 to 1, in files below 128 KB: they stay in the first class.
        moved_kb: the mean size of the other files, in KB.

    Returns:
        One entry for each stay, in their order.

    Raises:
        InvalidValueError: a number is out of its range, or there is no stay.
    """
    _check(stays, gb_per_month, after_years, small_share, moved_kb)
    age = after_years * 365.25
    expiry = stays[-1].to_day
    large = gb_per_month * (1 - small_share)
    objects = large * 1_000_000 / moved_kb
    small_gb = gb_per_month * small_share * _months(0, expiry, age)
    costs: list[TierCost] = []
    for stay in stays:
        kind = stay.storage_class
        months = _months(stay.from_day, stay.to_day, age)
        gb = large * months + (small_gb if stay is stays[0] else 0.0)
        kept = objects * months
        overhead = kept / 1_000_000 * kind.overhead_kb * kind.usd_per_gb_month
        overhead += kept / 1_000_000 * kind.standard_overhead_kb * STANDARD.usd_per_gb_month
        moves = objects / 1_000 * kind.usd_per_1000_moves if stay.from_day < age else 0.0
        costs.append(
            TierCost(
                storage_class=kind.name,
                gb=gb,
                usd_per_month=gb * kind.usd_per_gb_month + overhead + moves,
            )
        )
    return costs


def _months(start: int, end: int | None, age: float) -> float:
    """How many months' logs are between two ages."""
    last = age if end is None else min(end, age)
    return max(0.0, last - start) / DAYS_PER_MONTH


def _check(
    stays: Sequence[Stay],
    gb_per_month: float,
    after_years: float,
    small_share: float,
    moved_kb: float,
) -> None:
    wrong = {
        "stays is empty, must have one or more": not stays,
        f"gb_per_month = {gb_per_month} must be 0 or more": gb_per_month < 0,
        f"after_years = {after_years} must be more than 0": after_years <= 0,
        f"small_share = {small_share} must be from 0 to 1": not 0 <= small_share <= 1,
        f"moved_kb = {moved_kb} must be {SMALLEST_MOVED_KB} or more: S3 moves no smaller "
        "file": moved_kb < SMALLEST_MOVED_KB,
    }
    for message, is_wrong in wrong.items():
        if is_wrong:
            raise InvalidValueError(f"cost estimate: {message}")
