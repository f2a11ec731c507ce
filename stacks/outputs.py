"""What the stacks pass to each other, read before anything is created."""

import json
from typing import Any, TypeAlias

import pulumi
from pydantic import Field, ValidationError

from stacks.settings import NAMESPACE
from stacks.settings.base import Group
from stacks.settings.roles import ReadsSecurityStack

Outputs: TypeAlias = dict[str, pulumi.Input[Any]]
"""A stack's outputs by name."""


class LinkError(pulumi.RunError):
    """The stack that this one builds on is not there, or not up to date."""


class SecurityOutputs(Group):
    """The outputs of the security stack that the other stacks build on."""

    account_id: str
    bucket_name: str
    access_log_bucket_name: str | None = None
    key_arn: str
    trail_name: str
    trail_arn: str
    break_glass_role_arns: list[str]
    deployer_role_arns: list[str]
    account_trail_arns: list[str] = Field(default=[])
    member_trail_names: list[str] = Field(default=[])
    replica_bucket_name: str | None = None
    replica_key_arn: str | None = None
    replica_break_glass_role_arns: list[str] = Field(default=[])
    replica_deployer_role_arns: list[str] = Field(default=[])
    alert_key_arn: str | None = None
    log_feed_key_arn: str | None = None
    query_results_key_arn: str | None = None
    backup_role_arns: list[str] = Field(default=[])
    own_role_arns: list[str] = Field(default=[])
    reader_arns: list[str] = Field(default=[])
    alert_bus_arn: str | None = None

    @property
    def access_log_bucket_names(self) -> list[str]:
        """The access-log bucket's name, if there is one."""
        return [self.access_log_bucket_name] if self.access_log_bucket_name else []

    @property
    def further_bucket_names(self) -> list[str]:
        """Names of the buckets with logs in addition to the log bucket."""
        return [] if self.replica_bucket_name is None else [self.replica_bucket_name]

    @property
    def further_key_arns(self) -> list[str]:
        """ARNs of their keys."""
        return [] if self.replica_key_arn is None else [self.replica_key_arn]

    @property
    def other_key_arns(self) -> list[str]:
        """ARNs of the keys of alerts, feed and query results."""
        keys = (self.alert_key_arn, self.log_feed_key_arn, self.query_results_key_arn)
        return [key for key in keys if key is not None]


class ManagementOutputs(Group):
    """The outputs of the management stack that a workload stack checks itself against."""

    guardrail_targets: list[str]
    guardrail_trails: list[str]
    guardrail_exempt_role_arns: list[str]


def read_management(settings: ReadsSecurityStack) -> ManagementOutputs | None:
    """Read the management stack's outputs; None if there is no such stack, or none of these.

    It is the stack beside the security stack whose name has the role management.
    """
    organization, project, stack = security_stack(settings).split("/")
    head, found, tail = stack.rpartition("security")
    if not found or tail:
        return None
    name = f"{organization}/{project}/{head}management"
    try:
        answer = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": name})
    except Exception as error:  # noqa: BLE001 - a failed invoke raises a bare Exception
        pulumi.log.debug(f"the management stack {name} cannot be read: {error}")
        return None
    outputs: dict[str, Any] = answer.value["outputs"]
    keys = [str(field.alias) for field in ManagementOutputs.model_fields.values()]
    if any(outputs.get(key) is None for key in keys):
        return None
    return ManagementOutputs.model_validate({key: outputs[key] for key in keys})


def security_stack(settings: ReadsSecurityStack) -> str:
    """The full name of the security stack: as set, or this stack's name with its role replaced."""
    if settings.security_stack:
        return settings.security_stack
    head, separator, _ = pulumi.get_stack().rpartition("-")
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{head}{separator}security"


def read_security(settings: ReadsSecurityStack) -> SecurityOutputs:
    """Read the security stack through a stack reference.

    The reference's own outputs are known only later. The engine's function behind it answers at
    once, so that the values can be checked before any resource is registered.

    Raises:
        LinkError: the stack is not up, or lacks an output; the message has the command to run.
    """
    name = security_stack(settings)
    stack = name.rsplit("/", maxsplit=1)[-1]
    remedy = (
        f"bring it up first: `pulumi up --stack {stack}`. If your security stack has another name, "
        f"set {NAMESPACE}:securityStack to <organization>/<project>/<stack>"
    )
    try:
        answer = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": name})
    except Exception as error:  # noqa: BLE001 - a failed invoke raises a bare Exception
        raise LinkError(f"the security stack {name} cannot be read ({error}); {remedy}") from None
    outputs: dict[str, Any] = answer.value["outputs"]
    fields = SecurityOutputs.model_fields.values()
    missing = [
        str(field.alias)
        for field in fields
        if field.is_required() and outputs.get(str(field.alias)) is None
    ]
    if missing:
        raise LinkError(f"the security stack {name} has no output {', '.join(missing)}; {remedy}")
    pulumi.StackReference(name)
    try:
        return SecurityOutputs.model_validate(
            {key: outputs[key] for field in fields if (key := str(field.alias)) in outputs}
        )
    except ValidationError as error:
        raise LinkError(
            f"the security stack {name} has outputs of another shape "
            f"({json.dumps(error.errors(include_url=False), default=str)}); {remedy}"
        ) from None
