"""Parts of a verification, each for a machine of its own."""

import hashlib
import re
from dataclasses import dataclass

from integrity.log_layout import AccountRegion
from integrity.options import OptionError


@dataclass(frozen=True, slots=True)
class Shard:
    """One of N parts.

    Attributes:
        number: which one, from 1.
        count: how many there are.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read K/N.

        Raises:
            OptionError: it is not like that; the message says what is allowed.
        """
        named = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text, re.ASCII)
        shard = named and cls(int(named[1]), int(named[2]))
        if not shard or not 1 <= shard.number <= shard.count:
            raise OptionError(f"--shard {text!r} must be K/N, like 1/4, with K from 1 to N")
        return shard

    def has(self, place: AccountRegion) -> bool:
        """Whether this part has an account and region.

        It depends on nothing else: where an account or region appears while the parts run, no other
        one moves from a part that comes to one that is done.
        """
        hashed = hashlib.sha256("/".join(place).encode()).digest()
        return int.from_bytes(hashed[:8]) % self.count == self.number - 1

    def __str__(self) -> str:
        """K/N."""
        return f"{self.number}/{self.count}"
