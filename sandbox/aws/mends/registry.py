"""The list of mends: every place where the sandbox departs from moto, and why.

A mend stands in front of moto for some actions of one service. It looks at the call and

* raises ``AwsError``: the call is refused;
* returns an answer: moto is not asked (unless the mend itself forwards the call);
* returns ``None``: nothing to say; the next mend is asked, and moto at the end.

Mends of every service (``"*"``) are asked first, then those of every action of a service, then the
others as registered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.aws.call import Answer, Call

    Handler: TypeAlias = Callable[[Call], Answer | None]

ANY = "*"


@dataclass(frozen=True)
class Mend:
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

    def covers(self, service: str, action: str) -> bool:
        """Whether the mend looks at an action."""
        return self.service in (ANY, service) and (action in self.actions or ANY in self.actions)


class Registry:
    """The mends, in the order in which they were registered."""

    def __init__(self) -> None:
        """Start empty."""
        self.mends: list[Mend] = []

    def mend(
        self, service: str, actions: str | tuple[str, ...], reason: str, *, limit: str = ""
    ) -> Callable[[Handler], Handler]:
        """Register the decorated function as a mend; see ``Mend`` for the arguments."""
        names = (actions,) if isinstance(actions, str) else actions

        def register(handler: Handler) -> Handler:
            self.mends.append(Mend(service, names, reason, limit, handler))
            return handler

        return register

    def covering(self, service: str, action: str) -> list[Mend]:
        """The mends that look at an action, the most general first."""
        found = [mend for mend in self.mends if mend.covers(service, action)]
        return sorted(found, key=lambda mend: (mend.service != ANY, ANY not in mend.actions))


REGISTRY = Registry()
mend = REGISTRY.mend
