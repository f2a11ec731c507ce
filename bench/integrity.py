"""What the proof of the logs costs, side by side with ``aws cloudtrail validate-logs``.

``python bench/integrity.py``: the AWS CLI, the code of another revision and this one verify the
same organization, in turn within each round, on a server that answers after 30 ms in a process of
its own. Prints medians of wall time, CPU of the process tree and peak memory, and their ratios;
then runs this one on organizations that grow. The AWS CLI takes one account and region at a time,
so a sample of them is measured, and multiplied.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from urllib.request import urlopen

CHECKOUT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.support.digests import (  # noqa: E402 - the checkout is on the path now
    BUCKET,
    HOUR,
    ORGANIZATION,
    START,
    TRAIL_ARN,
)
from tests.support.s3_server import COUNTERS  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

CLI: Final = "awscli==1.46.3"
REGIONS: Final = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1"),
    *("ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
)
"""The regions that every account has enabled."""
LOGS: Final = 5
TIMES_FASTER: Final = 60.0
CPU_MS: Final = 0.5
MEGABYTES: Final = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took.

    Attributes:
        wall: seconds.
        cpu: seconds of the process tree.
        memory: its peak, in MB.
        requests: how many the server counted.
    """

    wall: float
    cpu: float
    memory: float
    requests: int

    def times(self, factor: float) -> Cost:
        """The same for more of the same work, one after the other."""
        return Cost(
            wall=self.wall * factor,
            cpu=self.cpu * factor,
            memory=self.memory,
            requests=round(self.requests * factor),
        )

    def __str__(self) -> str:
        """One line."""
        per_request = 1000 * self.cpu / self.requests
        return (
            f"{self.wall:7.1f} s wall  {self.cpu:7.1f} s CPU  {self.memory:4.0f} MB  "
            f"{self.requests:7} requests  {per_request:.2f} ms CPU a request"
        )


def main() -> None:
    """Run everything, and exit with 1 where something costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--accounts", type=int, default=12)
    parser.add_argument("--regions", type=int, default=4)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--delay", type=float, default=0.03)
    parser.add_argument("--cli-places", type=int, default=4, help="accounts and regions measured")
    parser.add_argument("--before", default="main", help="compare with the merge base with this")
    parser.add_argument("--large", type=int, nargs="*", default=[5, 50], help="accounts")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        kept = _compare(asked, Path(directory))
    for accounts in asked.large:
        kept &= _grown(accounts, asked.delay)
    sys.exit(0 if kept else 1)


def _compare(asked: argparse.Namespace, directory: Path) -> bool:
    """The AWS CLI, the code before and this one; whether this one is as fast as it must be."""
    cli, before = _install_cli(directory), _check_out(asked.before, directory)
    costs: dict[str, list[Cost]] = {"AWS CLI": [], "before": [], "now": []}
    regions = REGIONS[: asked.regions]
    places = [(f"{1 + n % asked.accounts:012}", regions[n % len(regions)]) for n in range(48)]
    with _server(asked.accounts, regions, asked.hours, asked.delay) as endpoint:
        for turn in range(asked.rounds):
            for name in [*list(costs)[turn % 3 :], *list(costs)[: turn % 3]]:
                if name == "AWS CLI":
                    sample = places[: asked.cli_places]
                    runs = [_cost(_cli_command(cli, *at, asked.hours), endpoint) for at in sample]
                    total = _sum(runs).times(asked.accounts * asked.regions / len(sample))
                    costs[name].append(total)
                else:
                    code = before if name == "before" else CHECKOUT
                    costs[name].append(_cost(_command(asked.hours), endpoint, code))
    print(
        f"\n{asked.accounts} accounts x {asked.regions} regions x {asked.hours} digests x {LOGS} "
        f"log files, answers after {1000 * asked.delay:.0f} ms, median of {asked.rounds}; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    medians = {name: _median(each) for name, each in costs.items()}
    for name, cost in medians.items():
        print(f"  {name:<8} {cost}")
    now = medians["now"]
    for name in ("AWS CLI", "before"):
        then = medians[name]
        print(f"  {name} / now: {then.wall / now.wall:.1f} x wall, {then.cpu / now.cpu:.1f} x CPU")
    ratio = medians["AWS CLI"].wall / now.wall
    print(f"  goal: {TIMES_FASTER:.0f} x the AWS CLI: {ratio:.1f} x")
    return ratio >= TIMES_FASTER


def _grown(accounts: int, delay: float) -> bool:
    """A day of some accounts in all regions; whether CPU and memory are within their limits."""
    with _server(accounts, REGIONS, 24, delay) as endpoint:
        cost = _cost(_command(24), endpoint, CHECKOUT)
    print(f"\n{accounts} accounts x {len(REGIONS)} regions, a day; load {os.getloadavg()[0]:.1f}")
    print(f"  {cost}  {cost.requests / cost.wall:.0f} requests a second")
    per_request = 1000 * cost.cpu / cost.requests
    print(f"  goal: {CPU_MS} ms CPU a request, {MEGABYTES:.0f} MB")
    return per_request <= CPU_MS and cost.memory <= MEGABYTES


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        wall=statistics.median(each.wall for each in costs),
        cpu=statistics.median(each.cpu for each in costs),
        memory=statistics.median(each.memory for each in costs),
        requests=round(statistics.median(each.requests for each in costs)),
    )


def _sum(costs: Sequence[Cost]) -> Cost:
    return Cost(
        wall=sum(each.wall for each in costs),
        cpu=sum(each.cpu for each in costs),
        memory=max(each.memory for each in costs),
        requests=sum(each.requests for each in costs),
    )


@contextmanager
def _server(accounts: int, regions: Sequence[str], hours: int, delay: float) -> Generator[str]:
    """A server in a process of its own; the value is its URL."""
    command = [
        *(sys.executable, "-m", "tests.support.s3_server", "--accounts", str(accounts)),
        *("--hours", str(hours), "--logs", str(LOGS), "--delay", str(delay)),
        *("--regions", *regions),
    ]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        answers: IO[str] | None = server.stdout
        assert answers is not None  # noqa: S101 - it is a pipe
        yield f"http://127.0.0.1:{answers.readline().strip()}"


def _command(hours: int) -> list[str]:
    return [
        *(sys.executable, "-m", "integrity", "--bucket", BUCKET, "--trail-arn", TRAIL_ARN),
        *("--organization-id", ORGANIZATION, "--start", f"{START:%Y-%m-%dT%H:%M:%S}"),
        *("--end", f"{START + hours * HOUR:%Y-%m-%dT%H:%M:%S}"),
    ]


def _cli_command(cli: str, account: str, region: str, hours: int) -> list[str]:
    return [
        *(cli, "cloudtrail", "validate-logs", "--trail-arn", TRAIL_ARN, "--account-id", account),
        *("--region", region, "--start-time", f"{START:%Y-%m-%dT%H:%M:%SZ}"),
        *("--end-time", f"{START + hours * HOUR:%Y-%m-%dT%H:%M:%SZ}"),
    ]


def _cost(command: Sequence[str], endpoint: str, code: Path | None = None) -> Cost:
    """Run a command to its end.

    Args:
        command: what is run.
        endpoint: the server.
        code: the checkout whose packages are used.
    """
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
        **({"PYTHONPATH": str(code / "ops")} if code else {}),
    }
    asked = _requests(endpoint)
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    # The account of the trail itself has no digests here: the only finding.
    if process.returncode not in {0, 1} or "INVALID" in said or "altered" in said:
        sys.exit(f"{' '.join(command)} failed:\n{said}")
    return Cost(
        wall=wall,
        cpu=used.ru_utime + used.ru_stime,
        memory=used.ru_maxrss / 1024,
        requests=_requests(endpoint) - asked,
    )


def _requests(endpoint: str) -> int:
    with urlopen(f"{endpoint}/{COUNTERS}") as answer:  # noqa: S310 - the server above
        return sum(json.load(answer).values())


def _install_cli(directory: Path) -> str:
    """The AWS CLI in an environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", directory / "cli"], check=True)
    cli = directory / "cli" / "bin"
    subprocess.run([cli / "pip", "install", "--quiet", CLI], check=True)
    return str(cli / "aws")


def _check_out(revision: str, directory: Path) -> Path:
    """The merge base with a revision, checked out."""
    git = ("git", "-C", str(CHECKOUT))
    base = subprocess.run(
        [*git, "merge-base", "HEAD", revision], check=True, capture_output=True, text=True
    ).stdout.strip()
    archive = subprocess.run([*git, "archive", base, "ops"], check=True, capture_output=True)
    (directory / "before").mkdir()
    subprocess.run(["tar", "-x", "-C", directory / "before"], input=archive.stdout, check=True)
    return directory / "before"


if __name__ == "__main__":
    main()
