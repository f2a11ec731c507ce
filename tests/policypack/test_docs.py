from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import typer
import yaml
from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.report.cli import app
from cloudtrail_guard_policies.rules import RULES
from policy_handbook.page import PAGE, PROGRAMS, introduction, policies_page

from tests.policypack.support import SAMPLE, TRAIL

if TYPE_CHECKING:
    from pathlib import Path

NOTES = introduction(RULES)


def test_the_page_in_the_repository_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == policies_page(RULES), (
        "docs/policies.md is out of date; run `make generate`"
    )


@pytest.fixture
def sample_programs(tmp_path: Path) -> Path:
    directory = tmp_path / SAMPLE.id
    directory.mkdir()
    (directory / "good.py").write_text("good()\n", encoding="utf-8")
    (directory / "bad.py").write_text("bad()\n", encoding="utf-8")
    return tmp_path


def test_a_section_has_what_a_reader_needs(sample_programs: Path) -> None:
    rule = replace(
        SAMPLE,
        corrections={TRAIL: {"isLogging": True}},
        parameters=(integer("days", "Days to keep.", default=365, minimum=1),),
    )

    page = policies_page([rule], sample_programs)

    for part in (
        "| [sample](#sample) | A sample holds. | resource | high | mandatory |",
        "Because. [Documentation](https://example.com/sample).",
        "- **Fix:** Set it.",
        "- **`remediate`** sets `isLogging` to `true` in `aws:cloudtrail/trail:Trail`.",
        "- **[CIS AWS Foundations Benchmark 5.0](",
        ":** 9.9",
        '| `days` | `365` | `{"type": "integer", "minimum": 1, "description": "Days to keep."}` |',
        "Meets it:\n\n```python\ngood()\n```",
        "Breaks it:\n\n```python\nbad()\n```",
        "[cis_5.0_aws.json](https://github.com/prowler-cloud/prowler/",
    ):
        assert part in page


def test_the_page_counts_what_each_configuration_makes_mandatory(sample_programs: Path) -> None:
    page = policies_page([SAMPLE], sample_programs)

    assert "| `baseline.json` | 1 of 1 |" in page
    assert "| `strict.json` | 1 of 1 |" in page


def test_the_notes_name_rules_that_exist() -> None:
    named = set(re.findall(r"`((?:cloudtrail|log|scp|trail)-[a-z-]+)`", NOTES))

    assert named
    assert named <= {rule.id for rule in RULES}


def test_the_workflow_calls_ours_with_what_it_takes_and_what_it_needs() -> None:
    [block] = re.findall(r"```yaml\n(.+?)```", NOTES, flags=re.DOTALL)
    [caller] = yaml.safe_load(block)["jobs"].values()

    _, _, path = caller["uses"].partition("/cloudtrail-guard/")
    called = yaml.load((PAGE.parents[1] / path.partition("@")[0]).read_text(), yaml.BaseLoader)  # noqa: S506 - `on` is a key, no boolean
    takes = called["on"]["workflow_call"]
    [job] = called["jobs"].values()
    assert set(caller["with"]) <= set(takes["inputs"])
    assert set(caller["secrets"]) <= set(takes["secrets"])
    assert caller["permissions"] == job["permissions"]
    profile = f"{caller['with']['policy-config']}.json"
    assert (PROGRAMS.parent / "cloudtrail_guard_policies/profiles" / profile).is_file()


def test_the_report_of_the_commands_is_one_that_can_be_written() -> None:
    [report] = re.findall(r"cloudtrail-guard-policies (report .+)", NOTES)

    options = typer.main.get_command(app).make_context("report", report.split()[1:]).params

    assert f"--event-log {options['events']}" in NOTES
    assert f"> {options['positions']}" in NOTES


def test_a_rule_without_settings_and_remediation_promises_none(sample_programs: Path) -> None:
    section = policies_page([SAMPLE], sample_programs).partition("### sample")[2]

    assert "remediate" not in section
    assert "| setting |" not in section
