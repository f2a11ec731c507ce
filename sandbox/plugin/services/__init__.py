"""The rows of the provider's table, one module or package for each AWS service.

To add a resource type:

1. Write a `ResourceType` in its service's module: the calls that create, read and delete it, and
   what the SDK does not say (`sandbox.plugin.resource` explains each field). Properties have their
   Pulumi names; `shapes` and `tagging` turn AWS's structures and tags into them. List it in the
   module's `RESOURCES`.
2. Add its life to `sandbox/tests/plugin/scenarios`, and a case for each of its validators to
   `sandbox/tests/plugin/test_refusals.py`. Tests fail until both are there.

A function is a `Function` in the module's `FUNCTIONS`, and a test of what it finds and what not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.services import (
    access_analyzer,
    athena,
    cloudformation,
    cloudtrail,
    cloudwatch,
    config,
    events,
    glue,
    guardduty,
    iam,
    kms,
    lambda_,
    organizations,
    s3,
    securityhub,
    sns,
    sqs,
    sts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Function, ResourceType

_SERVICES: Final = (
    access_analyzer,
    athena,
    cloudformation,
    cloudtrail,
    cloudwatch,
    config,
    events,
    glue,
    guardduty,
    iam,
    kms,
    lambda_,
    organizations,
    s3,
    securityhub,
    sns,
    sqs,
    sts,
)

TABLE: Final[Mapping[str, ResourceType]] = {
    row.type: row for service in _SERVICES for row in service.RESOURCES
}
"""Every resource type, by its token."""

FUNCTIONS: Final[Mapping[str, Function]] = {
    row.function: row for service in _SERVICES for row in service.FUNCTIONS
}
"""Every function, by its token."""
