"""Reports as files: written, read again, and merged."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from integrity.findings import IntegrityFinding, Kind, Report, Request, Verified
from integrity.log_layout import AccountRegion
from integrity.report_file import ReportError, merge, plain, read_report, write_report

DAY = datetime(2026, 3, 2, tzinfo=UTC)
REQUEST = Request(
    bucket="org-logs",
    trail_arn="arn:aws:cloudtrail:us-east-1:123456789012:trail/Audit",
    organization="o-a1b2c3d4e5",
    prefix="logs",
    start=DAY - timedelta(days=1),
    end=DAY,
    due=DAY,
    other_trails=("Data",),
    allow_restart=True,
)
BAD = IntegrityFinding(kind=Kind.LOG_MISSING, subject="k", detail="d")
UNREAD = IntegrityFinding(kind=Kind.NOT_READABLE, subject="k", detail="d")


def verified(account: str, *findings: IntegrityFinding, region: str = "us-east-1") -> Verified:
    return Verified(account=account, region=region, digests=24, logs=7, findings=list(findings))


def report(*results: Verified, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "request": REQUEST,
        "expected_from": "the accounts in the bucket",
        **changes,
    }
    return Report(verified=list(results), **values)


LEFT = [AccountRegion("3", "us-east-1")]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (report(verified("1")), 0),
        (report(), 0),
        (report(verified("1", UNREAD)), 2),
        (report(verified("1", UNREAD, BAD)), 1),
        (report(verified("1"), unchecked=LEFT), 2),
        (report(verified("1"), missing_shards=["2/2"]), 2),
        (report(verified("1", BAD), unchecked=LEFT), 1),
    ],
    ids=[
        *("intact", "an empty part", "unreadable", "unreadable and missing", "stopped"),
        *("a part is missing", "stopped, and something is missing"),
    ],
)
def test_only_what_was_looked_at_is_intact(given: Report, code: int) -> None:
    assert given.exit_code == code
    assert plain(given)["intact"] is (code == 0)


FINDINGS = st.builds(
    IntegrityFinding, kind=st.sampled_from(Kind), subject=st.text(), detail=st.text()
)
PLACES = st.builds(AccountRegion, st.from_regex(r"\A\d{12}\Z"), st.sampled_from(["", "eu-west-1"]))


@given(
    findings=st.lists(FINDINGS, max_size=3),
    unchecked=st.lists(PLACES, max_size=3),
    shard=st.none() | st.sampled_from(["1/1", "2/7"]),
)
def test_a_report_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    findings: list[IntegrityFinding],
    unchecked: list[AccountRegion],
    shard: str | None,
) -> None:
    path = tmp_path_factory.getbasetemp() / "report.json"
    written = report(verified("1", *findings), unchecked=unchecked, shard=shard, missing_shards=[])

    write_report(written, path)

    assert read_report(path) == written


def test_writing_replaces_the_old_report_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    write_report(report(verified("1")), path)
    write_report(report(verified("2")), path)

    assert [each.account for each in read_report(path).verified] == ["2"]
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "No such file"),
        ("", "Invalid JSON"),
        ("{}", "bucket: Field required"),
        ({"verified": [{"account": "1"}]}, "verified.0.region: Field required"),
        ({"shard": "9/3"}, "must be K/N"),
        (
            {
                "verified": [
                    {
                        **plain(report(verified("1", BAD)))["verified"][0],
                        "findings": [{"kind": "FINE", "subject": "", "detail": ""}],
                    }
                ]
            },
            "FINE",
        ),
    ],
    ids=["no file", "empty", "another file", "cut", "no such part", "an unknown kind"],
)
def test_what_is_no_report_is_refused_with_its_name_and_why(
    tmp_path: Path, text: str | dict[str, Any] | None, said: str
) -> None:
    path = tmp_path / "report.json"
    if text is not None:
        whole = {**plain(report(verified("1"))), **text} if isinstance(text, dict) else None
        path.write_text(json.dumps(whole) if whole else str(text))

    with pytest.raises(
        ReportError, match=r"report\.json is no report that integrity wrote"
    ) as raised:
        read_report(path)
    assert said in str(raised.value)


def part(number: int, *results: Verified, **changes: Any) -> tuple[str, Report]:
    return f"{number}.json", report(*results, **{"shard": f"{number}/2", **changes})


def test_parts_are_merged_by_account_and_region_in_any_order() -> None:
    one, two = part(1, verified("2"), verified("4", BAD)), part(2, verified("1"), verified("3"))

    merged = merge([two, one])

    assert merged == merge([one, two])
    assert [each.account for each in merged.verified] == ["1", "2", "3", "4"]
    assert (merged.shard, merged.missing_shards, merged.exit_code) == (None, [], 1)


def test_a_part_that_is_not_there_or_was_stopped_leaves_the_whole_unproven() -> None:
    two = part(2, verified("1"))

    missing = merge([two])
    stopped = merge([two, part(1, unchecked=LEFT)])

    assert (missing.missing_shards, missing.exit_code) == (["1/2"], 2)
    assert (stopped.unchecked, stopped.missing_shards, stopped.exit_code) == (LEFT, [], 2)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (part(2, verified("1")), "1.json and 2.json both have 1 us-east-1|2.json and 1.json both"),
        (part(2, unchecked=[AccountRegion("1", "us-east-1")]), "both have 1 us-east-1"),
        (("2.json", report(shard="1/2")), "both of shard 1/2"),
        (("2.json", report(shard="2/3")), "different partitions"),
        (("2.json", report(shard=None)), "some reports are of a --shard"),
        (("2.json", report(shard=None, missing_shards=["1/2"])), "2.json is merged already"),
        (
            part(2, request=replace(REQUEST, start=DAY - timedelta(days=2))),
            "start is .* in one, .* in the other: give every part the same --start and --end",
        ),
        (part(2, request=replace(REQUEST, bucket="other")), "bucket is org-logs in one, other in"),
        (part(2, request=replace(REQUEST, allow_restart=False)), "allow_restart is True in one"),
    ],
    ids=[
        *("the same place", "the same place, unchecked", "the same part", "another partition"),
        *("no part", "merged already", "another day", "another bucket", "another rule"),
    ],
)
def test_what_does_not_belong_together_is_not_merged(second: tuple[str, Report], said: str) -> None:
    with pytest.raises(ReportError, match=said):
        merge([part(1, verified("1")), second])
