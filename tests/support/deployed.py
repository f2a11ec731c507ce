"""A stack that stays: read again from AWS, and brought back to what its program says.

As the engine does it: a refresh takes what the provider reads, and forgets what is gone; an `up`
then runs the program, and the provider says of each resource what differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.inprocess.deployment import Progress, Stack, up
from sandbox.inprocess.making import Making
from sandbox.plugin.results import Created, PartialFailureError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.inprocess.making import Wanted
    from sandbox.plugin.provider import Provider


@dataclass(frozen=True)
class Kept:
    """A resource in the state."""

    type: str
    name: str
    id: str
    inputs: Mapping[str, Any]
    state: Mapping[str, Any]
    provider: Provider
    complete: bool = True
    """Whether all of it was written: if not, the next `up` updates it, whatever differs."""
    retained: bool = False
    """Whether AWS keeps it when it leaves the stack."""

    @property
    def title(self) -> str:
        """Its type without the module, and its name: ``Trail organization``."""
        return _title(self.type, self.name)


@dataclass
class Plan:
    """What a deployment does: by a resource's title, the properties that differ."""

    changed: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    replaced: set[str] = field(default_factory=set[str])
    created: set[str] = field(default_factory=set[str])

    @property
    def titles(self) -> set[str]:
        """Every resource that is not the same."""
        return {*self.changed, *self.replaced, *self.created}


class State(Making):
    """The state of one stack, and what a run of its program makes of it."""

    def __init__(self) -> None:
        self.resources: dict[str, Kept] = {}
        self.plan = Plan()
        self.pending: dict[str, Wanted] = {}
        """What was begun and has not ended: it stays when the process is killed."""

    def refresh(self) -> set[str]:
        """Read everything again, and forget what was begun; the titles of what is gone."""
        self.pending.clear()
        gone: set[str] = set()
        for urn, kept in list(self.resources.items()):
            found = kept.provider.read(kept.type, kept.id, kept.state, kept.inputs)
            if found is None:
                gone.add(kept.title)
                del self.resources[urn]
            else:
                self.resources[urn] = replace(
                    kept, id=found.id, inputs=found.inputs, state=found.state
                )
        return gone

    def destroy(self) -> None:
        """Delete everything but what AWS keeps; what was made last goes first."""
        for urn, kept in reversed(self.resources.copy().items()):
            if not kept.retained:
                kept.provider.delete(kept.type, kept.id, kept.state)
            del self.resources[urn]

    def exported(self) -> dict[str, Any]:
        """The state as `pulumi stack export` has it, as far as a program looks at it."""
        return {
            "deployment": {
                "resources": [
                    _exported(each.type, urn, inputs=each.inputs, outputs=each.state)
                    for urn, each in self.resources.items()
                ],
                "pending_operations": [
                    {"resource": _exported(each.type, urn, inputs=each.inputs)}
                    for urn, each in self.pending.items()
                ],
            }
        }

    def old_inputs(self, urn: str) -> Mapping[str, Any]:
        return self.resources[urn].inputs if urn in self.resources else {}

    def make(self, wanted: Wanted) -> Created:
        old = self.old_inputs(wanted.urn)
        kept = {name: old[name] for name in wanted.ignored if name in old}
        wanted = replace(wanted, inputs={**wanted.inputs, **kept})  # as the engine ignores changes
        if wanted.preview:
            return self._make(wanted)
        self.pending[wanted.urn] = wanted
        try:
            made = self._make(wanted)
        except PartialFailureError as failure:
            self.keep(wanted, Created(failure.id, failure.state), complete=False)
            raise
        except Exception:
            del self.pending[wanted.urn]
            raise
        self.keep(wanted, made)
        return made

    def keep(self, wanted: Wanted, made: Created, *, complete: bool = True) -> None:
        """Remember a resource."""
        self.pending.pop(wanted.urn, None)
        self.resources[wanted.urn] = Kept(
            wanted.type,
            wanted.name,
            made.id,
            dict(wanted.inputs),
            made.state,
            wanted.provider,
            complete,
            wanted.retained,
        )

    def _make(self, wanted: Wanted) -> Created:
        kept = self.resources.get(wanted.urn)
        if kept is None:
            self.plan.created.add(_title(wanted.type, wanted.name))
            return wanted.create()
        provider, inputs, preview = wanted.provider, wanted.inputs, wanted.preview
        diff = provider.diff(kept.type, kept.state, inputs, wanted.ignored)
        if not diff.changes and kept.complete:
            return Created(kept.id, dict(kept.state))
        if any(change.replace for change in diff.changes):
            self.plan.replaced.add(kept.title)
            if not preview and diff.delete_before_replace:
                provider.delete(kept.type, kept.id, kept.state)
            made = wanted.create()
            if not preview and not diff.delete_before_replace:
                provider.delete(kept.type, kept.id, kept.state)
            return made
        self.plan.changed[kept.title] = {change.place.pattern for change in diff.changes}
        if preview:
            return Created(kept.id, provider.plan_update(kept.type, kept.state, inputs))
        state = provider.update(kept.type, kept.id, kept.state, inputs, wanted.ignored)
        return Created(kept.id, state)


def _exported(type_: str, urn: str, **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": type_, "urn": urn, "custom": True, **properties}


def _title(type_: str, name: str) -> str:
    return f"{type_.rpartition(':')[2]} {name}"


@dataclass
class Deployed:
    """A stack of the program, deployed in this process."""

    project: Any
    name: str
    linked: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Any])
    state: State = field(default_factory=State)
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])

    def up(self, *, refresh: bool = False) -> Plan:
        """Bring the stack up; what that did."""
        if refresh:
            self.state.refresh()
        self.state.plan = Plan()
        self.outputs = up(self.stack, None, Progress())
        return self.state.plan

    @property
    def stack(self) -> Stack:
        """The stack, as what runs its program takes it."""
        return Stack(self.project, self.name, self.linked, self.state)
