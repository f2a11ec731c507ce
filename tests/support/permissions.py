"""The published policies of deploying roles, with a sandbox's own values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generate.deployer_record import MANAGEMENT, ORGANIZATION_ID, ROOT_ID, SECURITY, WORKLOAD

if TYPE_CHECKING:
    from sandbox.session import Sandbox

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
