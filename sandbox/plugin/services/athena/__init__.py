"""Amazon Athena: workgroups and named queries.

Sources: `internal/service/athena` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.athena import queries, workgroup

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*workgroup.RESOURCES, *queries.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
