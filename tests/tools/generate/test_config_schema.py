"""Editors and the program agree on what a stack file may say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from generate.config_schema import (
    CHECKOUT,
    MODELINE,
    SCHEMA_FILE,
    schema,
    stack_files,
    text,
    with_modeline,
)
from jsonschema import Draft7Validator

from stacks.settings import identifiers
from stacks.settings.identifiers import Rule
from stacks.settings.load import SettingsError, declared_fields, parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VALIDATOR = Draft7Validator(schema())
RULES = {name: rule for name, rule in vars(identifiers).items() if isinstance(rule, Rule)}
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def config(**values: object) -> dict[str, Any]:
    return {"config": {f"cloudtrail-guard:{key}": value for key, value in values.items()}}


def parts(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text() == text(), "run `make generate`"


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(schema())


def test_every_setting_is_in_it_with_description_and_default() -> None:
    properties = schema()["properties"]["config"]["properties"]

    assert list(properties) == [f"cloudtrail-guard:{key}" for key in declared_fields()]
    for key, value in properties.items():
        assert len(value["description"]) > 20, key
        assert VALIDATOR.is_valid({"config": {key: value["default"]}}), key


def test_every_pattern_is_a_whole_one_that_editors_read_too() -> None:
    patterns = [part["pattern"] for part in parts(schema()) if isinstance(part.get("pattern"), str)]

    assert len(patterns) > 10
    for pattern in patterns:
        re.compile(pattern)
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not re.search(r"\(\?P|\\[AZ]", pattern), "Python's own, which ECMAScript lacks"


@pytest.mark.parametrize("file", stack_files(), ids=lambda file: file.name)
def test_a_committed_stack_file_names_the_schema_and_keeps_to_it(file: Path) -> None:
    content = file.read_text()

    assert content == with_modeline(content), "run `make generate`"
    assert (CHECKOUT / MODELINE.strip().partition("=")[2]) == SCHEMA_FILE
    assert list(VALIDATOR.iter_errors(yaml.safe_load(content))) == []


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"config": {"aws:region": "eu-central-1", "aws:profile": "security"}},
        {"config": {"aws:defaultTags": {"tags": {"team": "security"}}}},
        {"encryptionsalt": "v1:abc", "environment": ["aws/security"]},
        config(protect=False),
        config(protect="false"),
        config(bucketName={"secure": "v1:abc"}),
        config(existingKeyArn=KEY),
        config(existingKeyArn=""),
        config(objectLock={"mode": "COMPLIANCE", "years": 7}),
        config(guardrails={"targets": ["ou-a1b2-c3d4e5f6", "111122223333"]}),
    ],
)
def test_what_deploys_is_valid(content: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(content)) == []


@pytest.mark.parametrize(
    "content",
    [
        {"cofig": {}},
        config(bucketNam="logs"),
        config(BucketName="logs"),
        config(protect="perhaps"),
        config(role="securty"),
        config(bucketName="Not_A_Bucket"),
        config(bucketName={"secret": "v1:abc"}),
        config(existingKeyArn="alias/logs"),
        config(existingKeyArn=KEY.replace(":kms:", ":s3:")),
        config(managementAccountId="123"),
        config(breakGlassRoles="AdminRole"),
        config(breakGlassRoles=["Admin*"]),
        config(deployerRoleArns=["arn:aws:iam::111122223333:role/AWSReservedSSO_Deploy_*"]),
        config(objectLock={"mode": "GOVERNANCE", "day": 30}),
        config(objectLock={"mode": "governance", "days": 30}),
        config(objectLock={"days": 0}),
        config(lifecycle={"expireAfterDays": "soon"}),
        config(insights=["ApiCallRate"]),
        config(guardrails={"policySize": 99_999}),
        config(guardrails={"trails": []}),
        {"config": {"bucketName": "logs"}},
    ],
)
def test_a_misspelt_key_and_a_wrong_value_are_not_valid(content: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(content)


RESERVED = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com"


@pytest.mark.parametrize(
    "values",
    [
        {"bucketName": "logs.example-1"},
        {"trailRegion": "us-gov-west-1"},
        {"accountTrailArns": ["arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/Data.Access"]},
        {"breakGlassRoles": ["path/Admin", "arn:aws-us-gov:iam::111122223333:role/x/Admin"]},
        {"deployerRoleArns": ["arn:aws:iam::111122223333:role/aws-reserved/sso/Deploy@x"]},
        {"deployerRoleArns": [f"{RESERVED}/*/AWSReservedSSO_Deploy_*"]},
        {"breakGlassRoles": [f"{RESERVED}/AWSReservedSSO_Emergency_*"]},
        {"readerArns": ["arn:aws:iam::111122223333:root"]},
        {"existingKeyArn": KEY.replace("key/", "key/mrk-")},
        {"keyAlias": "alias/team/logs"},
        {"securityStack": "org/cloudtrail-guard/prod-security"},
        {"guardrails": {"trails": ["arn:aws:cloudtrail:*:*:trail/Security*"]}},
    ],
)
def test_what_the_program_takes_the_schema_takes(values: dict[str, object]) -> None:
    given = {
        f"cloudtrail-guard:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in values.items()
    }

    (key,) = values
    parse_settings(given, declared_fields()[key][1][0])

    assert list(VALIDATOR.iter_errors(config(**values))) == []


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_refuses_for_its_form_its_pattern_refuses(name: str) -> None:
    rule = RULES[name]

    for value in ("-", " ", "arn:aws:iam::1:role/*", "UPPER case"):
        if not re.fullmatch(rule.pattern, value):
            with pytest.raises(ValueError, match="must"):
                rule(value)


def test_a_file_that_names_the_schema_is_left_as_it_is() -> None:
    once = with_modeline("config: {}\n")

    assert once.startswith(MODELINE)
    assert with_modeline(once) == once


def test_the_program_refuses_what_the_schema_cannot_see() -> None:
    values = {"objectLock": {"days": 30, "years": 1}}

    assert VALIDATOR.is_valid(config(**values))
    with pytest.raises(SettingsError, match="exactly one of days and years"):
        parse_settings(
            {"cloudtrail-guard:objectLock": json.dumps(values["objectLock"])}, "security"
        )
