"""What a deployer's role asks of AWS, recorded: `make record-deployer`.

Runs the real engine over the five stacks as committed, in a sandbox, whose enforcement knows action
and resource of every call. Names of this run become the placeholders of ``PLACES``.
"""

import json
import re
import tempfile
import threading
from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from demo.working_copy import working_copy

from sandbox.aws.enforcement import gate
from sandbox.engine.search import find_pulumi
from sandbox.organization import Organization
from sandbox.session import Sandbox
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
    return {
        "security": _LONGER_KEPT,
        "management": {
            "guardrails": {"exemptRoleArns": [workload], "securityServices": True},
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
    project.configure(
        "management", guardrails={"exemptRoleArns": [organization.roles["workload"]]}
    )
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


def main() -> None:
    """Record, and write the file that the policies are made from."""
    calls: Calls = defaultdict(lambda: defaultdict(dict))
    phase = ["none", "none"]
    with Sandbox(pulumi=find_pulumi()) as sandbox, tempfile.TemporaryDirectory() as directory:
        organization = sandbox.organization
        names = {arn: profile for profile, arn in organization.roles.items()}
        with recording(calls, phase, names):
            run_all(Project(working_copy(Path(directory)), sandbox), phase)
        rows = {
            stack: {
                what: {
                    action: sorted({placed(each, organization) for each in resources})
                    for action, resources in sorted(actions.items())
                }
                for what, actions in sorted(phases.items())
            }
            for stack, phases in calls.items()
        }
    RECORDED.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
