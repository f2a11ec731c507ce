"""AWS Lambda: functions, and who may invoke them.

Sources: `internal/service/lambda` of terraform-provider-aws. No function ever runs in the sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.lambda_ import functions, permissions

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*functions.RESOURCES, *permissions.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
