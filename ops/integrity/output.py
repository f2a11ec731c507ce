"""How a report looks in a terminal, or in the log of a CI job."""

from collections import Counter
from itertools import groupby
from pathlib import Path

from rich.table import Table
from terminal import make_console, printable

from integrity.findings import INTACT, IntegrityFinding, Kind, Report, Verified

_MISSING = {Kind.LOG_MISSING, Kind.DIGESTS_MISSING}
_AT_MOST = 10
"""How many findings of one kind are printed for an account and region; the JSON file has all."""


def show(report: Report, json_file: Path | None = None) -> None:
    """Print a report: a table of what was verified, the findings, and what it was held against.

    Args:
        report: the report.
        json_file: where it was written.
    """
    console = make_console()
    table = Table("account", "region", "digests", "log files", "findings", box=None, pad_edge=False)
    for each in report.verified:
        table.add_row(
            each.account,
            each.region or "(all)",
            str(each.digests),
            str(each.logs),
            str(len(each.findings)),
        )
    console.print(table)
    for each in report.verified:
        for line in _lines(each):
            console.print(line, style="red", markup=False, soft_wrap=True)
    for line in _unchecked(report, json_file):
        console.print(line, style="red", markup=False, soft_wrap=True)
    request = report.request
    if report.exit_code == INTACT:
        part = f" (part {report.shard})" if report.shard else ""
        read = f"s3://{request.bucket}"
        if request.replica:
            read = f"s3://{request.replica}, as a replica of {read},"
        console.print(
            f"\n{read} is intact from {request.start:%Y-%m-%d %H:%M} to "
            f"{request.due:%Y-%m-%d %H:%M} UTC{part}.",
            style="green",
            soft_wrap=True,
        )
    if request.replica and _lacks(report):
        console.print(
            f"\nWhat is missing in s3://{request.replica} may be in s3://{request.bucket}, if it "
            "was written before the replication began, or was not replicated.",
            markup=False,
            soft_wrap=True,
        )
    console.print(
        f"\nDigests were expected from: {report.expected_from}.",
        style="dim",
        soft_wrap=True,
    )


def _lacks(report: Report) -> bool:
    return any(finding.kind in _MISSING for each in report.verified for finding in each.findings)


def _unchecked(report: Report, json_file: Path | None) -> list[str]:
    """What was not looked at, and how to go on."""
    lines: list[str] = []
    if report.missing_shards:
        lines.append(f"\nnot verified: no report of shard {', '.join(report.missing_shards)}")
    if report.unchecked:
        shown = [f"  {place.account} {place.region}" for place in report.unchecked[:_AT_MOST]]
        if more := len(report.unchecked) - len(shown):
            shown.append(f"  and {more} more")
        total = len(report.unchecked) + sum(1 for each in report.verified if each.region)
        lines.append(
            "\n".join([f"\nstopped: {len(report.unchecked)} of {total} not verified", *shown])
        )
        if json_file:
            lines.append(f"\nGo on with: cloudtrail-guard integrity --resume {json_file}")
    return lines


def _lines(verified: Verified) -> list[str]:
    place = f"{verified.account} {verified.region or '(all regions)'}"
    counted = Counter(finding.kind for finding in verified.findings)
    lines: list[str] = []
    ordered = sorted(verified.findings, key=lambda finding: list(counted).index(finding.kind))
    for kind, findings in groupby(ordered, key=lambda finding: finding.kind):
        shown = list(findings)[:_AT_MOST]
        lines += [_line(place, finding) for finding in shown]
        if more := counted[kind] - len(shown):
            lines.append(f"\n{place}: {kind}\n  and {more} more: --json FILE lists them")
    return lines


def _line(place: str, finding: IntegrityFinding) -> str:
    subject, detail = printable(finding.subject), printable(finding.detail)
    return f"\n{place}: {finding.kind}\n  {subject}\n  {detail}"
