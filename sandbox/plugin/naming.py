"""Names for resources that the program gives none.

As in pulumi-terraform-bridge, `pkg/tfbridge/info/autonaming.go`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sandbox.plugin.resource import AutoName


class NamingError(Exception):
    """There is no name to be had."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a resource's name is made of."""

    resource: str
    """The resource's logical name."""
    seed: bytes = b""
    """Decides the random part: two names of one seed are the same. Empty: any."""
    proposed: str = ""
    """What the project's `pulumi:autonaming` configuration makes of the logical name."""
    mode: Literal["propose", "enforce", "disable"] | None = None
    """How binding the proposal is. None without such a configuration."""

    def name(self, rule: AutoName) -> str:
        """A name that follows a resource type's rule.

        Raises:
            NamingError: the name would be too long, or the project wants no automatic names.
        """
        if self.mode == "disable":
            raise NamingError("automatic naming is disabled but no explicit name was provided")
        if self.mode == "enforce":
            return self.proposed
        base = self.proposed if self.mode == "propose" else self.resource
        base = base.lower() if rule.lower else base
        if self.mode is None and rule.digits:
            base += rule.separator + self._suffix(rule.digits)
        if len(base) > rule.max_length:
            raise NamingError(
                f"the name {base!r} is longer than the maximum length of {rule.max_length}: "
                f"set {rule.input_name!r}, or give the resource a shorter logical name"
            )
        return base

    def _suffix(self, count: int) -> str:
        digits = random.Random(self.seed or None)  # noqa: S311 - no secret, only unlike others
        return "".join(digits.choices("0123456789abcdef", k=count))
