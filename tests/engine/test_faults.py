"""A call to AWS fails during an `up`: the error says where and why, and the next one ends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from demo.working_copy import working_copy

from sandbox.faults import ALWAYS, Fault, Faults, Kind
from sandbox.session import Sandbox
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
