"""Where and as whom a component is deployed, asked of AWS.

Asked synchronously: so the answers are plain values, documents are known in preview, and a mistake
is rejected before any resource is registered.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import Location, partition_of_region

T = TypeVar("T")

_ANSWERS: WeakKeyDictionary[pulumi.Resource, dict[object, Any]] = WeakKeyDictionary()
"""What AWS answered, by the stack that is deployed, and then by the question and the provider."""


def caller_account(component: pulumi.Resource) -> str:
    """The 12-digit id of the account that is deployed to."""
    return _asked(component, aws.get_caller_identity).account_id


def caller_partition(component: pulumi.Resource) -> str:
    """The partition that is deployed to, e.g. ``aws``."""
    return _asked(component, aws.get_partition).partition


def caller_location(
    component: pulumi.Resource, *, region: str | None = None, account: str | None = None
) -> Location:
    """The partition, region and account that is deployed to; what is given is not asked for."""
    here = region or _asked(component, aws.get_region).region
    return Location(
        partition=partition_of_region(here),
        region=here,
        account=account or caller_account(component),
    )


def deploying_principals(component: pulumi.Resource) -> list[str]:
    """The role (or user) that deploys, by its full ARN: no policy may lock it out.

    A session's own ARN lacks the role's path; IAM's session context has the role itself
    (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_session_context).
    """
    caller = _asked(component, aws.get_caller_identity)
    opts = pulumi.InvokeOptions(parent=component)
    return [aws.iam.get_session_context(arn=caller.arn, opts=opts).issuer_arn]


def deployers_of(component: pulumi.Resource, args: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an input
    """The principals that manage what a component makes: as given, or the one that deploys.

    An empty list counts as none given: it would lock out the principal that deploys.
    """
    given = args.get("deployer_role_arns")
    return deploying_principals(component) if given is None or given == [] else given


def exempt_from_denies(component: pulumi.Resource, args: Mapping[str, object]) -> dict[str, object]:
    """Whom the denies of a key or a bucket with evidence exempt, by its component's arguments.

    Args:
        component: the component.
        args: its arguments, with or without ``break_glass_role_arns`` and ``deployer_role_arns``.

    Returns:
        ``break_glass`` and ``deployers``; without break-glass roles there are no denies, and so no
        deployers.
    """
    if "break_glass_role_arns" not in args:
        return {"break_glass": (), "deployers": ()}
    return {
        "break_glass": args["break_glass_role_arns"],
        "deployers": deployers_of(component, args),
    }


def _asked(component: pulumi.Resource, question: Callable[..., T]) -> T:
    """What AWS answers under a component's provider: asked once in a deployment."""
    stack = pulumi.runtime.get_root_resource()
    known = {} if stack is None else _ANSWERS.setdefault(stack, {})
    key = question, component.get_provider("aws:index:Provider")
    if key not in known:
        known[key] = question(opts=pulumi.InvokeOptions(parent=component))
    return cast("T", known[key])
