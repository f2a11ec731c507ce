"""A stack that stays: read again from AWS, and brought back to what its program says.

As the engine does it: a refresh takes what the provider reads, and forgets what is gone; an `up`
then runs the program, and the provider says of each resource what differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.inprocess.deployment import Progress, Stack, up
from sandbox.inprocess.monitor import Making
from sandbox.plugin.results import Created

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pulumi.runtime.proto import resource_pb2

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

    @property
    def title(self) -> str:
        """Its type without the module, and its name: ``Trail organization``."""
        return f"{self.type.rpartition(':')[2]} {self.name}"


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

    def refresh(self) -> set[str]:
        """Read everything again; the titles of what is gone."""
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

    def old_inputs(self, urn: str) -> Mapping[str, Any]:
        return self.resources[urn].inputs if urn in self.resources else {}

    def make(
        self,
        provider: Provider,
        request: resource_pb2.RegisterResourceRequest,
        urn: str,
        inputs: Mapping[str, Any],
        *,
        preview: bool,
    ) -> Created:
        made = self._make(provider, request, urn, inputs, preview=preview)
        if not preview:
            self.resources[urn] = Kept(
                request.type, request.name, made.id, dict(inputs), made.state, provider
            )
        return made

    def _make(
        self,
        provider: Provider,
        request: resource_pb2.RegisterResourceRequest,
        urn: str,
        inputs: Mapping[str, Any],
        *,
        preview: bool,
    ) -> Created:
        kept = self.resources.get(urn)
        if kept is None:
            self.plan.created.add(f"{request.type.rpartition(':')[2]} {request.name}")
            return provider.create(request.type, request.name, inputs, preview=preview)
        ignored: Iterable[str] = request.ignoreChanges
        diff = provider.diff(kept.type, kept.state, inputs, ignored)
        if not diff.changes:
            return Created(kept.id, dict(kept.state))
        if any(change.replace for change in diff.changes):
            self.plan.replaced.add(kept.title)
            if not preview and diff.delete_before_replace:
                provider.delete(kept.type, kept.id, kept.state)
            made = provider.create(request.type, request.name, inputs, preview=preview)
            if not preview and not diff.delete_before_replace:
                provider.delete(kept.type, kept.id, kept.state)
            return made
        self.plan.changed[kept.title] = {change.place.pattern for change in diff.changes}
        if preview:
            return Created(kept.id, provider.plan_update(kept.type, kept.state, inputs))
        return Created(kept.id, provider.update(kept.type, kept.id, kept.state, inputs, ignored))


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
        stack = Stack(self.project, self.name, self.linked, self.state)
        self.outputs = up(stack, None, Progress())
        return self.state.plan
