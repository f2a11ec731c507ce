"""AWS IAM: roles, policies and what ties them together.

Sources: `internal/service/iam` of terraform-provider-aws.
"""

from __future__ import annotations

from sandbox.plugin.services.iam import functions, policies, role

RESOURCES = (*role.RESOURCES, *policies.RESOURCES)
FUNCTIONS = functions.FUNCTIONS
