from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from cloudtrail_guard_policies.engine.levels import EnforcementLevel
from cloudtrail_guard_policies.engine.parameters import boolean, choice, integer, strings
from cloudtrail_guard_policies.engine.settings import (
    ConfigurationError,
    Exemption,
    read_settings,
    schema,
)
from pulumi_policy import PolicyConfigSchema

from tests.policypack.support import TRAIL, urn

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.values import Value

DAYS = integer("days", "Days to keep, at least.", default=365, minimum=1)
MODE = choice("mode", "The lock mode.", default="GOVERNANCE", allowed=("GOVERNANCE", "COMPLIANCE"))
ACCOUNTS = strings("accounts", "Accounts that may read.")
STRICT = boolean("strict", "Whether to be strict.", default=False)
PARAMETERS = (DAYS, MODE, ACCOUNTS, STRICT)
COMPLETE: dict[str, Value] = {"resource": "old-*", "reason": "moving", "expires": "2030-06-30"}


def _read(**properties: Value) -> object:
    return read_settings("rule", PARAMETERS, EnforcementLevel.ADVISORY, properties)


def test_what_is_not_configured_has_its_default() -> None:
    settings = read_settings("rule", PARAMETERS, EnforcementLevel.ADVISORY, {})

    assert (settings[DAYS], settings[MODE], settings[ACCOUNTS]) == (365, "GOVERNANCE", ())
    assert settings.level is EnforcementLevel.ADVISORY
    assert settings.exemptions == ()


def test_what_is_configured_is_typed() -> None:
    settings = read_settings(
        "rule",
        PARAMETERS,
        EnforcementLevel.MANDATORY,
        {
            "days": 30,
            "mode": "COMPLIANCE",
            "strict": True,
            "accounts": ["111122223333"],
            "exemptions": [dict(COMPLETE)],
        },
    )

    assert (settings[DAYS], settings[MODE], settings[STRICT]) == (30, "COMPLIANCE", True)
    assert settings[ACCOUNTS] == ("111122223333",)
    assert settings.exemptions == (
        Exemption(resource="old-*", reason="moving", expires=dt.date(2030, 6, 30)),
    )


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"days": 0}, "rule: days is 0, but must be a whole number of at least 1"),
        ({"days": "30"}, "rule: days is '30', but must be a whole number of at least 1"),
        ({"days": True}, "rule: days is True, but must be a whole number of at least 1"),
        ({"days": 1.5}, "rule: days is 1.5, but must be a whole number of at least 1"),
        ({"mode": "NONE"}, "rule: mode is 'NONE', but must be one of GOVERNANCE, COMPLIANCE"),
        ({"strict": 1}, "rule: strict is 1, but must be true or false"),
        ({"mode": 1}, "rule: mode is 1, but must be one of GOVERNANCE, COMPLIANCE"),
        ({"accounts": "1"}, "rule: accounts is '1', but must be a list of strings"),
        ({"accounts": [1]}, "rule: accounts is [1], but must be a list of strings"),
        ({"dais": 1}, "rule: unknown property 'dais'; did you mean 'days'?"),
        (
            {"zzz": 1},
            "rule: unknown property 'zzz'; known are: accounts, days, exemptions, mode, strict",
        ),
        ({"exemptions": {}}, "rule: exemptions is {}, but must be a list"),
        (
            {"exemptions": ["old-*"]},
            "rule: exemptions[0]: 'old-*' must be an object with keys resource, reason and expires",
        ),
    ],
)
def test_a_wrong_property_is_named_with_its_value(
    properties: dict[str, Value], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _read(**properties)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": None}, "reason is missing; give the reason why the resource may pass"),
        ({"reason": " "}, "reason is missing; give the reason why the resource may pass"),
        ({"resource": ""}, "resource is missing; give a glob over the resource's name"),
        ({"expires": None}, "expires is missing; give the last day on which"),
        ({"expires": "2030-02-30"}, "expires is '2030-02-30', but must be the last day"),
        ({"expires": "soon"}, "expires is 'soon', but must be the last day"),
        ({"reasn": "x"}, "unknown property 'reasn'; did you mean 'reason'?"),
    ],
)
def test_an_exemption_needs_a_resource_a_reason_and_a_day(
    change: dict[str, Value], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _read(exemptions=[{**COMPLETE, **change}])

    assert str(caught.value).startswith(f"rule: exemptions[0]: {message}")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        _read(days=0, mod="x", exemptions=[dict(COMPLETE), {}])

    assert [line.split(" is ")[0] for line in str(caught.value).splitlines()] == [
        "rule: days",
        "rule: unknown property 'mod'; did you mean 'mode'?",
        "rule: exemptions[1]: resource",
        "rule: exemptions[1]: reason",
        "rule: exemptions[1]: expires",
    ]


@pytest.mark.parametrize(
    ("glob", "covered"),
    [
        ("audit", True),
        ("aud*", True),
        ("a?dit", True),
        ("Audit", False),
        ("*shop*", False),
        ("*::audit", True),
        ("urn:pulumi:dev::*", True),
        ("urn:pulumi:prod::*", False),
        (urn(TRAIL, "audit"), True),
    ],
)
def test_a_glob_is_over_the_name_or_with_colons_over_the_urn(glob: str, covered: bool) -> None:
    exemption = Exemption(resource=glob, reason="r", expires=dt.date(2030, 1, 1))

    assert exemption.covers("audit", urn(TRAIL, "audit")) is covered


def test_a_name_with_brackets_is_matched_by_itself() -> None:
    exemption = Exemption(resource="trail[0]", reason="r", expires=dt.date(2030, 1, 1))

    assert exemption.covers("trail[0]", "")


def test_the_schema_has_every_parameter_with_default_and_the_exemptions() -> None:
    properties = schema(PARAMETERS)

    assert {name: each.get("default") for name, each in properties.items()} == {
        "days": 365,
        "mode": "GOVERNANCE",
        "strict": False,
        "accounts": [],
        "exemptions": None,
    }
    assert all(each["description"] for each in properties.values())


def test_the_sdk_accepts_the_schema() -> None:
    properties = {name: dict(each) for name, each in schema(PARAMETERS).items()}

    assert PolicyConfigSchema(properties).properties == properties
