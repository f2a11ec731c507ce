"""Reports as JSON files: written, read to go on from, and merged."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from integrity.findings import INTACT, IntegrityFinding, Kind, Report, Request, Verified
from integrity.log_layout import AccountRegion
from integrity.options import OptionError
from integrity.shards import Shard


class ReportError(Exception):
    """A report cannot be used; the message says which, why, and what to do."""


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


class _Finding(_Model):
    kind: str
    subject: str
    detail: str


class _Verified(_Model):
    account: str
    region: str
    digests: int
    logs: int
    findings: list[_Finding]


class _Place(_Model):
    account: str
    region: str


class _Request(_Model):
    trail_arn: str
    organization: str | None
    prefix: str
    end: datetime
    other_trails: list[str]
    allow_restart: bool
    replica: str | None = None
    archive_role: str | None = None


class _File(_Model):
    bucket: str
    start: datetime
    end: datetime
    expected_from: str
    request: _Request
    shard: str | None
    missing_shards: list[str]
    unchecked: list[_Place]
    verified: list[_Verified]


def plain(report: Report) -> dict[str, Any]:
    """A report as JSON takes it."""
    request = report.request
    return {
        "bucket": request.bucket,
        "start": request.start.isoformat(),
        "end": request.due.isoformat(),
        "expectedFrom": report.expected_from,
        "intact": report.exit_code == INTACT,
        "request": {
            "trailArn": request.trail_arn,
            "organization": request.organization,
            "prefix": request.prefix,
            "end": request.end.isoformat(),
            "otherTrails": list(request.other_trails),
            "allowRestart": request.allow_restart,
            "replica": request.replica,
            "archiveRole": request.archive_role,
        },
        "shard": report.shard,
        "missingShards": list(report.missing_shards),
        "unchecked": [place._asdict() for place in report.unchecked],
        "verified": [
            {
                "account": each.account,
                "region": each.region,
                "digests": each.digests,
                "logs": each.logs,
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
            for each in report.verified
        ],
    }


def write_report(report: Report, path: Path) -> None:
    """Write a report; a reader sees the old one or the new one, never half of one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(plain(report), indent=2) + "\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_report(path: Path) -> Report:
    """Read a report.

    Raises:
        ReportError: it is no report of this command.
    """
    try:
        file = _File.model_validate_json(path.read_bytes())
        verified = [
            Verified(
                account=each.account,
                region=each.region,
                digests=each.digests,
                logs=each.logs,
                findings=[
                    IntegrityFinding(
                        kind=Kind[finding.kind], subject=finding.subject, detail=finding.detail
                    )
                    for finding in each.findings
                ],
            )
            for each in file.verified
        ]
        for shard in [*([file.shard] if file.shard else []), *file.missing_shards]:
            Shard.parse(shard)
    except (OSError, ValidationError, KeyError, OptionError) as error:
        why = (
            "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
            if isinstance(error, ValidationError)
            else str(error)
        )
        raise ReportError(f"{path} is no report that integrity wrote with --json: {why}") from None
    asked = file.request
    return Report(
        request=Request(
            bucket=file.bucket,
            trail_arn=asked.trail_arn,
            organization=asked.organization,
            prefix=asked.prefix,
            start=file.start,
            end=asked.end,
            due=file.end,
            other_trails=tuple(asked.other_trails),
            allow_restart=asked.allow_restart,
            replica=asked.replica,
            archive_role=asked.archive_role,
        ),
        expected_from=file.expected_from,
        verified=verified,
        unchecked=[AccountRegion(place.account, place.region) for place in file.unchecked],
        shard=file.shard,
        missing_shards=file.missing_shards,
    )


def merge(reports: Sequence[tuple[str, Report]]) -> Report:
    """One report of several parts of a verification.

    A part that is not there makes the result incomplete.

    Args:
        reports: each with the name of its file; at least one.

    Raises:
        ReportError: they are not parts of one verification, or one part is there twice.
    """
    (name, first), *others = reports
    for other_name, other in others:
        _check_same(name, first, other_name, other)
    seen: dict[tuple[str, str], str] = {}
    for of, report in reports:
        for place in [
            *((each.account, each.region) for each in report.verified),
            *report.unchecked,
        ]:
            if place in seen:
                raise ReportError(
                    f"{of} and {seen[place]} both have {place[0]} {place[1] or '(all regions)'}: "
                    "pass each part once, and of a resumed one the last report alone"
                )
            seen[place] = of
    return Report(
        request=first.request,
        expected_from=", ".join(dict.fromkeys(report.expected_from for _, report in reports)),
        verified=sorted(
            (each for _, report in reports for each in report.verified),
            key=lambda each: (each.account, each.region),
        ),
        unchecked=sorted(place for _, report in reports for place in report.unchecked),
        missing_shards=_missing(reports),
    )


def _check_same(name: str, first: Report, other_name: str, other: Report) -> None:
    for field in Request.__dataclass_fields__:
        ours, theirs = getattr(first.request, field), getattr(other.request, field)
        if ours != theirs:
            hint = (
                ": give every part the same --start and --end" if isinstance(ours, datetime) else ""
            )
            raise ReportError(
                f"{name} and {other_name} are of different verifications: {field} is {ours} in "
                f"one, {theirs} in the other{hint}"
            )


def _missing(reports: Sequence[tuple[str, Report]]) -> list[str]:
    """The shards that no report is of.

    Raises:
        ReportError: they are of different partitions, or one is there twice.
    """
    for name, report in reports:
        if report.missing_shards and len(reports) > 1:
            raise ReportError(f"{name} is merged already, and not of all parts: merge its parts")
    shards = [(name, Shard.parse(report.shard)) for name, report in reports if report.shard]
    if shards and len(shards) < len(reports):
        raise ReportError("some reports are of a --shard, and some are not: pass one kind")
    counts = {shard.count for _, shard in shards}
    if len(counts) > 1:
        raise ReportError(f"the reports are of different partitions: N of K/N is {sorted(counts)}")
    there: dict[int, str] = {}
    for name, shard in shards:
        if shard.number in there:
            raise ReportError(f"{name} and {there[shard.number]} are both of shard {shard}")
        there[shard.number] = name
    if not shards:
        return list(reports[0][1].missing_shards)
    [count] = counts
    every = (Shard(number, count) for number in range(1, count + 1))
    return [str(shard) for shard in every if shard.number not in there]


def with_results(
    report: Report, verified: Sequence[Verified], unchecked: Sequence[AccountRegion]
) -> Report:
    """A report with more results, and what is unchecked now."""
    return replace(
        report,
        verified=sorted(
            [*report.verified, *verified], key=lambda each: (each.account, each.region)
        ),
        unchecked=sorted(unchecked),
    )
