"""What is wrong with a trial: what `docs/how-to/when-an-up-fails.md` says does not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.faults import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.trial import Disturbance, Trial

CAUSES = {
    Kind.THROTTLED: "SlowDown|Throttling|429|503",
    Kind.UNAVAILABLE: "InternalError|InternalFailure|500",
    Kind.DENIED: "AccessDenied|403",
    Kind.TIMED_OUT: "Read timeout",
    Kind.RESET: "Connection was closed",
    Kind.LOST: "Connection was closed",
}
REPEATED = "[Aa]lready|ResourceConflict|Duplicate"
"""What a call is answered that an SDK made again, because the first answer was lost."""
SUBJECT = re.compile(r"urn:pulumi:|AWS does not say |S3 refuses to show bucket|AWS credentials")
"""A resource, or what was asked before there are any."""


def complaints(trial: Trial) -> list[str]:
    """What is wrong with a trial."""
    found = [*trial.aftermath.open, *trial.aftermath.problems]
    if trial.error and trial.disturbance.kind is not None:
        found += [
            f"the error has no {pattern}: {trial.error}"
            for pattern in (SUBJECT.pattern, _cause(trial.disturbance, trial.disturbance.kind))
            if not re.search(pattern, trial.error)
        ]
    if not trial.error and trial.left and not found:
        found.append("it ended well, and is not as an undisturbed one at any resource")
    return found


def _cause(disturbance: Disturbance, kind: Kind) -> str:
    return CAUSES[kind] if disturbance.attempts > 1 else REPEATED


def known(trial: Trial) -> bool:
    """Whether it is the one limit that the how-to names: KMS makes a key for each request."""
    second = trial.disturbance.name == "lost once" and str(trial.call) == "kms:CreateKey"
    return second and all("/keys/<random>/" in each for each in trial.aftermath.problems)


def wrong(trials: Iterable[Trial]) -> list[str]:
    """What is wrong with all of them, and not known."""
    return [
        f"{trial.number} {trial.call} {trial.disturbance.name}: {each}"
        for trial in trials
        if not known(trial)
        for each in complaints(trial)
    ]
