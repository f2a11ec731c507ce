"""`python -m tests.faults STACK [FIRST [LAST]]`: every call of its `up` meets every disturbance.

It takes hours. With numbers, only the calls from the first to the last are disturbed.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.complaints import wrong
from tests.faults.site import site
from tests.faults.trial import DISTURBANCES, Trial

name, *numbers = sys.argv[1:]
first, last = (*map(int, numbers), *(1, sys.maxsize)[len(numbers) :])


def report(trial: Trial) -> None:
    """Say what was wrong at once: the others still take long."""
    sys.stdout.writelines(f"{line}\n" for line in wrong([trial]))
    if trial.disturbance == DISTURBANCES[-1]:
        sys.stderr.write(f"{trial.number} {trial.call}\n")
    sys.stdout.flush()


with TemporaryDirectory() as directory, site(name, Path(directory), DISTURBANCES) as here:
    here.faults.chosen = lambda number, _: first <= number <= last
    trials = here.trials(report)
    bad = wrong(trials)
    sys.stdout.write(f"{len(trials)} trials of {len(here.faults.calls)} calls, {len(bad)} wrong\n")
    sys.exit(bool(bad))
