from typing import Any

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.storage.costs import (
    DAYS_PER_MONTH,
    DEEP_ARCHIVE,
    GLACIER_IR,
    STANDARD,
    Stay,
    TierCost,
    monthly_costs,
)

YEAR = 365
FOR_EVER = [Stay(storage_class=STANDARD, from_day=0, to_day=None)]
THREE_TIERS = [
    Stay(storage_class=STANDARD, from_day=0, to_day=90),
    Stay(storage_class=GLACIER_IR, from_day=90, to_day=YEAR),
    Stay(storage_class=DEEP_ARCHIVE, from_day=YEAR, to_day=7 * YEAR),
]


def costs(stays: list[Stay], **change: Any) -> list[TierCost]:
    return monthly_costs(stays, **{"gb_per_month": 100, "after_years": 10, **change})


def test_logs_that_are_kept_for_ever_cost_more_every_year() -> None:
    (after_one,) = costs(FOR_EVER, after_years=1)
    (after_ten,) = costs(FOR_EVER, after_years=10)

    assert after_one.gb == pytest.approx(1_200)
    assert after_one.usd_per_month == pytest.approx(1_200 * 0.023)
    assert after_ten.usd_per_month == pytest.approx(10 * after_one.usd_per_month)


def test_once_the_first_logs_have_expired_costs_stay_the_same() -> None:
    assert costs(THREE_TIERS, after_years=7) == costs(THREE_TIERS, after_years=50)


def test_each_class_holds_the_logs_of_its_days() -> None:
    held = [(cost.storage_class, cost.gb) for cost in costs(THREE_TIERS)]

    assert [name for name, _ in held] == ["STANDARD", "GLACIER_IR", "DEEP_ARCHIVE"]
    assert [gb for _, gb in held] == pytest.approx(
        [100 * days / DAYS_PER_MONTH for days in (90, 275, 6 * YEAR)]
    )


def test_a_class_that_no_log_has_reached_costs_nothing() -> None:
    *_, archive = costs(THREE_TIERS, after_years=0.5)

    assert (archive.gb, archive.usd_per_month) == (0, 0)


def test_moving_and_the_archives_overhead_are_billed_by_object() -> None:
    _, _, archive = costs(THREE_TIERS, moved_kb=1_000)

    objects = 100_000
    months = 6 * YEAR / DAYS_PER_MONTH
    kept_gb_per_kb = objects * months / 1_000_000
    assert archive.usd_per_month == pytest.approx(
        archive.gb * 0.00099
        + objects / 1_000 * 0.05
        + kept_gb_per_kb * 32 * 0.00099
        + kept_gb_per_kb * 8 * 0.023
    )


def test_small_files_stay_in_the_first_class_until_they_expire() -> None:
    standard, instant, archive = costs(THREE_TIERS, small_share=1)

    assert standard.gb == pytest.approx(100 * 7 * YEAR / DAYS_PER_MONTH)
    assert (instant.gb, archive.gb) == (0, 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stays": []}, "stays is empty"),
        ({"gb_per_month": -1}, "gb_per_month = -1 must be 0 or more"),
        ({"after_years": 0}, "after_years = 0 must be more than 0"),
        ({"small_share": 1.5}, r"small_share = 1\.5 must be from 0 to 1"),
        ({"moved_kb": 20}, "moved_kb = 20 must be 128 or more"),
    ],
)
def test_a_number_out_of_range_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidValueError, match=f"cost estimate: {message}"):
        costs(change.pop("stays", FOR_EVER), **change)
