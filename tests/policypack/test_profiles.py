from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.engine.levels import EnforcementLevel
from cloudtrail_guard_policies.engine.profiles import profiles, write_profiles
from cloudtrail_guard_policies.engine.standards import CIS_5_0, CIS_7_0
from cloudtrail_guard_policies.rules import RULES

from sandbox.policy_pack.process import PolicyPackProcess
from tests.policypack.support import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

PACK = Path(__file__).parents[2] / "policypack"
PROFILES = PACK / "cloudtrail_guard_policies" / "profiles"
NAMES = [
    "aws-fsbp",
    "baseline",
    "cis-aws-3.0",
    "cis-aws-5.0",
    "cis-aws-7.0",
    "nist-800-53-r5",
    "pci-dss-4.0.1",
    "strict",
]


def test_the_profiles_in_the_repository_are_what_the_rules_say() -> None:
    written = {
        file.stem: json.loads(file.read_text(encoding="utf-8")) for file in PROFILES.glob("*.json")
    }

    assert sorted(written) == NAMES
    assert written == profiles(RULES), "the profiles are out of date; run `make generate`"


def test_a_profile_raises_the_rules_of_its_standard_and_lowers_none() -> None:
    of_standard = replace(
        SAMPLE, id="a", level=EnforcementLevel.ADVISORY, controls={CIS_5_0: ("1",)}
    )
    other = replace(SAMPLE, id="b", level=EnforcementLevel.ADVISORY, controls={CIS_7_0: ("1",)})
    mandatory = replace(SAMPLE, id="c", controls={})

    made = profiles([of_standard, other, mandatory])

    assert made["baseline"] == {"a": "advisory", "b": "advisory", "c": "mandatory"}
    assert made["cis-aws-5.0"] == {"a": "mandatory", "b": "advisory", "c": "mandatory"}
    assert made["cis-aws-7.0"] == {"a": "advisory", "b": "mandatory", "c": "mandatory"}
    assert made["strict"] == {"a": "mandatory", "b": "mandatory", "c": "mandatory"}


def test_a_file_of_no_profile_is_removed(tmp_path: Path) -> None:
    directory = tmp_path / "profiles"
    directory.mkdir()
    (directory / "cis-aws-0.1.json").write_text("{}", encoding="utf-8")

    write_profiles([SAMPLE], directory)

    assert sorted(file.stem for file in directory.iterdir()) == NAMES


@pytest.fixture(scope="module")
def pack() -> Iterator[PolicyPackProcess]:
    with PolicyPackProcess(PACK) as process:
        yield process


@pytest.mark.parametrize("name", NAMES)
def test_the_pack_takes_each_profile(pack: PolicyPackProcess, name: str) -> None:
    pack.configure(json.loads((PROFILES / f"{name}.json").read_text(encoding="utf-8")))
