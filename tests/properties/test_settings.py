"""Any config of a stack is refused by one clear error, or makes a sound stack."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from stacks.lookups.found import Lookups
from stacks.lookups.run import units_below_root
from stacks.settings.load import SettingsError, parse_settings
from stacks.settings.roles import ROLES
from tests.properties.outcome import DEPLOYER, assert_clear, outcome_of
from tests.properties.runs import run_examples
from tests.properties.settings import configs
from tests.support.deployment import ACCOUNT, KEY_ID, MANAGEMENT_ACCOUNT, deploy
from tests.support.stacks import (
    GET_ORGANIZATION,
    MANAGEMENTS_VIEW,
    MEMBERS_VIEW,
    READ_STACK,
    run,
    security,
)

if TYPE_CHECKING:
    from stacks.context import DeploymentContext
    from stacks.settings.roles import Role
    from tests.support.deployment import Deployment

PARSED, STACKS = 150, 4
NIGHTLY_STACKS = 300

OUTPUTS = "organization/cloudtrail-guard/security"
_UNITS = "getOrganizationalUnitDescendantOrganizationalUnits"
UNITS = f"aws:organizations/{_UNITS}:{_UNITS}"


@pytest.fixture(autouse=True)
def nothing_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(context: DeploymentContext[Any], *_: object) -> Lookups:
        return Lookups(units=units_below_root(context))

    monkeypatch.setattr("stacks.preflight.run.look_up", look_up)


@pytest.mark.parametrize("role", ROLES)
def test_any_config_is_read_or_refused_by_one_error(role: Role) -> None:
    def hold(config: dict[str, str]) -> None:
        full = {f"cloudtrail-guard:{key}": value for key, value in config.items()}
        try:
            parse_settings(full, role)
        except SettingsError as error:
            assert "problem" in str(error)  # noqa: PT017 - an error is one of two good ends

    run_examples(hold, configs(role), PARSED)


@cache
def exported() -> dict[str, Any]:
    """What a security stack exports, for the stacks that read it."""
    return security(bucketName="org-logs", memberTrailNames='["DataAccess"]').outputs


def make(role: Role, config: dict[str, str], *, preview: bool, into: Deployment) -> None:
    """Deploy a stack of a role."""
    accounts = {"management": MANAGEMENT_ACCOUNT, "workload": "444455556666"}
    deploy(
        run,
        stack=role,
        account=accounts.get(role, ACCOUNT),
        preview=preview,
        functions={
            GET_ORGANIZATION: MANAGEMENTS_VIEW if role == "management" else MEMBERS_VIEW,
            READ_STACK: {"outputs": {} if role == "security" else exported()},
            UNITS: {
                "childrens": [
                    {
                        "id": "ou-a1b2-c3d4e5f6",
                        "arn": "arn",
                        "name": "Workloads",
                        "parentId": "r-a1b2",
                    }
                ]
            },
        },
        live={
            **{
                name: {"name": name, "outputs": {}, "secretOutputNames": []}
                for name in (OUTPUTS, "organization/cloudtrail-guard/management")
            },
            **{
                name: {"bucket": name, "arn": f"arn:aws:s3:::{name}"}
                for name in ("org-logs", "org-logs-2", f"aws-cloudtrail-logs-{ACCOUNT}")
            },
            KEY_ID: {"keyId": KEY_ID},
            "a" * 32: {"enable": True},
        },
        config={f"cloudtrail-guard:{key}": value for key, value in config.items()},
        into=into,
    )


def hold_stack(role: Role, config: dict[str, str], *, preview: bool) -> None:
    """Hold a stack to what any must come to."""
    outcome = outcome_of(lambda into: make(role, config, preview=preview, into=into))
    named = config.get("deployerRoleArns", "[]")
    left_out = outcome.error is None and bool(json.loads(named)) and DEPLOYER not in named
    assert_clear(outcome, deployer_is_left_out=left_out or role != "security")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("examples", [STACKS, pytest.param(NIGHTLY_STACKS, marks=pytest.mark.slow)])
def test_any_config_makes_a_sound_stack_or_none(role: Role, examples: int) -> None:
    run_examples(lambda config: hold_stack(role, config, preview=True), configs(role), examples)
