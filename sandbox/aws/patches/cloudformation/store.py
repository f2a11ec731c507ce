"""The service-managed StackSets of the sandbox."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.store import kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.organizations.models import OrganizationsBackend

    from sandbox.aws.call import Answer, Call

SERVICE = "member.org.stacksets.cloudformation.amazonaws.com"
"""The service principal that needs trusted access, and that is delegated."""

FORGETS = (
    "moto returns neither AutoDeployment nor Capabilities, deploys to the management account too, "
    "knows no OU of an instance, and deletes nothing by OU"
)
LIMIT = "service-managed StackSets deploy AWS::CloudTrail::Trail only, from JSON, at once"


@dataclass
class Instance:
    """A stack of a StackSet in one account and region."""

    account_id: str
    region: str
    unit: str
    """The OU or root through which the account was targeted."""
    stack_id: str
    trails: dict[str, str] = field(default_factory=dict[str, str])
    """The names of the trails that it made, by their logical ids in the template."""
    failure: str = ""
    """Why the stack is not as the template says; empty if it is."""

    @property
    def place(self) -> tuple[str, str]:
        """What no two instances of a StackSet have in common."""
        return self.account_id, self.region


@dataclass
class Operation:
    """What was done to the instances of a StackSet."""

    action: str
    results: list[dict[str, Any]]
    failed: bool
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    at: float = field(default_factory=time.time)

    @property
    def status(self) -> str:
        """SUCCEEDED or FAILED: nothing takes time here."""
        return "FAILED" if self.failed else "SUCCEEDED"


@dataclass
class StackSet:
    """A service-managed StackSet; the settings as the API names them."""

    name: str
    account_id: str
    region: str
    partition: str
    template: str
    settings: dict[str, Any]
    unique: str = field(default_factory=lambda: str(uuid.uuid4()))
    targets: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """The OUs and regions that it was deployed to: accounts that join them get a stack too."""
    instances: dict[tuple[str, str], Instance] = field(
        default_factory=dict[tuple[str, str], Instance]
    )
    operations: dict[str, Operation] = field(default_factory=dict[str, Operation])

    @property
    def id(self) -> str:
        """Its id: the name and a unique part."""
        return f"{self.name}:{self.unique}"

    @property
    def arn(self) -> str:
        """Its ARN."""
        place = f"{self.region}:{self.account_id}"
        return f"arn:{self.partition}:cloudformation:{place}:stackset/{self.id}"

    def describe(self) -> dict[str, Any]:
        """As DescribeStackSet answers."""
        return {
            "StackSetName": self.name,
            "StackSetId": self.id,
            "StackSetARN": self.arn,
            "Status": "ACTIVE",
            "TemplateBody": self.template,
            "Parameters": [],
            "PermissionModel": "SERVICE_MANAGED",
            "OrganizationalUnitIds": list(dict.fromkeys(unit for unit, _ in self.targets)),
            "Regions": list(dict.fromkeys(region for _, region in self.targets)),
            **self.settings,
        }


@dataclass
class StackSets:
    """The StackSets of an account in a region, and the trust of the organization it manages."""

    sets: dict[str, StackSet] = field(default_factory=dict[str, StackSet])
    activated: bool = False


def backend(account_id: str, region: str) -> StackSets:
    """The StackSets of an account in a region."""
    return kept(StackSets, account_id, region)


def _find(call: Call) -> StackSet | None:
    """The StackSet that a call names, by name or id; None for one that is not service-managed."""
    name = call.text("StackSetName")
    sets = backend(administered(call), call.region).sets.values()
    return next((found for found in sets if name in (found.name, found.id)), None)


def patch_stack_sets(
    action: str,
) -> Callable[[Callable[[Call, StackSet], Answer]], Callable[[Call, StackSet], Answer]]:
    """Answer the calls about a service-managed StackSet by the decorated function, others by moto.

    Args:
        action: the operation; its calls name the StackSet by name or id.
    """

    def register(answer: Callable[[Call, StackSet], Answer]) -> Callable[[Call, StackSet], Answer]:
        @patch("cloudformation", action, FORGETS, limit=LIMIT)
        @wraps(answer)
        def find_and_answer(call: Call) -> Answer | None:
            found = _find(call)
            return None if found is None else answer(call, found)

        return answer

    return register


def administered(call: Call) -> str:
    """The account whose StackSets a call is about: a delegated administrator acts on others'.

    Raises:
        AwsError: the caller says that it is a delegated administrator, and is none.
    """
    caller = call.signer.account_id
    if call.text("CallAs") != "DELEGATED_ADMIN":
        return caller
    organization = lookups.organization_of(caller)
    if organization is None or not lookups.is_delegated(organization, caller, SERVICE):
        raise not_entitled()
    return organization.account_id


def organization_of(stack_set: StackSet) -> OrganizationsBackend:
    """The organization that a StackSet deploys to.

    Raises:
        AwsError: there is none any more.
    """
    organization = lookups.organization_of(stack_set.account_id)
    if organization is None:
        raise not_entitled()
    return organization


def not_entitled() -> AwsError:
    """The error for accounts that may not operate service-managed StackSets."""
    return invalid(
        "You must be the management account or delegated admin account of an organization before "
        "operating a SERVICE_MANAGED stack set"
    )


def invalid(message: str) -> AwsError:
    """The error for requests that CloudFormation refuses."""
    return AwsError("ValidationError", message)
