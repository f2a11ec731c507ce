"""Acts done in waves: as many at a time as do not overlap, then one `up` of each stack."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from demo.working_copy import working_copy
from posture.compare import changes

from tests.drift.act import Stage
from tests.support.deployed import Deployed
from tests.support.environment import take_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from pathlib import Path

    from posture.report import Report

    from sandbox.session import Sandbox
    from tests.drift.act import Act
    from tests.support.deployed import Plan


@dataclass(frozen=True)
class Outcome:
    """What came of an act.

    Attributes:
        before: what AWS said before it.
        done: after it.
        again: after the `up` with a refresh.
        at_last: after what the `up` left was undone.
        plan: what the `up` of the stack did, for all acts of the wave.
        reported: the checks of the posture report that changed with the acts of the wave.
    """

    before: Any
    done: Any
    again: Any
    at_last: Any
    plan: Plan
    reported: frozenset[str]


@contextmanager
def deployed(
    sandbox: Sandbox, directory: Path, configured: Callable[[Sandbox, Path], None] | None = None
) -> Generator[tuple[Stage, dict[str, Deployed]]]:
    """Bring the security and the management stack up in this process.

    Args:
        sandbox: where that is done.
        directory: for the program's files, which is empty.
        configured: sets what the stack files do not have.
    """
    with pytest.MonkeyPatch.context() as patch:
        take_environment(sandbox, patch)
        project = working_copy(directory)
        if configured:
            configured(sandbox, project)
        stacks: dict[str, Deployed] = {}
        linked: dict[str, Mapping[str, Any]] = {}
        for name in ("security", "management"):
            stacks[name] = Deployed(project, name, linked)
            stacks[name].up()
            linked[f"organization/cloudtrail-guard/{name}"] = stacks[name].outputs
        outputs = {key: value for each in stacks.values() for key, value in each.outputs.items()}
        yield Stage(sandbox, outputs), stacks


@dataclass(frozen=True)
class Site:
    """Where acts are done.

    Attributes:
        stage: the sandbox, and those who tamper.
        stacks: both stacks, by name.
        report: makes a posture report.
    """

    stage: Stage
    stacks: Mapping[str, Deployed]
    report: Callable[[], Report]


def waves(acts: Iterable[Act]) -> list[list[Act]]:
    """The acts, in lists in which each has a thing, a resource and checks of its own."""
    made: list[list[Act]] = []
    for act in acts:
        wave = next((wave for wave in made if not any(_clash(act, one) for one in wave)), None)
        if wave is None:
            made.append([act])
        else:
            wave.append(act)
    return made


def _clash(one: Act, other: Act) -> bool:
    """Whether the effects of two acts could not be separated if they were done together."""
    return (
        one.alone
        or other.alone
        or one.thing == other.thing
        or one.shows == other.shows != ""
        or not set(one.posture.split()).isdisjoint(other.posture.split())
    )


def tamper(site: Site, acts: Iterable[Act]) -> Iterator[tuple[str, Outcome]]:
    """Do the acts of one wave, bring the stacks up, and undo what is left; by the act's name."""
    acts, stage = list(acts), site.stage
    clients = {act.name: stage.client(act.stack, act.service, act.region) for act in acts}

    def look() -> dict[str, Any]:
        return {act.name: act.look(clients[act.name], stage) for act in acts}

    reports = any(act.posture for act in acts)
    before, report = look(), site.report() if reports else None
    for act in acts:
        act.do(clients[act.name], stage)
    done = look()
    reported = (
        frozenset(change.check.id for change in changes(report, site.report()))
        if report
        else frozenset[str]()
    )
    for act in acts:
        if act.undo and act.shows:
            act.undo(clients[act.name], stage, before[act.name])
    plans = {name: site.stacks[name].up(refresh=True) for name in {act.stack for act in acts}}
    again = look()
    for act in acts:
        if act.undo and not act.shows:
            act.undo(clients[act.name], stage, before[act.name])
    at_last = look()
    for act in acts:
        name = act.name
        outcome = Outcome(
            before[name], done[name], again[name], at_last[name], plans[act.stack], reported
        )
        yield name, outcome
