"""What the pack and Prowler say of a program, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle.pairs import PAIRS
from tests.oracle.pairs.pair import FAIL, PASS, SILENT, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.oracle.pairs.pair import Difference, Pair
    from tests.oracle.scanning import Finding
    from tests.oracle.shapes import Shape
    from tests.oracle.site import Deployed


@dataclass(frozen=True)
class Comparison:
    """Both verdicts on a program, by one pair."""

    shape: Shape
    pair: Pair
    pack: str
    prowler: str

    @property
    def agree(self) -> bool:
        """Whether both say the same."""
        return self.pack == self.prowler

    def explained(self) -> list[Difference]:
        """The known differences that apply."""
        return [
            each
            for each in self.pair.differences
            if (each.pack, each.prowler) == (self.pack, self.prowler)
            and all(self.shape.chosen[part] in choices for part, choices in each.where.items())
        ]

    def __str__(self) -> str:
        """One line for a message."""
        checks = ", ".join(self.pair.checks)
        return f"{checks}: pack {self.pack}, Prowler {self.prowler}: {self.shape}"


def comparisons(deployed: Deployed, findings: Iterable[Finding]) -> Iterator[Comparison]:
    """Each pair that is about something which the program has."""
    given = list(findings)
    for pair in PAIRS:
        if pair.on != "trail" or deployed.shape.chosen["trail"] == "here":
            pack = together(deployed.evaluated.get(rule, PASS) for rule in pair.rules)
            yield Comparison(deployed.shape, pair, pack, _prowlers(pair, deployed.outputs, given))


def together(verdicts: Iterable[str]) -> str:
    """What rules say together: one that fails decides, then one that cannot decide."""
    given = set(verdicts)
    return next((each for each in (FAIL, UNDECIDED) if each in given), PASS)


def _prowlers(pair: Pair, arns: Mapping[str, str], findings: Iterable[Finding]) -> str:
    statuses = {
        each.status
        for each in findings
        if each.check in pair.checks and (pair.on == "trail" or each.arn == arns[pair.on])
    }
    return (
        "/".join(sorted(statuses)).lower()
        if statuses - {"PASS", "FAIL"}
        else (FAIL if "FAIL" in statuses else PASS if statuses else SILENT)
    )
