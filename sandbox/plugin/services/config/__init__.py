"""AWS Config: managed rules of the organization.

Sources: `internal/service/configservice` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.config import organization_rule

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = organization_rule.RESOURCES
FUNCTIONS: Final[tuple[Function, ...]] = ()
