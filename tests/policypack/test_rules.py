"""What holds for every rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.engine.rule import ResourceRule
from cloudtrail_guard_policies.engine.standards import STANDARDS
from cloudtrail_guard_policies.engine.values import UNKNOWN, from_struct
from cloudtrail_guard_policies.rules import RULES

from tests.policypack.support import struct, verdict
from tests.policypack.tables import tables_of

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.rule import Rule

    from tests.policypack.support import Case

PACK = Path(__file__).parents[2] / "policypack"
RULE_FILES = sorted(
    path.stem for path in (PACK / "cloudtrail_guard_policies" / "rules").glob("*/[!_]*.py")
)

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def _module(rule: Rule) -> str:
    return rule.id.replace("-", "_")


def _cases(rule: Rule) -> list[Case]:
    return [case for table in tables_of(rule) for case in table.cases]


def test_the_mission_has_its_three_mandatory_rules() -> None:
    mandatory = {rule.id for rule in RULES if rule.level.value == "mandatory"}

    assert mandatory >= {
        "cloudtrail-multi-region",
        "cloudtrail-log-file-validation",
        "cloudtrail-kms-encryption",
    }


def test_every_rule_file_is_collected_and_named_after_its_rule() -> None:
    assert [_module(rule) for rule in RULES] == RULE_FILES


@each_rule
def test_a_rule_explains_itself(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert re.fullmatch(r"[A-Z].+\.", rule.title)
    assert rule.link.startswith("https://docs.aws.amazon.com/")
    assert len(rule.rationale) > 80
    assert re.fullmatch(r"[A-Z].+\.", rule.remediation)


@each_rule
def test_a_rule_names_controls_of_known_standards(rule: Rule) -> None:
    for standard, controls in rule.controls.items():
        assert standard in STANDARDS
        assert controls
        assert len(set(controls)) == len(controls)


@each_rule
def test_a_rule_reads_resource_types_by_their_tokens(rule: Rule) -> None:
    assert rule.types
    for token in rule.types:
        assert re.fullmatch(r"aws:\w+/(\w+):\w+|aws-native:\w+:\w+", token)


@each_rule
def test_a_rule_is_tested_where_it_passes_fails_meets_unknown_and_absent(rule: Rule) -> None:
    cases = _cases(rule)

    assert {"pass", "fail"} <= {case.verdict for case in cases}
    assert any(UNKNOWN in from_struct(struct(case.properties)).values() for case in cases)
    assert any(not case.properties for case in cases)


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if isinstance(rule, ResourceRule) and rule.corrections],
    ids=lambda rule: rule.id,
)
def test_what_a_rule_sets_makes_every_failing_case_pass(rule: ResourceRule) -> None:
    failing = [case for case in _cases(rule) if case.verdict == "fail"]

    assert failing
    for case in failing:
        for resource_type, wanted in rule.corrections.items():
            assert verdict(rule, {**case.properties, **wanted}, resource_type) == "pass"


def test_every_rule_and_no_other_has_a_good_and_a_bad_program() -> None:
    programs = {path.relative_to(PACK / "programs") for path in (PACK / "programs").rglob("*.py")}

    assert programs == {Path(rule.id, f"{name}.py") for rule in RULES for name in ("good", "bad")}
