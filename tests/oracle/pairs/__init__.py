"""Which rules of the pack and which checks of Prowler are about the same, and where they differ.

What is known to differ stands here once, with its reason; the test holds the two to agree on all
else, and each difference to be there. `docs/prowler.md` is written from it.
"""

from typing import Final

from tests.oracle.pairs.bucket import BUCKET_PAIRS
from tests.oracle.pairs.key import KEY_PAIRS
from tests.oracle.pairs.trail import TRAIL_PAIRS

PAIRS: Final = (*TRAIL_PAIRS, *BUCKET_PAIRS, *KEY_PAIRS)
CHECKS: Final = tuple(dict.fromkeys(check for pair in PAIRS for check in pair.checks))
DIFFERENCES: Final = tuple(each for pair in PAIRS for each in pair.differences)
