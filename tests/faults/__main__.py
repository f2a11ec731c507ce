"""`python -m tests.faults STACK`: every call of its `up` meets every disturbance, for hours."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.complaints import wrong
from tests.faults.site import site
from tests.faults.trial import DISTURBANCES

with TemporaryDirectory() as directory, site(sys.argv[1], Path(directory), DISTURBANCES) as here:
    trials = here.trials()
    lines = [*wrong(trials), f"{len(trials)} trials of {len(here.faults.calls)} calls"]
    sys.stdout.writelines(f"{line}\n" for line in lines)
