"""`make demo`, both ways: with the real engine, and in-process where there is none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from demo import command
from typer.testing import CliRunner

from sandbox.engine.found import NoPulumi
from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT
from tests.support.engine import engine

STACK_FILES = ("Pulumi.yaml", "Pulumi.security.yaml", "Pulumi.management.yaml")


def play(*arguments: str) -> str:
    """Run the demo from the checkout, and return what it showed."""
    before = {name: (CHECKOUT / name).read_bytes() for name in STACK_FILES}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "demo", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert before == {name: (CHECKOUT / name).read_bytes() for name in STACK_FILES}
    return " ".join(done.stdout.split())


def expect_the_main_job(shown: str) -> None:
    for sentence in (
        "is logging yes",
        "whole organization yes",
        "log file validation yes",
        "object lock GOVERNANCE, 365 days",
        "public access blocked yes",
        "rotation yes",
        "ProtectCloudTrailBucket",
        "log files are intact",
        "stop the trail denied by a service control policy",
        "schedule the key's deletion denied by a service control policy",
        "write a forged log file denied by a service control policy",
        "write a forged log file denied by a resource control policy",
        "stop the trail allowed",
        "delete a log for good denied by a resource control policy",
        "delete a log and bypass its lock allowed",
        "rejected cloudtrail-multi-region:",
        "rejected cloudtrail-log-file-validation:",
        "rejected cloudtrail-kms-encryption:",
        "The trail was not created.",
        "holds what AWS has against what was meant",
        "posture.html",
        "Done",
    ):
        assert sentence in shown, sentence


def test_without_the_cli_the_demo_does_the_main_job_in_process_and_says_so(tmp_path: Path) -> None:
    page = tmp_path / "posture.html"

    shown = play("--in-process", "--report", str(page))

    assert "Deployed in-process, on the Pulumi SDK's test runtime: no Pulumi CLI" in shown
    expect_the_main_job(shown)
    assert "SecurityAuditTrail" in page.read_text()


@pytest.mark.engine
def test_the_demo_does_the_main_job_with_the_real_engine(tmp_path: object) -> None:
    engine()
    picture = f"{tmp_path}/demo.svg"

    shown = play("--picture", picture)

    assert "Deployed by the real Pulumi engine, version" in shown
    assert re.search(r"security: \d+ same", shown)
    expect_the_main_job(shown)
    with open(picture) as drawn:  # noqa: PTH123 - the fixture's path is text here
        svg = drawn.read()
    assert "<svg" in svg
    # It asks for nothing from elsewhere, and says nothing of the machine that drew it.
    assert re.findall(r"url\((?!#)", svg) == []
    assert not re.search(r">[^<]*\d&#160;s<", svg)


@pytest.mark.parametrize(("arguments", "named"), [((), True), (("--in-process",), False)])
def test_without_an_engine_the_demo_builds_none_and_names_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], named: bool
) -> None:
    searches: list[dict[str, object]] = []

    def find(**options: object) -> NoPulumi:
        searches.append(options)
        return NoPulumi("none on PATH")

    monkeypatch.delenv("SANDBOX_ORGANIZATION_ID", raising=False)
    monkeypatch.setattr(command, "find_engine", find)
    monkeypatch.setattr(command, "run_in_sandbox", lambda *_: 0)

    result = CliRunner().invoke(command.app, list(arguments))

    assert result.exit_code == 0, result.output
    assert ("`make engine` gets the real Pulumi engine" in result.stderr) == named
    assert all("build" not in options for options in searches)
    assert bool(searches) == named
