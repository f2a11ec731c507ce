"""A call to AWS fails during an `up`: the error says where and why, and the next one ends it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from demo.working_copy import working_copy

from sandbox.faults import ALWAYS, Fault, Faults, Kind
from sandbox.session import Sandbox
from tests.faults.found import differences, found
from tests.support.adoption import adopt, adoption
from tests.support.engine import Project, engine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from sandbox.aws.call import Call
    from tests.faults.found import Plain
    from tests.support.engine import Ran

pytestmark = [pytest.mark.engine, pytest.mark.slow]

CAUSES = {
    Kind.THROTTLED: "SlowDown",
    Kind.UNAVAILABLE: "InternalError",
    Kind.DENIED: "AccessDenied",
    Kind.TIMED_OUT: "[Tt]ime",
    Kind.RESET: "[Cc]onnection",
    Kind.LOST: "[Cc]onnection",
}


class FirstCall(Faults):
    """Lets the first call of an action meet a fault."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.kind = Kind.DENIED

    def before(self, number: int, call: Call) -> None:
        if self.action == f"{call.service}:{call.action}":
            self.action = ""
            self.meet(Fault(number, self.kind, ALWAYS))


@pytest.mark.parametrize("kind", Kind)
def test_an_up_that_lost_the_bucket_policy_says_so_and_the_next_one_ends_it(
    tmp_path: Path, kind: Kind
) -> None:
    faults = FirstCall()
    with core(tmp_path, faults) as project:
        faults.action, faults.kind = "s3:PutBucketPolicy", kind

        failed = project.up("security").refused()

        assert faults.met
        assert "aws:s3:BucketPolicy" in failed
        assert "2 errored" in failed, failed  # the policy, and so the stack
        assert re.search(CAUSES[kind], failed), failed
        faults.plan()
        project.up("security").succeeded()
        assert project.operations("security") == {}


class Killing(Faults):
    """Kills the engine and all that it has started at a call."""

    def __init__(self) -> None:
        super().__init__()
        self.is_last: Callable[[int, str], bool] = lambda _number, _action: False
        self.engine: subprocess.Popen[bytes] | None = None

    def before(self, number: int, call: Call) -> None:
        if self.engine is not None and self.is_last(number, f"{call.service}:{call.action}"):
            os.killpg(self.engine.pid, signal.SIGKILL)

    def killed(self, project: Project, **environment: str) -> None:
        """Begin an `up` of the security stack, which is killed."""
        self.plan()
        with subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "security"],
            cwd=project.directory,
            env={**project.sandbox.environment, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as self.engine:
            code = self.engine.wait()
        self.engine = None
        assert code == -signal.SIGKILL


@contextmanager
def core(directory: Path, faults: Faults) -> Generator[Project]:
    """The security stack in a sandbox of its own, not deployed yet."""
    with Sandbox(pulumi=engine(), around=faults) as sandbox:
        project = Project(working_copy(directory), sandbox)
        project.init("security")
        project.configure_core()
        yield project


def state_file(project: Project) -> Path:
    backend = project.sandbox.environment["PULUMI_BACKEND_URL"].removeprefix("file://")
    return Path(backend) / ".pulumi/stacks/cloudtrail-guard/security.json"


def after_restoring(project: Project, run: Callable[[], Ran]) -> Ran:
    """What a command ends with; the state is restored before it, if it says that it has to be."""
    done = run()
    if "failed to load checkpoint" not in done.output:
        return done
    state = state_file(project)
    state.with_name(f"{state.name}.bak").replace(state)
    return run()


def ended(project: Project) -> None:
    """End an `up` that was killed, as the how-to says."""
    up = after_restoring(project, partial(project.up, "security"))
    assert "pulumi cancel" in up.failed().output
    project.pulumi("cancel", "--yes", "--stack", "security").succeeded()
    refresh = ("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    after_restoring(project, partial(project.pulumi, *refresh, "--stack", "security")).succeeded()
    if "there is nothing to adopt" in adoption(project, "find", "security"):
        project.up("security").succeeded()
    else:
        adopt(project, "security")
    assert project.operations("security") == {}


def test_an_up_that_was_killed_and_lost_its_state_is_ended_as_the_how_to_says(
    tmp_path: Path,
) -> None:
    faults = Killing()
    with core(tmp_path, faults) as project:
        faults.is_last = lambda _number, action: action == "s3:PutBucketPolicy"
        # In the sandbox, a state is written only at the end of an operation.
        faults.killed(project)
        ended(project)


def test_a_state_that_was_being_written_is_restored_as_the_how_to_says(tmp_path: Path) -> None:
    faults = Killing()
    with core(tmp_path, faults) as project:
        faults.is_last = lambda _number, action: action == "s3:PutBucketPolicy"
        faults.killed(project, PULUMI_SKIP_CHECKPOINTS="false")
        state_file(project).write_text("")
        ended(project)


@dataclass(frozen=True)
class Known:
    """A resource in an exported state."""

    type: str
    id: str
    state: Mapping[str, Any]


def in_aws(project: Project) -> Plain:
    """What the security account has, with ids named for the resources and accounts they are of."""
    shown = project.pulumi("stack", "export", "--stack", "security").succeeded().stdout
    known = {
        each["urn"]: Known(each["type"], each["id"], each["outputs"])
        for each in json.loads(shown)["deployment"]["resources"]
        if "id" in each
    }
    organization = project.sandbox.organization
    everywhere = found(known)
    assert isinstance(everywhere, dict)
    here = organization.security_account_id
    text = json.dumps({key: each for key, each in everywhere.items() if key.split()[1] == here})
    for name, value in vars(organization).items():
        text = text.replace(value, f"<{name}>") if isinstance(value, str) else text
    return json.loads(text)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Plain]:
    """How many calls an `up` makes that nothing disturbs, and what AWS has then."""
    faults = Faults()
    with core(tmp_path_factory.mktemp("program"), faults) as project:
        faults.plan()
        project.up("security").succeeded()
        calls = len(faults.calls)
        return calls, in_aws(project)


@pytest.mark.parametrize("tenth", range(1, 10))
def test_an_up_that_was_killed_at_any_tenth_is_ended_with_nothing_doubled_or_orphaned(
    tmp_path: Path, undisturbed: tuple[int, Plain], tenth: int
) -> None:
    calls, wanted = undisturbed
    faults = Killing()
    with core(tmp_path, faults) as project:
        faults.is_last = lambda number, _action: number == calls * tenth // 10
        faults.killed(project, PULUMI_SKIP_CHECKPOINTS="false")
        ended(project)

        assert differences(wanted, in_aws(project)) == []
