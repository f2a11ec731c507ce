"""`python -m tests.faults STACK [FIRST [LAST]]`: every call of its `up` meets every disturbance.

It takes an hour or so. With numbers, only the calls from the first to the last are disturbed.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.complaints import wrong
from tests.faults.site import CALLS, site
from tests.faults.trial import DISTURBANCES, Branching, Trial

if not sys.argv[1:] or sys.argv[1] not in CALLS:
    sys.exit(f"name a stack, such as `make faults STACK=security`: one of {', '.join(CALLS)}")
name, *numbers = sys.argv[1:]
first, last = (*map(int, numbers), *(1, sys.maxsize)[len(numbers) :])


def report(trial: Trial) -> None:
    """Say what was wrong at once: the others still take long."""
    sys.stdout.writelines(f"{line}\n" for line in wrong([trial]))
    if trial.disturbance == DISTURBANCES[-1]:
        sys.stderr.write(f"{trial.number} {trial.call}\n")
    sys.stdout.flush()


with TemporaryDirectory() as directory, site(name, Path(directory), Branching()) as here:
    here.faults.chosen = lambda number, _: first <= number <= last
    trials = here.trials(report)
    calls, bad = len(here.faults.calls), len(wrong(trials))
    sys.stdout.write(f"{len(trials)} trials of {calls} calls of {name}, {bad} wrong\n")
    if calls != CALLS[name]:
        sys.stdout.write(f"write {calls} into the table CALLS, and `make generate`\n")
    sys.exit(bool(bad) or calls != CALLS[name])
