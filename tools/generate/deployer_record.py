"""What a deployer's role asks of AWS, recorded: `make record-deployer`.

Runs the real engine over the five stacks as committed, in a sandbox, whose enforcement knows action
and resource of every call; and in another, in this process, lets deployers undo each act of
tampering that an `up` undoes. Names of the runs become placeholders.
"""

import json
import re
import tempfile
import threading
from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from demo.working_copy import working_copy

from sandbox.aws.enforcement import gate
from sandbox.engine.found import NoPulumi
from sandbox.engine.search import find_pulumi
from sandbox.organization import Organization
from sandbox.session import Sandbox
from tests.drift.repairs import repair
from tests.support.engine import Project

if TYPE_CHECKING:
    from sandbox.aws.call import Call
    from sandbox.aws.enforcement.authorization import Refusal
    from sandbox.aws.enforcement.permissions import Permission

RECORDED = Path(__file__).parents[2] / "docs/deployer-permissions/recorded.json"

MANAGEMENT, SECURITY, WORKLOAD = "123456789012", "111122223333", "444455556666"
ORGANIZATION_ID, ROOT_ID = "o-a1b2c3d4e5", "r-a1b2"

Calls = dict[str, dict[str, dict[str, set[str]]]]
"""Resources by stack, phase and action."""

_KEY = re.compile(r"(?<=:key/)[0-9a-f-]{36}")
_SUBSCRIPTION = re.compile(r"(:sns:.*:)[0-9a-f-]{36}$")
_POLICY = re.compile(r"(?<=_policy/)p-[a-z0-9]+")
_RANDOM_NAME = re.compile(r"(cloudtrail-guard-delivery-)[0-9a-f]{7}")


@contextmanager
def recording(calls: Calls, phase: list[str], roles: Mapping[str, str]) -> Generator[None]:
    """Record what these roles are allowed, while this is open.

    Args:
        calls: where it is recorded.
        phase: the stack and what is done with it now, which the caller changes.
        roles: what to call the roles, by their ARNs.
    """
    real, lock = gate.refusal, threading.Lock()

    def refusal(call: "Call", permission: "Permission") -> "Refusal | None":
        refused = real(call, permission)
        if call.caller and call.caller.principal_arn in roles and refused is None:
            stack, what = phase
            with lock:
                found = calls[stack][what].setdefault(permission.action, set())
                found.add(permission.resource)
        return refused

    gate.refusal = refusal
    try:
        yield
    finally:
        gate.refusal = real


def changes(organization: Organization) -> dict[str, dict[str, object]]:
    """What the second update of each stack changes: settings that change resources in place."""
    workload = organization.roles["workload"]
    second = f"arn:aws:iam::{organization.workload_account_id}:role/SecondRole"
    return {
        "security": _LONGER_KEPT,
        "management": {
            "guardrails": {"exemptRoleArns": [workload, second], "securityServices": True},
            "dataEvents": {"lambda": True},
        },
        "workload": {"workload": {"dataEvents": {"s3": True}}},
        "standalone": _LONGER_KEPT,
        "archive": _LONGER_KEPT,
    }


_LONGER_KEPT: dict[str, object] = {
    "lifecycle": {"expireAfterDays": 3_000},
    "breakGlassRoles": ["AdminRole", "SecondRole"],
}


def run_all(project: Project, phase: list[str]) -> None:
    """Preview, make, change, read again and destroy each stack; each phase has its name."""
    organization = project.sandbox.organization
    changed = changes(organization)
    project.init("security", "management", "workload", "standalone", "archive")
    project.configure("management", guardrails={"exemptRoleArns": [organization.roles["workload"]]})
    project.configure("archive", sourceAccountId=organization.security_account_id)
    for stack in ("security", "management", "workload"):
        _live(project, phase, stack, changed[stack])
    _destroy(project, phase, "workload")
    _live(project, phase, "archive", changed["archive"])
    _destroy(project, phase, "archive")
    _live(project, phase, "standalone", changed["standalone"])
    for stack in ("standalone", "management", "security"):
        _destroy(project, phase, stack)


def _live(project: Project, phase: list[str], stack: str, changed: Mapping[str, object]) -> None:
    phase[:] = stack, "preview"
    project.preview(stack).succeeded()
    phase[:] = stack, "create"
    project.up(stack).succeeded()
    project.configure(stack, **changed)
    phase[:] = stack, "change"
    project.up(stack).succeeded()
    phase[:] = stack, "refresh"
    project.preview(stack, "--refresh").succeeded()


def _destroy(project: Project, phase: list[str], stack: str) -> None:
    phase[:] = stack, "change"
    project.configure(stack, protect=False)
    project.up(stack).succeeded()
    phase[:] = stack, "destroy"
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", stack).succeeded()


def placed(resource: str, organization: Organization) -> str:
    """A resource of a run, with the placeholders for what is different in each organization."""
    for found, place in (
        (organization.management_account_id, MANAGEMENT),
        (organization.security_account_id, SECURITY),
        (organization.workload_account_id, WORKLOAD),
        (organization.id, ORGANIZATION_ID),
        (organization.root_id, ROOT_ID),
    ):
        resource = resource.replace(found, place)
    resource = _SUBSCRIPTION.sub(r"\1*", _KEY.sub("*", resource))
    return _RANDOM_NAME.sub(r"\1*", _POLICY.sub("*", resource))


def _new_calls() -> Calls:
    return defaultdict(lambda: defaultdict(dict))


def _lived() -> Calls:
    """What the life of each stack asks for."""
    calls, phase = _new_calls(), ["none", "none"]
    with Sandbox(pulumi=find_pulumi()) as sandbox, tempfile.TemporaryDirectory() as directory:
        with recording(calls, phase, _deployers(sandbox)):
            run_all(Project(working_copy(Path(directory)), sandbox), phase)
        return _placed(calls, sandbox.organization)


def _repaired() -> Calls:
    """What it asks for to undo what was done to a stack."""
    calls = _new_calls()
    nothing = NoPulumi("it is not needed")
    with Sandbox(pulumi=nothing) as sandbox, tempfile.TemporaryDirectory() as directory:

        def deploying(stack: str) -> AbstractContextManager[None]:
            return recording(calls, [stack, "repair"], _deployers(sandbox))

        repair(sandbox, Path(directory), deploying)
        return _placed(calls, sandbox.organization)


def _deployers(sandbox: Sandbox) -> dict[str, str]:
    return {arn: profile for profile, arn in sandbox.organization.roles.items()}


def _placed(calls: Calls, organization: Organization) -> Calls:
    return {
        stack: {
            what: {
                action: {placed(each, organization) for each in resources}
                for action, resources in actions.items()
            }
            for what, actions in phases.items()
        }
        for stack, phases in calls.items()
    }


def main() -> None:
    """Record, and write the file that the policies are made from."""
    lived, repaired = _lived(), _repaired()
    rows = {stack: {**phases, **repaired.get(stack, {})} for stack, phases in lived.items()}
    text = json.dumps(rows, indent=1, sort_keys=True, default=sorted)
    RECORDED.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
