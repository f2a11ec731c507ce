"""Calls to AWS that an `up` makes fail once, or are its last.

What is claimed here is what `docs/how-to/when-an-up-fails.md` says. Every call in every way takes
an hour for a large stack: `make faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.complaints import complaints
from tests.faults.site import site
from tests.faults.trial import DISTURBANCES, Branching

if TYPE_CHECKING:
    from pathlib import Path


def test_a_workload_that_lost_its_bucket_policy_is_brought_up_by_the_next_up(
    tmp_path: Path,
) -> None:
    chosen = [each for each in DISTURBANCES if each.name in {"denied", "lost", "killed"}]
    with site("workload", tmp_path, Branching(chosen)) as here:
        here.faults.chosen = lambda _, call: str(call) == "s3:PutBucketPolicy"
        trials = here.trials()

    policies = [each for each in trials if "BucketPolicy::" in each.error]
    assert {each.disturbance.name for each in policies} == {"denied", "lost"}
    assert len(trials) == len(policies) * 3 // 2
    for trial in trials:
        assert trial.error
        assert trial.left
        assert complaints(trial) == []
