"""One stack of the program in a sandbox of its own, deployed in one thread."""

from __future__ import annotations

import gc
import re
import traceback
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import pulumi
import pytest
from adoption.existing import Existing
from adoption.planned import Planned
from demo.working_copy import working_copy

from sandbox.engine.found import NoPulumi
from sandbox.inprocess.config import load_config
from sandbox.inprocess.deployment import Progress, run
from sandbox.inprocess.monitor import DeploymentError
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.results import Created, PartialFailureError
from sandbox.plugin.values import UNKNOWN
from sandbox.session import Sandbox
from stacks.lookups import run as lookups
from stacks.lookups.session import AwsClients, provider_config
from stacks.lookups.state import parse_state
from tests.faults.complaints import REPEATED
from tests.faults.found import differences, digest, found, kept
from tests.faults.one_thread import Line
from tests.faults.open import opened
from tests.faults.trial import Aftermath, Converged, Failed, Killed, Trial, in_copy
from tests.support.deployed import Deployed, State
from tests.support.environment import take_environment
from tests.support.settings import (
    configure_archive,
    configure_management,
    configure_standalone,
    configure_workload,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from sandbox.inprocess.making import Wanted
    from tests.faults.found import Plain
    from tests.faults.trial import Branching

CALLS = {"security": 496, "management": 554, "workload": 96, "archive": 253, "standalone": 708}
"""The stacks, and how many calls to AWS an `up` of each makes; `make faults` counts them again."""

BEFORE = {"management": ("security",), "workload": ("security",)}
"""The stacks that one reads."""

CONFIGURED = {
    "archive": configure_archive,
    "management": configure_management,
    "standalone": configure_standalone,
    "workload": configure_workload,
}


Marks: TypeAlias = "dict[tuple[str | bool | frozenset[str], ...], set[str]]"
"""The states that were come to at a resource, with the resources that were made and begun."""
END = ()
"""Where there is no further resource."""


class Marked(State):
    """A state that remembers what an undisturbed `up` had made when it came to each resource."""

    def __init__(self, faults: Branching) -> None:
        super().__init__()
        self.wanted: list[Wanted] = []
        """What the last preview would create."""
        self._faults = faults
        self.marks: Marks | None = None
        """What an undisturbed `up` came to; None while that is not wanted."""
        self._looked: object = None
        self._aws: tuple[object, str] = (None, "")

    def make(self, wanted: Wanted) -> Created:
        if self.marks is not None and self._looks():
            place = (wanted.urn, wanted.preview, *map(frozenset, (self.resources, self.pending)))
            if self._faults.disturbance is None:
                self.marks.setdefault(place, set()).add(self.mark())
            elif place in self.marks and self.mark() in self.marks[place]:
                raise Converged
        if wanted.preview and wanted.urn not in self.resources:
            self.wanted.append(wanted)
        try:
            return super().make(wanted)
        except (ResourceError, PartialFailureError) as error:
            if self._faults.disturbed:
                raise Failed(f"{wanted.urn}: {error}") from error
            raise

    def mark(self) -> str:
        """The state of both AWS and the engine."""
        now = self._faults.changes, frozenset(self.resources)  # for these, ids are named
        if self._aws[0] != now:
            self._aws = now, digest(found(self.resources))
        return digest(self._aws[1], kept(self), sorted(self.pending))

    def _looks(self) -> bool:
        """Whether something may have changed since; in an undisturbed `up`, always."""
        if self._faults.disturbance is None:
            return self._faults.collect is None
        before, self._looked = self._looked, (self._faults.changes, self._faults.disturbed)
        return self._looked != before and self._faults.disturbed


@dataclass
class Site:
    """A stack that is to be deployed, and the sandbox."""

    sandbox: Sandbox
    faults: Branching
    stack: Deployed
    state: Marked
    said: list[str] = field(default_factory=list[str])

    def up(self, *, previews: bool = True, applies: bool = True) -> str:
        """Bring the stack up, or only preview it; the error, or nothing."""
        self.said.clear()
        progress = Progress(on_message=lambda level, text: self.said.append(f"{level}: {text}"))
        try:
            if previews:
                run(self.stack.stack, None, progress, preview=True)
            if applies:
                self.stack.outputs = run(self.stack.stack, None, progress, preview=False)[1]
        except (DeploymentError, pulumi.RunError) as error:
            return str(error)
        return ""

    def adopt(self) -> list[str]:
        """What `cloudtrail-guard adopt find` and `pulumi import` do; the titles of what it took."""
        found = self.find()
        for each, id_ in found:
            read = each.provider.read(each.type, id_)
            assert read is not None, f"{each.urn} {id_}: it cannot be imported"
            self.state.keep(replace(each, inputs=read.inputs), Created(read.id, read.state))
        return [f"{each.type.rpartition(':')[2]} {each.name}" for each, _ in found]

    def find(self) -> list[tuple[Wanted, str]]:
        """What `cloudtrail-guard adopt find` finds: resources that are there, with their ids."""
        self.state.wanted.clear()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(lookups.ADOPTION, "true")
            run(self.stack.stack, None, Progress(), preview=True)
        config = load_config(self.stack.project, self.stack.name)
        aws = AwsClients(
            config.get("aws:region"), provider_config(lambda k: config.get(f"aws:{k}"))
        )
        wanted = {(each.type, each.name): each for each in self.state.wanted}
        ids = Existing(aws, [_planned(each) for each in wanted.values()]).ids()
        return [(wanted[key], id_) for key, id_ in ids.items()]

    def trials(self, report: Callable[[Trial], None] = lambda _: None) -> list[Trial]:
        """Bring the stack up once, and in copies of it let every call meet every disturbance.

        Args:
            report: is called with each trial when it has ended.
        """
        self._look()
        *undisturbed, marks = in_copy(self._made)
        self.state.marks = marks
        trials: list[Trial] = []
        known: dict[str, Aftermath] = {}

        def collect(trial: Trial) -> None:
            trials.append(trial)
            known[trial.left] = trial.aftermath
            report(trial)

        self.faults.plan()
        self.faults.collect = collect
        self.faults.prepare = self._prepare
        error, left = "", ""
        try:
            error = self.up()
            left = self.state.mark()
            if not error and left in marks[END]:
                left = ""
        except Converged:
            pass
        except (Killed, Failed) as stopped:
            error, left = str(stopped), self.state.mark()
        except BaseException:
            if self.faults.disturbance is None:
                raise
            error = traceback.format_exc()
        disturbance = self.faults.disturbance
        if disturbance is None:
            self.faults.collect = None
            gc.unfreeze()
            assert not error, error
            return trials
        return self.faults.answer(
            lambda: Trial(
                self.faults.number,
                self.faults.calls[self.faults.number - 1],
                disturbance,
                error,
                tuple(self.said),
                left,
                known.get(left) or self._aftermath(error, left, undisturbed),
            )
        )

    def _look(self) -> None:
        """Import what all copies need, and let moto make what it makes when it is first asked."""
        self.up(applies=False)
        self.find()

    def _prepare(self) -> None:
        """Do once what each copy would do; none looks for garbage in what is here."""
        self.state.mark()
        gc.freeze()

    def _made(self) -> tuple[Plain, Plain, Marks]:
        """What AWS and the engine have after an `up` that nothing disturbs, and its marks."""
        marks = self.state.marks = {}
        error = self.up()
        assert not error, error
        marks[END] = {self.state.mark()}
        return found(self.state.resources), kept(self.state), marks

    def _aftermath(self, error: str, left: str, undisturbed: Sequence[Plain]) -> Aftermath:
        """What is open now, and what the next `up` makes of it, as the how-to has it."""
        if not left:
            return Aftermath()
        open_now = tuple(opened(found(self.state.resources), undisturbed[0]))
        adopted: list[str] = []
        problems: list[str] = []
        self.faults.plan()
        unsure = error == "killed" or re.search(f"request send failed|{REPEATED}", error)
        if self.state.pending:
            self.state.refresh()
        try:
            if unsure:
                adopted = self.adopt()
            error = self.up(previews=False)
            if "cloudtrail-guard adopt find" in error:
                adopted = self.adopt()
                error = self.up(previews=False)
            problems = [error] if error else self._differences(undisturbed)
        except Converged:
            pass
        except Failed as failed:
            problems = [str(failed)]
        return Aftermath(open_now, tuple(adopted), tuple(problems))

    def _differences(self, undisturbed: Sequence[Plain]) -> list[str]:
        return [
            *differences(undisturbed[0], found(self.state.resources)),
            *(f"state: {each}" for each in differences(undisturbed[1], kept(self.state))),
        ]


@contextmanager
def site(
    name: str,
    directory: Path,
    faults: Branching,
    configured: Mapping[str, Callable[[Sandbox, Path], None]] = CONFIGURED,
) -> Generator[Site]:
    """A stack, and what it reads deployed: with everything that its settings can switch on.

    Args:
        name: of the stack.
        directory: for the program's files.
        faults: what its calls meet.
        configured: what is set besides what the stack files have, by stack.
    """
    line = Line()
    with ExitStack() as stack:
        sandbox = stack.enter_context(
            Sandbox(pulumi=NoPulumi("it is not needed"), around=faults, middleware=[line])
        )
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        take_environment(sandbox, patch)
        line.connect(patch)
        project = working_copy(directory)
        configured.get(name, lambda *_: None)(sandbox, project)
        linked: dict[str, Any] = {}
        for before in BEFORE.get(name, ()):
            deployed = Deployed(project, before, linked)
            deployed.up()
            linked[f"organization/cloudtrail-guard/{before}"] = deployed.outputs
        state = Marked(faults)
        patch.setattr(lookups, "has_state", lambda: True)
        patch.setattr(lookups, "read_state", lambda: parse_state(state.exported()))
        yield Site(sandbox, faults, Deployed(project, name, linked, state), state)


def _planned(wanted: Wanted) -> Planned:
    """As `adoption.planned.planned_resources` reads it out of a preview."""
    known = {key: value for key, value in wanted.inputs.items() if value is not UNKNOWN}
    return Planned(wanted.type, wanted.name, known, wanted.urn, wanted.uses)
