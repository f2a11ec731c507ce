from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import yaml
from framework.docs import policies_page
from framework.parameters import integer
from report.cli import options_of
from rules import RULES
from rules._handbook import NOTES

from tests.policypack.support import SAMPLE, TRAIL

PAGE = Path(__file__).parents[2] / "docs" / "policies.md"


def test_the_page_in_the_repository_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == policies_page(RULES, NOTES), (
        "docs/policies.md is out of date; run `make generate`"
    )


def test_a_section_has_what_a_reader_needs() -> None:
    rule = replace(
        SAMPLE,
        good="good()",
        bad="bad()",
        fixes={TRAIL: {"isLogging": True}},
        parameters=(integer("days", "Days to keep.", default=365, minimum=1),),
    )

    page = policies_page([rule])

    for part in (
        "| [sample](#sample) | A sample holds. | resource | high | mandatory |",
        "Because. [Documentation](https://example.com/sample).",
        "- **Mend:** Set it.",
        "- **`remediate`** sets `isLogging` to `true` in `aws:cloudtrail/trail:Trail`.",
        "- **[CIS AWS Foundations Benchmark 5.0](",
        ":** 9.9",
        '| `days` | `365` | `{"type": "integer", "minimum": 1, "description": "Days to keep."}` |',
        "Meets it:\n\n```python\ngood()\n```",
        "Breaks it:\n\n```python\nbad()\n```",
        "[cis_5.0_aws.json](https://github.com/prowler-cloud/prowler/",
    ):
        assert part in page


def test_the_page_counts_what_each_configuration_makes_mandatory() -> None:
    page = policies_page([SAMPLE])

    assert "| `baseline.json` | 1 of 1 |" in page
    assert "| `strict.json` | 1 of 1 |" in page


def test_the_notes_name_rules_that_exist() -> None:
    named = set(re.findall(r"`((?:cloudtrail|log|scp|trail)-[a-z-]+)`", NOTES))

    assert named
    assert named <= {rule.id for rule in RULES}


def test_the_workflow_runs_the_pack_and_uploads_its_report() -> None:
    [workflow] = re.findall(r"```yaml\n(.+?)```", NOTES, flags=re.DOTALL)

    steps = yaml.safe_load(workflow)["jobs"]["preview"]["steps"]

    commands = " ".join(step.get("run", "") for step in steps)
    [profile] = re.findall(r"--policy-pack-config policypack/(\S+)", commands)
    [report] = re.findall(r"cloudtrail-guard-policies (report .+?)(?:$| pulumi)", commands)
    assert (PAGE.parents[1] / "policypack" / profile).is_file()
    assert options_of(report.split()[1:]).output == Path("policies.sarif")
    assert steps[-1]["with"]["sarif_file"] == "policies.sarif"


def test_a_rule_without_settings_and_remediation_promises_none() -> None:
    section = policies_page([SAMPLE]).partition("### sample")[2]

    assert "remediate" not in section
    assert "| setting |" not in section
