"""AWS CloudTrail: trails, event data stores and the organization's delegated administrators.

Sources: `internal/service/cloudtrail` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.cloudtrail import delegation, event_data_store, trail

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*trail.RESOURCES, *event_data_store.RESOURCES, *delegation.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
