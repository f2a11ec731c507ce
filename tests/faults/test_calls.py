"""Every call to AWS that an `up` makes fails once, in every way, or is its last.

What is claimed here is what `docs/how-to/when-an-up-fails.md` says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sandbox.faults import Kind
from tests.faults.site import STACKS, site
from tests.faults.trial import DISTURBANCES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.trial import Trial

CAUSES = {
    Kind.THROTTLED: "SlowDown|Throttling|429|503",
    Kind.UNAVAILABLE: "InternalError|InternalFailure|500",
    Kind.DENIED: "AccessDenied|403",
    Kind.TIMED_OUT: "Read timeout",
    Kind.RESET: "Connection was closed",
    Kind.LOST: "Connection was closed",
}
SUBJECT = re.compile(r"urn:pulumi:|AWS does not say |S3 refuses to show bucket|AWS credentials")
"""A resource, or what was asked before there are any."""


def complaints(trial: Trial) -> list[str]:
    """What is wrong with a trial."""
    found = [*trial.aftermath.open, *trial.aftermath.problems]
    if trial.error and trial.disturbance.kind is not None:
        found += [
            f"the error has no {pattern}: {trial.error}"
            for pattern in (SUBJECT.pattern, CAUSES[trial.disturbance.kind])
            if not re.search(pattern, trial.error)
        ]
    if not trial.error and trial.left and not found:
        found.append("it ended well, and is not as an undisturbed one at any resource")
    return found


def known(trial: Trial) -> bool:
    """Whether it is the one limit that the how-to names: KMS makes a key for each request."""
    second = trial.disturbance.name == "lost once" and str(trial.call) == "kms:CreateKey"
    return second and all("/keys/<random>/" in each for each in trial.aftermath.problems)


@pytest.mark.slow
@pytest.mark.parametrize("name", STACKS)
def test_after_any_call_failed_in_any_way_the_next_up_makes_what_an_undisturbed_one_makes(
    tmp_path: Path, name: str
) -> None:
    with site(name, tmp_path, DISTURBANCES) as here:
        trials = here.trials()
        calls = len(here.faults.calls)

    assert len(trials) == calls * len(DISTURBANCES)
    wrong = [
        f"{trial.number} {trial.call} {trial.disturbance.name}: {each}"
        for trial in trials
        if not known(trial)
        for each in complaints(trial)
    ]
    assert wrong == []


def test_a_workload_that_lost_its_bucket_policy_is_brought_up_by_the_next_up(
    tmp_path: Path,
) -> None:
    chosen = [each for each in DISTURBANCES if each.name in {"denied", "lost", "killed"}]
    with site("workload", tmp_path, chosen) as here:
        here.faults.chosen = lambda _, call: str(call) == "s3:PutBucketPolicy"
        trials = here.trials()

    policies = [each for each in trials if "BucketPolicy::" in each.error]
    assert {each.disturbance.name for each in policies} == {"denied", "lost"}
    assert len(trials) == len(policies) * 3 // 2
    for trial in trials:
        assert trial.error
        assert trial.left
        assert complaints(trial) == []
