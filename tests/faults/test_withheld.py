"""A deployer with the published policies alone, and with each action of an `up` less.

The real engine's phases with them: `tests/engine/test_deployer_permissions.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from generate.deployer import recorded

from tests.faults.site import site
from tests.faults.trial import Branching
from tests.faults.withheld import withheld
from tests.support.permissions import PROFILES, restrict

if TYPE_CHECKING:
    from pathlib import Path

GRANTED_BY_OTHERS = {"sns:SetTopicAttributes"}
"""Actions of an `up` that other policies grant as well: that of every new topic, to its account.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
"""


@pytest.mark.slow
@pytest.mark.parametrize("stack", PROFILES)
def test_with_any_action_less_the_error_names_it(stack: str, tmp_path: Path) -> None:
    trials = {each.action: each for each in withheld(stack, tmp_path)}

    used = {action for phase in ("preview", "create") for action in recorded()[stack][phase]}
    assert trials.keys() == used, "make record-deployer"
    for action in trials.keys() - GRANTED_BY_OTHERS:
        assert action.lower() in trials[action].error.lower()


def test_the_deployer_of_a_delegated_administrators_account_needs_no_more(tmp_path: Path) -> None:
    with site("security", tmp_path, Branching(()), {}) as here:
        organization = here.sandbox.organization
        here.sandbox.session("management").client(
            "cloudtrail"
        ).register_organization_delegated_admin(MemberAccountId=organization.security_account_id)
        restrict(here.sandbox, ["security"])

        assert here.up() == ""
