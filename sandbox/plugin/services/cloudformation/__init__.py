"""AWS CloudFormation: service-managed StackSets and their instances.

Sources: `internal/service/cloudformation` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services.cloudformation import instance, stack_set

if TYPE_CHECKING:
    from sandbox.plugin.resource import Function

RESOURCES = (*stack_set.RESOURCES, *instance.RESOURCES)
FUNCTIONS: Final[tuple[Function, ...]] = ()
