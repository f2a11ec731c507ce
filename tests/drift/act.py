"""What the table of tampering acts says of one act."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sandbox.organization import role_arn
from sandbox.tests.support import assume

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cloudtrail_guard.operations import Target

    from sandbox.session import Sandbox

REGION = "us-east-1"


@dataclass(frozen=True)
class Stage:
    """Both stacks in a sandbox, and those who tamper with them.

    Attributes:
        sandbox: where they are deployed.
        outputs: the outputs of both stacks.
    """

    sandbox: Sandbox
    outputs: Mapping[str, Any]

    def client(self, stack: str, service: str, region: str = REGION) -> Any:
        """A client of who may do it: an administrator of the management account, whom no SCP
        binds, or break-glass in the security account.
        """
        if stack == "management":
            return self.sandbox.session(stack).client(service, region_name=region)
        return assume(self.sandbox, role_arn(self.security, "AdminRole"), region)(service)

    @property
    def management(self) -> str:
        return self.sandbox.organization.management_account_id

    @property
    def security(self) -> str:
        return self.sandbox.organization.security_account_id

    @property
    def workload(self) -> str:
        return self.sandbox.organization.workload_account_id

    @property
    def root(self) -> str:
        return self.sandbox.organization.root_id

    @property
    def trail(self) -> str:
        return self.outputs["trailArn"]

    @property
    def bucket(self) -> str:
        return self.outputs["bucketName"]

    @property
    def key(self) -> str:
        return self.outputs["keyArn"]

    @property
    def topic(self) -> str:
        return self.outputs["alertTopicArn"]


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of tampering, done out of band by those who can.

    Attributes:
        name: what is done.
        on: what it is done to.
        calls: the actions of the table of operations that it takes, separated by spaces.
        stack: the stack that has the resource, in the account of that name.
        service: whose client `do` and `look` get.
        region: the client's region.
        do: does it.
        look: what AWS says of it, before, after the act, and after an `up`.
        shows: the resource that a preview with a refresh shows, by type and name; empty: none.
        undo: undoes it, given what `look` said before, where an `up` does not, or not alone.
        why: why a preview does not show it, or an `up` does not undo it.
        note: what the real provider does where the sandbox's could be taken for more than it is.
        posture: the checks of the posture report that change, separated by spaces.
        alone: whether it takes other resources with it, so that no other act is done with it.
    """

    name: str
    on: Target
    calls: str
    stack: str = "management"
    service: str
    region: str = REGION
    do: Callable[[Any, Stage], Any]
    look: Callable[[Any, Stage], Any]
    shows: str = ""
    undo: Callable[[Any, Stage, Any], Any] | None = None
    why: str = ""
    note: str = ""
    posture: str = ""
    alone: bool = False

    @property
    def thing(self) -> str:
        """What it is done to: the effects of two acts on one thing cannot be separated."""
        name = self.look.__name__
        return (self.shows or self.name) if name == "<lambda>" else f"{self.stack} {name}"

    @property
    def actions(self) -> list[str]:
        """The actions that it takes."""
        return self.calls.split()


def without(text: str, sid: str) -> str:
    """A policy without a statement."""
    policy = json.loads(text)
    kept = [each for each in policy["Statement"] if each.get("Sid") != sid]
    assert len(kept) < len(policy["Statement"]), sid
    return json.dumps({**policy, "Statement": kept})


def found(ask: Callable[[], Any]) -> Any:
    """What AWS answers, without what is of the request; None where it says there is none."""
    try:
        answer = ask()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if any(word in code for word in ("NotFound", "NoSuch", "NonExistent")) or code in _ABSENT:
            return None
        raise
    if isinstance(answer, dict):
        answer.pop("ResponseMetadata", None)
    return answer


_ABSENT = {"404", "InsightNotEnabledException", "InvalidAccessException"}
