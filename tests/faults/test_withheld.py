"""A deployer with the published policies alone, and with each action less.

The real engine with them: `tests/engine/test_deployer_permissions.py`.
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

GRANTED_BY_OTHERS = {"sns:SetTopicAttributes", "sns:DeleteTopic"}
"""What the policy that a topic has before and after its own grants its account as well.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
"""


@pytest.mark.slow
@pytest.mark.parametrize("stack", PROFILES)
def test_with_any_action_less_the_error_names_it(stack: str, tmp_path: Path) -> None:
    trials = {each.action: each for each in withheld(stack, tmp_path)}

    phases = {what: actions for what, actions in recorded()[stack].items() if what != "repair"}
    used = {action for actions in phases.values() for action in actions}
    assert trials.keys() == used, "make record-deployer"
    for action in trials.keys() - GRANTED_BY_OTHERS:
        # What only a look-up beforehand asks for is a warning: its check is left out.
        reported = trials[action].error or " ".join(trials[action].said)
        assert action.lower() in reported.lower()


def test_the_deployer_of_a_delegated_administrators_account_needs_no_more(tmp_path: Path) -> None:
    with site("security", tmp_path, Branching(()), {}) as here:
        organization = here.sandbox.organization
        here.sandbox.session("management").client(
            "cloudtrail"
        ).register_organization_delegated_admin(MemberAccountId=organization.security_account_id)
        restrict(here.sandbox, ["security"])

        assert here.up() == ""
