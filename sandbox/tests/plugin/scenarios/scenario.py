"""One object of a resource type, and what happens to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.tests.plugin.world import Deployed, World

Inputs = dict[str, Any]
Action = Callable[[World, Deployed], object]
"""Something done to the object behind the provider's back."""


def _nothing(_world: World, _deployed: Deployed) -> None:
    """No drift is possible: the object is all inputs that replace it."""


@dataclass(frozen=True)
class Scenario:
    """What happens to an object, and what the provider should make of it."""

    token: str
    given: Callable[[World], Inputs]
    """The inputs, and what has to exist before."""
    remove: Action
    """Deletes the object behind the provider's back."""
    update: Inputs = field(default_factory=dict[str, Any])
    """Inputs that change in place. None takes an input away."""
    changes: tuple[str, ...] = ()
    """The places that the update changes."""
    drift: Action = _nothing
    """Changes the object behind the provider's back."""
    drifted: tuple[str, ...] = ()
    """The places where the drift is seen."""
    replace: Inputs = field(default_factory=dict[str, Any])
    """Inputs that replace the object."""
    profile: str = "management"
    computed: tuple[str, ...] = ()
    """Outputs that are unknown in the preview of a create."""

    import_id: Callable[[Deployed], str] = lambda deployed: deployed.id
    """The id by which the object is imported."""

    @property
    def id(self) -> str:
        return self.token.rpartition(":")[2]


def call(service: str, operation: str, **request: Any) -> Action:
    """A call with the parts of the request that are functions applied to the resource."""

    def act(world: World, deployed: Deployed) -> None:
        values = {
            key: value(deployed) if callable(value) else value for key, value in request.items()
        }
        getattr(world.client(service), operation)(**values)

    return act


def id_of(deployed: Deployed) -> str:
    """For `call`: the object's id."""
    return deployed.id
