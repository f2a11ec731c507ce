"""What a call needs permission for: actions, resources, and whose these are.

Each service of which policies name resources has a module in ``services`` with a function that
reads this from its calls. All other calls need the action of their operation on ``*``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sandbox.aws.call import Call

    Reader: TypeAlias = Callable[[Call], Iterable["Permission"]]

_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag"}
"""Signing names that are not the prefixes of the services' actions."""


@dataclass(frozen=True, kw_only=True)
class ResourcePolicy:
    """The policy of a resource that may have one.

    Attributes:
        text: the document; empty for none.
        leaves_to_identity: whether identity policies are enough in the resource's own account.
    """

    text: str
    leaves_to_identity: bool = True


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One permission that a call needs.

    Attributes:
        action: e.g. ``s3:DeleteObjectVersion``.
        resource: the resource's ARN, or ``*``.
        owner: the resource's account; empty for the caller's own.
        policy: the resource's policy; ``None`` where the resource does not exist or cannot have
            one: then its account has no say of its own.
        context: condition keys besides those of the caller.
        bound_by_rcps: whether RCPs of the owner have a say.
    """

    action: str
    resource: str = "*"
    owner: str = ""
    policy: ResourcePolicy | None = None
    context: Mapping[str, str | list[str]] = field(default_factory=dict[str, str | list[str]])
    bound_by_rcps: bool = True


def plain(call: Call, resource: str = "*") -> Permission:
    """The action of a call's operation, on a resource of the caller's account or on ``*``."""
    return Permission(action=action(call), resource=resource)


def action(call: Call) -> str:
    """The action of a call's operation, e.g. ``cloudtrail:StopLogging``."""
    return f"{_PREFIXES.get(call.service, call.service)}:{call.action}"


def arn(call: Call, resource: str, *, service: str = "", account: str = "") -> str:
    """An ARN in the call's partition and region.

    Args:
        call: the call.
        resource: its last part, e.g. ``trail/logs``.
        service: the service in the ARN, when it is not the signing name.
        account: the account, when it is not the caller's.
    """
    account = account or call.signer.account_id
    return f"arn:{call.partition}:{service or call.service}:{call.region}:{account}:{resource}"
