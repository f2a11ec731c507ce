"""AWS Glue: databases and tables of the Data Catalog.

Sources: `internal/service/glue` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.glue import database, table

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*database.RESOURCES, *table.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
