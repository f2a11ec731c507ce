"""A deployer with one action less: each is taken away where an `up` first uses it, in a copy."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from demo.working_copy import configure

from sandbox.aws.enforcement import gate
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


class Withheld(NamedTuple):
    """What became of an `up` without an action.

    Attributes:
        action: such as ``s3:PutBucketPolicy``.
        error: what the `up` failed with; empty if it did not.
        said: what the program logged.
    """

    action: str
    error: str
    said: tuple[str, ...]


def withheld(stack: str, directory: Path) -> list[Withheld]:
    """Bring a stack up with the published policies, and in copies of it without each action."""
    faults, trials = Branching(()), list[Withheld]()
    with site(stack, directory, faults, {"archive": _archived}) as here:
        restrict(here.sandbox, [stack])
        here.up(applies=False)
        faults.collect = trials.append
        with _taken_away(here.sandbox, stack, faults):
            try:
                error = here.up()
            except Failed as failed:
                error = str(failed)
        if faults.disturbance is not None:
            action = faults.disturbance.name
            faults.answer(lambda: Withheld(action, error, tuple(here.said)))
    assert not error, error
    return trials


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
