"""Amazon EventBridge: rules and their targets.

Sources: `internal/service/events` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.events import rules, targets

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*rules.RESOURCES, *targets.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
