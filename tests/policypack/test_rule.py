from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pulumi_aws as aws
import pulumi_policy
import pytest
from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.rule import python_name

if TYPE_CHECKING:
    from enum import Enum


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("kmsKeyId", "kms_key_id"),
        ("s3KeyPrefix", "s3_key_prefix"),
        ("name", "name"),
        ("eventSelectors[0].readWriteType", "event_selectors[0].read_write_type"),
        ("policy.Statement[3].NotPrincipal", "policy.Statement[3].NotPrincipal"),
    ],
)
def test_a_path_is_spelt_as_python_spells_it(path: str, name: str) -> None:
    assert python_name(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "isMultiRegionTrail",
        "enableLogFileValidation",
        "kmsKeyId",
        "s3BucketName",
        "cloudWatchLogsGroupArn",
        "includeGlobalServiceEvents",
        "advancedEventSelectors",
    ],
)
def test_the_python_name_is_an_argument_of_the_trail(path: str) -> None:
    assert python_name(path) in inspect.signature(aws.cloudtrail.TrailArgs).parameters


@pytest.mark.parametrize(
    ("ours", "sdk"),
    [(EnforcementLevel, pulumi_policy.EnforcementLevel), (Severity, pulumi_policy.Severity)],
)
def test_levels_and_severities_are_the_sdks(ours: type[Enum], sdk: type[Enum]) -> None:
    assert {each.name: each.value for each in ours} == {each.name: each.value for each in sdk}
