"""AWS Organizations: policies and who has access to the organization.

Sources: `internal/service/organizations` of terraform-provider-aws.
"""

from __future__ import annotations

from sandbox.plugin.services.organizations import delegates, functions, policies

RESOURCES = (*policies.RESOURCES, *delegates.RESOURCES)
FUNCTIONS = functions.FUNCTIONS
