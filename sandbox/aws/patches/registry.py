"""The list of patches: every place where the sandbox departs from moto, and why.

A patch stands in front of moto for some actions of one service. It looks at the call and

* raises ``AwsError``: the call is refused;
* returns an answer: moto is not asked (unless the patch itself forwards the call);
* returns ``None``: nothing to say; the next patch is asked, and moto at the end.

Patches of every service (``"*"``) are asked first, then those of every action of a service, then
the others: those that only check before those that answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.aws.call import Answer, Call, Reply

    Handler: TypeAlias = Callable[[Call], Answer | None]
    Observer: TypeAlias = Callable[[Call, Reply], None]
    Control: TypeAlias = Callable[[Mapping[str, str]], Mapping[str, Any]]

ANY = "*"


@dataclass(frozen=True)
class Patch:
    """One departure from moto.

    Attributes:
        service: the service's signing name, or ``"*"`` for all.
        actions: the operations, or ``("*",)`` for all.
        reason: what moto does, and what AWS does.
        limit: what is still not as in AWS; empty when nothing is known.
        handler: what looks at the call.
    """

    service: str
    actions: tuple[str, ...]
    reason: str
    limit: str
    handler: Handler

    @property
    def answers(self) -> bool:
        """Whether the patch may answer; one that returns nothing only checks what moto is asked."""
        return self.handler.__annotations__["return"] != "None"

    @property
    def covers_one_service(self) -> bool:
        """Whether the patch is of one service, and not of all."""
        return self.service != ANY

    def covers(self, service: str, action: str) -> bool:
        """Whether the patch looks at an action."""
        return self.service in (ANY, service) and (action in self.actions or ANY in self.actions)


class Registry:
    """The patches, in the order in which they were registered."""

    def __init__(self) -> None:
        """Start empty."""
        self.patches: list[Patch] = []
        self.observers: list[Observer] = []
        self.controls: dict[str, Control] = {}

    def patch(
        self, service: str, actions: str | tuple[str, ...], reason: str, *, limit: str = ""
    ) -> Callable[[Handler], Handler]:
        """Register the decorated function as a patch; see ``Patch`` for the arguments."""
        names = (actions,) if isinstance(actions, str) else actions

        def register(handler: Handler) -> Handler:
            self.patches.append(Patch(service, names, reason, limit, handler))
            return handler

        return register

    def observe(self, observer: Observer) -> Observer:
        """Register a function that observes every answered call."""
        self.observers.append(observer)
        return observer

    def control(self, name: str) -> Callable[[Control], Control]:
        """Register the decorated function as a control of the sandbox: see `Dispatcher`."""

        def register(control: Control) -> Control:
            self.controls[name] = control
            return control

        return register

    def covering(self, service: str, action: str) -> list[Patch]:
        """The patches that look at an action, in the order in which they are asked."""
        found = [patch for patch in self.patches if patch.covers(service, action)]
        return sorted(
            found,
            key=lambda patch: (patch.service != ANY, ANY not in patch.actions, patch.answers),
        )


REGISTRY = Registry()
patch = REGISTRY.patch
