"""The command's own messages: one for each wrong option, before anything is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from posture.collect import run
from posture.collect.access import open_access
from posture.collect.answers import NOT_ASKED, failed
from posture.collect.run import Collector
from posture.command import app, read_outputs
from typer.testing import CliRunner

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from posture.collect.access import Access


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """An account without a trail."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--outputs", "FILE:[]"], "must hold a JSON object"),
        (["--outputs", "FILE:{"], "cannot be read as JSON"),
        (["--outputs", "absent.json"], "cannot be read as JSON"),
        (["--pack-config", "FILE:x"], "cannot be read as JSON"),
        (["--compare", "FILE:{}"], "is no report of"),
        (["--compare", "absent.json"], "cannot be read"),
        (["--profile", "no-such-profile"], "no-such-profile"),
        (["--trail-arn", "Audit"], "is not an ARN of the form"),
        ([], "there is no trail in region eu-west-1"),
    ],
)
@pytest.mark.usefixtures("aws")
def test_a_wrong_option_is_one_message_and_exit_code_2(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    given: list[str] = []
    for n, argument in enumerate(arguments):
        name, found, content = argument.partition("FILE:")
        if found and not name:
            file = tmp_path / f"{n}.json"
            file.write_text(content)
            given.append(str(file))
        else:
            given.append(argument)

    result = CliRunner().invoke(app, given)

    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_of_outputs_of_two_stacks_those_by_account_are_kept_of_both(tmp_path: Path) -> None:
    files = [tmp_path / "security.json", tmp_path / "management.json"]
    for file, account in zip(files, ("444455556666", "123456789012"), strict=True):
        file.write_text(f'{{"accountId": "{account}", "detector": {{"{account}": "d"}}}}')

    found = read_outputs(files, "--outputs")

    assert found == {
        "accountId": "123456789012",
        "detector": {"444455556666": "d", "123456789012": "d"},
    }


@pytest.mark.usefixtures("aws")
def test_a_replica_in_an_account_of_its_own_is_read_with_a_role_of_that_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(archive_role: str | None) -> Access:
        none = dict.fromkeys(("profile", "role", "log_profile", "log_role"))
        return open_access(**none, archive_role=archive_role)

    boto3.client("s3").create_bucket(
        Bucket="org-logs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    cloudtrail = boto3.client("cloudtrail")
    trail = cloudtrail.create_trail(Name="Audit", S3BucketName="org-logs")
    # Of a trail without any moto answers neither a list nor an error.
    insights = [{"InsightType": "ApiCallRateInsight"}]
    cloudtrail.put_insight_selectors(TrailName="Audit", InsightSelectors=insights)
    asked: list[object] = []
    monkeypatch.setattr(run, "ask_about_event_data_stores", lambda *_: NOT_ASKED)
    monkeypatch.setattr(run, "ask_about_replica", lambda clients, *_: asked.append(clients) or ())
    access = opened("arn:aws:iam::777788889999:role/Auditor")

    until = datetime(2026, 3, 2, 12, tzinfo=UTC)
    Collector(access=access, trail_arn=trail["TrailARN"], until=until, hours=1).collect()

    [clients] = asked
    assert clients is access.replica
    identity = access.replica("sts", "eu-west-1").get_caller_identity()
    assert identity["Account"] == "777788889999"
    assert (
        opened(None).replica("sts", "eu-west-1").get_caller_identity()["Account"] != "777788889999"
    )


@pytest.mark.usefixtures("aws")
def test_a_trail_that_is_gone_is_bad_and_its_report_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # moto by itself has no CloudTrail Lake.
    lake = failed("cloudtrail:ListEventDataStores", "eu-west-1", "it is not emulated")
    monkeypatch.setattr(run, "ask_about_event_data_stores", lambda *_: lake)
    arn = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/Audit"
    page, report = tmp_path / "report.html", tmp_path / "report.json"

    arguments = ["--trail-arn", arn, "--html", str(page), "--json", str(report)]
    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 1, result.output
    assert "There is no such trail." in result.stdout
    assert "There is no such trail." in page.read_text()
    assert '"state": "bad"' in report.read_text()
