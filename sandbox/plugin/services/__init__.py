"""The rows of the provider's table, one module for each AWS service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services import cloudtrail, iam, kms, organizations, s3, sts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Function, ResourceType

_SERVICES: Final = (cloudtrail, iam, kms, organizations, s3, sts)

TABLE: Final[Mapping[str, ResourceType]] = {
    row.type: row for service in _SERVICES for row in service.RESOURCES
}
"""Every resource type, by its token."""

FUNCTIONS: Final[Mapping[str, Function]] = {
    row.function: row for service in _SERVICES for row in service.FUNCTIONS
}
"""Every function, by its token."""
