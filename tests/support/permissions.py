"""The published policies of deploying roles, with a sandbox's own values."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from generate.deployer import policies
from generate.deployer_record import MANAGEMENT, ORGANIZATION_ID, ROOT_ID, SECURITY, WORKLOAD

from sandbox.aws import lookups

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from sandbox.session import Sandbox

PROFILES = {
    "security": "security",
    "management": "management",
    "workload": "workload",
    "standalone": "workload",
    "archive": "workload",
}
"""Whose role deploys each stack."""

ON_ANYTHING = (":athena:", ":event-bus/", ":glue:")
"""What the sandbox evaluates on ``*`` alone."""


def own_values(sandbox: Sandbox, text: str) -> str:
    """A published document with a sandbox's accounts, organization and root."""
    organization = sandbox.organization
    for place, value in (
        (MANAGEMENT, organization.management_account_id),
        (SECURITY, organization.security_account_id),
        (WORKLOAD, organization.workload_account_id),
        (ORGANIZATION_ID, organization.id),
        (ROOT_ID, organization.root_id),
    ):
        text = text.replace(place, value)
    return text


def here(sandbox: Sandbox, policy: Any, without: str = "") -> Any:
    """A policy with this organization's values, and as wide as the sandbox can tell resources."""
    filled = json.loads(own_values(sandbox, json.dumps(policy)))
    for statement in filled["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if each != without]
        if any(kind in each for each in statement["Resource"] for kind in ON_ANYTHING):
            statement["Resource"] = "*"
    filled["Statement"] = [each for each in filled["Statement"] if each["Action"]]
    return filled


@contextmanager
def restricted(sandbox: Sandbox, stack: str) -> Generator[None]:
    """Let the role that deploys a stack have the published policies alone, for a while."""
    role: Any = lookups.role(sandbox.organization.roles[PROFILES[stack]])
    managed, inline = dict(role.managed_policies), dict(role.policies)
    restrict(sandbox, [stack])
    yield
    role.managed_policies.update(managed)
    role.policies.clear()
    role.policies.update(inline)


def restrict(sandbox: Sandbox, stacks: Iterable[str], without: str = "") -> None:
    """Take all from the roles that deploy these stacks, and give them the published policies.

    Directly in the sandbox's IAM: a role could not take its own last rights by calls.
    """
    roles: dict[str, Any] = {
        stack: lookups.role(sandbox.organization.roles[PROFILES[stack]]) for stack in stacks
    }
    for role in roles.values():
        role.managed_policies.clear()
        role.policies.clear()
    for stack, role in roles.items():
        for number, policy in enumerate(policies(stack)):
            role.policies[f"{stack}-{number}"] = json.dumps(here(sandbox, policy, without))
