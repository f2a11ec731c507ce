"""Amazon CloudWatch: log groups, metric filters and alarms.

Sources: `internal/service/logs` and `internal/service/cloudwatch` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.cloudwatch import alarms, filters, groups

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*groups.RESOURCES, *filters.RESOURCES, *alarms.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
