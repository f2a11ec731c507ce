"""Every tool answers a mistake on its command line in a line or two, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT

REPORT = ("-m", "cloudtrail_guard_policies.report", "tests/policypack/recorded/events.jsonl")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-m", "sandbox", "--no-such"), "No such option"),
        (("-m", "sandbox.inprocess", "--no-such"), "No such option"),
        (("-m", "sandbox.inprocess", "--stack", "x", "--project", "/no/such"), "does not exist"),
        (("-m", "cloudtrail_guard_policies.report", "--no-such"), "No such option"),
        (("-m", "demo", "--picture", "/no/such/folder/demo.svg"), "cannot be written: name a file"),
        (("-m", "demo", "--picture", "/"), "cannot be written: name a file"),
        ((*REPORT, "--format", "html"), "'html' is not one of"),
        (("-m", "release", "--no-such"), "the following arguments are required: command"),
        (("bench/deploy.py", "--rounds", "many"), "invalid int value: 'many'"),
        (("bench/deploy.py", "--rounds", "0"), "must be at least 1"),
        (("bench/pack.py", "--rounds", "-3"), "must be at least 1"),
        (("components/__main__.py",), "the following arguments are required: engine"),
    ],
)
def test_a_mistake_is_a_line_and_no_traceback(arguments: tuple[str, ...], message: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr, "no terminal, no colours"


def test_a_reader_that_goes_away_is_no_error() -> None:
    report = subprocess.Popen(
        [sys.executable, "-W", "ignore", *REPORT, "--format", "github"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert report.stdout
    assert report.stderr

    report.stdout.close()
    said = report.stderr.read()
    report.stderr.close()

    assert report.wait(timeout=PATIENCE) == 0
    assert said == ""
