"""The acts done to stacks as committed, and what a deployer's `up` undoes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from tests.drift.acts import ACTS
from tests.drift.waves import deployed, waves

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sandbox.session import Sandbox
    from tests.drift.act import Act, Stage
    from tests.support.deployed import Kept


def repair(
    sandbox: Sandbox, directory: Path, deploying: Callable[[str], AbstractContextManager[object]]
) -> list[tuple[Act, set[str]]]:
    """Bring the security and the management stack up, tamper with them, and bring them up again.

    Args:
        sandbox: where that is done, in this process.
        directory: for the program's files, which is empty.
        deploying: opened with a stack's name while its deployer undoes what was done to it.

    Returns:
        Each act that an `up` undoes, with the titles of the resources that it changed.
    """
    with deployed(sandbox, directory) as (stage, stacks):
        undone: list[tuple[Act, set[str]]] = []
        acts = [each for each in ACTS if _is_there(each, stacks[each.stack].state.resources, stage)]
        for wave in waves(acts):
            done = [act for act in wave if _is_done(act, stage)]
            for name in dict.fromkeys(act.stack for act in done):
                with deploying(name):
                    plan = stacks[name].up(refresh=True)
                undone += [(act, plan.titles) for act in done if act.stack == name]
        return undone


def _is_done(act: Act, stage: Stage) -> bool:
    """Do an act; whether the settings have all that it is done to, such as a group."""
    try:
        act.do(stage.client(act.stack, act.service, act.region), stage)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return False
    return True


def _is_there(act: Act, resources: dict[str, Kept], stage: Stage) -> bool:
    """Whether an `up` alone undoes it, to a resource that the stacks have as committed."""
    shows = act.shows.format(root=stage.root)
    return (
        bool(shows)
        and not act.undo
        and any(each.title.startswith(shows) for each in resources.values())
    )
