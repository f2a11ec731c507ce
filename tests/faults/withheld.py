"""A deployer with one action less: each is taken away where it is first used, in a copy."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from demo.working_copy import configure
from generate.deployer_record import changes

from sandbox.aws.enforcement import gate
from sandbox.plugin.resource import ResourceError
from tests.faults.site import site
from tests.faults.trial import Branching, Disturbance, Failed
from tests.support.permissions import PROFILES, restrict

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sandbox.aws.call import Call
    from sandbox.aws.enforcement.authorization import Refusal
    from sandbox.aws.enforcement.permissions import Permission
    from sandbox.session import Sandbox
    from tests.faults.site import Site


class Withheld(NamedTuple):
    """What became of a stack's life without an action.

    Attributes:
        action: such as ``s3:PutBucketPolicy``.
        error: what it ended with; empty if nothing failed.
        said: what the program logged where it was brought up.
    """

    action: str
    error: str
    said: tuple[str, ...]


def withheld(stack: str, directory: Path) -> list[Withheld]:
    """Let a stack live with the published policies, and in copies of it without each action."""
    faults, trials = Branching(()), list[Withheld]()
    program, changed = directory / "program", directory / "changed"
    program.mkdir()
    with site(stack, program, faults, {"archive": _archived}) as here:
        # Beforehand, as copies of the process share the files.
        shutil.copytree(program, changed, symlinks=True)
        configure(changed, stack, changes(here.sandbox.organization)[stack])
        restrict(here.sandbox, [stack])
        here.up(applies=False)
        faults.collect = trials.append
        with _taken_away(here.sandbox, stack, faults):
            error, said = _life(here, changed)
        if faults.disturbance is not None:
            action = faults.disturbance.name
            faults.answer(lambda: Withheld(action, error, said))
    assert not error, error
    return trials


def _life(here: Site, changed: Path) -> tuple[str, tuple[str, ...]]:
    """Bring it up, change it, read it again and destroy it; the first error, and what was said."""
    error, said = "", ()
    try:
        error = here.up()
        said = tuple(here.said)
        if not error:
            here.stack.project = changed
            error = here.up()
        if not error:
            here.state.refresh()
            here.state.destroy()
    except (Failed, ResourceError) as failed:
        error = str(failed)
    return error, said


def _archived(sandbox: Sandbox, project: Path) -> None:
    source = sandbox.organization.security_account_id
    configure(project, "archive", {"sourceAccountId": source})


@contextmanager
def _taken_away(sandbox: Sandbox, stack: str, faults: Branching) -> Generator[None]:
    """Take each action away in a copy, at the first call for which it is evaluated."""
    real, role = gate.refusal, sandbox.organization.roles[PROFILES[stack]]
    evaluated: set[str] = set()

    def refusal(call: Call, permission: Permission) -> Refusal | None:
        action = permission.action
        mine = call.caller is not None and call.caller.principal_arn == role
        if mine and faults.disturbance is None and action not in evaluated:
            evaluated.add(action)
            if faults.branch(Disturbance(action)):
                faults.disturbed = True
                restrict(sandbox, [stack], without=action)
        return real(call, permission)

    gate.refusal = refusal
    try:
        yield
    finally:
        gate.refusal = real
