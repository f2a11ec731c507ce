"""A call to AWS fails during an `up`: the error says where and why, and the next one ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from demo.working_copy import working_copy

from sandbox.faults import ALWAYS, Fault, Faults, Kind
from sandbox.session import Sandbox
from tests.support.adoption import adopt
from tests.support.engine import Project, engine

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.aws.call import Call

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
    directory = tmp_path / "program"
    directory.mkdir()
    with Sandbox(pulumi=engine(), around=faults) as sandbox:
        project = Project(working_copy(directory), sandbox)
        project.init("security")
        project.configure_core()
        faults.action, faults.kind = "s3:PutBucketPolicy", kind

        failed = project.up("security").refused()

        assert faults.met
        assert "aws:s3:BucketPolicy" in failed
        assert "2 errored" in failed, failed  # the policy, and so the stack
        assert re.search(CAUSES[kind], failed), failed
        faults.plan()
        project.up("security").succeeded()
        assert project.operations("security") == {}


class KilledAt(Faults):
    """Kills the engine and all that it has started when an action is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.engine: subprocess.Popen[bytes] | None = None

    def before(self, number: int, call: Call) -> None:  # noqa: ARG002 - only which action it is
        if self.action == f"{call.service}:{call.action}" and self.engine is not None:
            self.action = ""
            os.killpg(self.engine.pid, signal.SIGKILL)


def test_an_up_that_was_killed_and_lost_its_state_is_ended_as_the_how_to_says(
    tmp_path: Path,
) -> None:
    faults = KilledAt()
    directory = tmp_path / "program"
    directory.mkdir()
    with Sandbox(pulumi=engine(), around=faults) as sandbox:
        project = Project(working_copy(directory), sandbox)
        project.init("security")
        project.configure_core()
        faults.action = "s3:PutBucketPolicy"
        with subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", "security"],
            cwd=project.directory,
            env=sandbox.environment,  # a state is written at the end of an operation
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as killed:
            faults.engine = killed
            assert killed.wait() == -signal.SIGKILL

        assert "pulumi cancel" in project.up("security").failed().output
        project.pulumi("cancel", "--yes", "--stack", "security").succeeded()
        project.pulumi(
            *("refresh", "--yes", "--skip-preview", "--clear-pending-creates"),
            *("--stack", "security"),
        ).succeeded()
        adopt(project, "security")
        assert project.operations("security") == {}
