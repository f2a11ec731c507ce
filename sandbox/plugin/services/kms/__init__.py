"""AWS KMS: keys, key policies and aliases.

Sources: `internal/service/kms` of terraform-provider-aws.
"""

from __future__ import annotations

from sandbox.plugin.services.kms import aliases, functions, keys, policies

RESOURCES = (*keys.RESOURCES, *policies.RESOURCES, *aliases.RESOURCES)
FUNCTIONS = functions.FUNCTIONS
