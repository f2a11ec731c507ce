"""CloudTrail: trails, selectors, delivery, event data stores, delegated administrators.

moto keeps trails; nearly everything that AWS checks, or answers about them, is here.
"""

from sandbox.aws.patches.cloudtrail import (
    delegation,
    deliveries,
    event_data_stores,
    selectors,
    trails,
)

__all__ = ["delegation", "deliveries", "event_data_stores", "selectors", "trails"]
