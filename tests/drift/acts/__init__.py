"""The table of tampering acts that are done in a sandbox, from which `docs/drift.md` is written."""

from tests.drift.act import Act
from tests.drift.acts.identity import IDENTITY
from tests.drift.acts.monitoring import MONITORING
from tests.drift.acts.organization import ORGANIZATION, SERVICES
from tests.drift.acts.storage import BUCKET, KEY
from tests.drift.acts.trail import CLOUDTRAIL, TRAIL

ACTS: tuple[Act, ...] = (
    *TRAIL,
    *CLOUDTRAIL,
    *BUCKET,
    *KEY,
    *MONITORING,
    *IDENTITY,
    *ORGANIZATION,
    *SERVICES,
)
"""Every act."""
