"""Calls to AWS that an `up` makes fail once, or are its last.

What is claimed here is what `docs/how-to/when-an-up-fails.md` says. Every call in every way takes
hours: `python -m tests.faults`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.complaints import complaints, wrong
from tests.faults.site import STACKS, site
from tests.faults.trial import DISTURBANCES, STRANDED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.faults import Asked


def first_of_each() -> Callable[[int, Asked], bool]:
    """Chooses the first call of each action that changes something."""
    seen: set[str] = set()

    def is_first(_number: int, call: Asked) -> bool:
        before = len(seen)
        seen.update({str(call)} if call.mutates else ())
        return len(seen) > before

    return is_first


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", STACKS)
def test_after_the_first_call_of_any_action_left_something_the_next_up_makes_the_same(
    tmp_path: Path, name: str
) -> None:
    with site(name, tmp_path, STRANDED) as here:
        here.faults.chosen = first_of_each()
        trials = here.trials()
        actions = {str(each) for each in here.faults.calls if each.mutates}

    assert len(trials) == len(actions) * len(STRANDED)
    assert wrong(trials) == []


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
