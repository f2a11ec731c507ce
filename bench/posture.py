"""How long `cloudtrail-guard posture` takes over a large organization.

``python bench/posture.py``: the command runs in a process of its own against a server in another,
which answers each request after 30 ms: 500 accounts, 17 regions each, a digest for every hour. What
the server does not know, such as the settings of the bucket, it refuses, so that the exit code is
2 or 1. Prints wall time, CPU, peak memory and the size of what was written, for organizations that
grow; and exits with 1 where the largest takes more than a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

CHECKOUT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.support.s3_server import Response, S3Server, error, serving  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from tests.support.s3_server import Request

REGIONS: Final = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1"),
    *("ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
)
SECONDS: Final = 60.0
HOURS: Final = 48
UNTIL: Final = datetime(2026, 3, 3, 12, 30)  # noqa: DTZ001 - the option is in UTC
ROOT, MANAGEMENT, ORGANIZATION = "r-a1b2", "100000000000", "o-a1b2c3d4e5"
TRAIL: Final = f"arn:aws:cloudtrail:us-east-1:{MANAGEMENT}:trail/Audit"


class Organization(S3Server):
    """A server that answers what posture asks of a large organization, and refuses the rest."""

    def __init__(self, accounts: int, delay: float) -> None:
        """An organization of so many accounts."""
        super().__init__(delay)
        ids = [str(100000000000 + n) for n in range(accounts)]
        listed = [{"Id": each, "Name": f"account {each[-3:]}", "State": "ACTIVE"} for each in ids]
        deny = {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}
        policy = {"Id": "p-1", "Name": "protect", "AwsManaged": False}
        content = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        trail = {
            "Name": "Audit",
            "TrailARN": TRAIL,
            "HomeRegion": "us-east-1",
            "S3BucketName": "logs",
            "LogFileValidationEnabled": True,
            "IsMultiRegionTrail": True,
            "IsOrganizationTrail": True,
        }
        organization = {"Id": ORGANIZATION, "MasterAccountId": MANAGEMENT, "FeatureSet": "ALL"}
        self._answers: Mapping[str, Any] = {
            "GetTrail": {"Trail": trail},
            "DescribeTrails": {"trailList": [trail]},
            "GetTrailStatus": {"IsLogging": True, "StartLoggingTime": 1.7e9},
            "DescribeOrganization": {"Organization": organization},
            "ListAccounts": {"Accounts": listed},
            "ListRoots": {"Roots": [{"Id": ROOT}]},
            "ListOrganizationalUnitsForParent": {"OrganizationalUnits": []},
            "ListAccountsForParent": {"Accounts": listed},
            "ListPolicies": {"Policies": [policy]},
            "DescribePolicy": {"Policy": {"PolicySummary": policy, "Content": content}},
            "ListTargetsForPolicy": {"Targets": [{"TargetId": ROOT}]},
            "ListAWSServiceAccessForOrganization": {"EnabledServicePrincipals": []},
            "ListDelegatedAdministrators": {"DelegatedAdministrators": []},
        }
        self._regions = [{"RegionName": name, "RegionOptStatus": "ENABLED"} for name in REGIONS]

    def answer(self, request: Request) -> Response:
        """The answer to a request, of any service."""
        if request.method == "POST" and request.bucket == "listRegions":
            return _json({"Regions": self._regions})
        if request.method == "POST":
            operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
            if operation in self._answers:
                return _json(self._answers[operation])
            return _json({"__type": "AccessDeniedException", "message": "not known"}, 400)
        if "location" in request.query:
            return Response(body=b"<LocationConstraint/>")
        if "list-type" not in request.query:
            return error(403, "AccessDenied")
        return _digests(request.query["prefix"])


def _json(value: object, status: int = 200) -> Response:
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    return Response(status=status, body=json.dumps(value).encode(), headers=headers)


def _digests(prefix: str) -> Response:
    """The digests of one account and region, for each hour; no folders."""
    entries: list[str] = []
    if "/CloudTrail-Digest/" in prefix:
        *_, account, _, region, _ = prefix.split("/")
        for n in range(HOURS):
            end = UNTIL - timedelta(hours=n)
            name = f"{account}_CloudTrail-Digest_{region}_Audit_us-east-1_{end:%Y%m%dT%H%M%SZ}"
            key = f"{prefix}{end:%Y/%m/%d}/{name}.json.gz"
            entries.append(f"<Contents><Key>{key}</Key><Size>900</Size></Contents>")
    body = (
        f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(entries)}</ListBucketResult>"
    )
    return Response(body=body.encode(), headers={"Content-Type": "application/xml"})


def main() -> None:
    """Run everything, and exit with 1 where the largest organization takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[50, 500])
    parser.add_argument("--delay", type=float, default=0.03)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        with serving(Organization(asked.accounts[0], asked.delay)) as server:
            print(server.endpoint, flush=True)
            sys.stdin.read()
        return
    walls = [_measure(accounts, asked.delay) for accounts in asked.accounts]
    sys.exit(0 if walls[-1] <= SECONDS else 1)


def _measure(accounts: int, delay: float) -> float:
    """Run the command over an organization; the seconds that it took."""
    with _server(accounts, delay) as endpoint, tempfile.TemporaryDirectory() as directory:
        page, report = Path(directory, "report.html"), Path(directory, "report.json")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.monotonic()
        done = subprocess.run(
            [
                *(sys.executable, "-W", "ignore", "-m", "posture", "--trail-arn", TRAIL),
                *("--until", f"{UNTIL:%Y-%m-%dT%H:%M:%S}", "--hours", str(HOURS)),
                *("--html", str(page), "--json", str(report)),
            ],
            env={
                **os.environ,
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "bench",
                "AWS_SECRET_ACCESS_KEY": "bench",
                "NO_PROXY": "127.0.0.1",
                "AWS_CONFIG_FILE": os.devnull,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        wall = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if not report.exists():
            sys.exit(done.stdout + done.stderr)
        covered = sum(
            place["state"] == "good"
            for place in json.loads(report.read_text())["coverage"]["places"]
        )
        print(
            f"{accounts:4} accounts x {len(REGIONS)} regions: {wall:5.1f} s wall, "
            f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:5.1f} s CPU, "
            f"{after.ru_maxrss / 1024:.0f} MB; {covered:,} places covered; page "
            f"{page.stat().st_size / 1e6:.1f} MB, report {report.stat().st_size / 1e6:.1f} MB; "
            f"load {os.getloadavg()[0]:.1f}"
        )
    return wall


@contextmanager
def _server(accounts: int, delay: float) -> Generator[str]:
    """The endpoint of a server in a process of its own."""
    command = [sys.executable, __file__, "--serve", "--accounts", str(accounts)]
    with subprocess.Popen(
        [*command, "--delay", str(delay)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin  # noqa: S101 - it is a pipe
        assert process.stdout  # noqa: S101 - it is a pipe
        yield process.stdout.readline().strip()
        process.stdin.close()


if __name__ == "__main__":
    main()
