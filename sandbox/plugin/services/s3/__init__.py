"""Amazon S3: buckets, what is configured on them, and objects.

Sources: `internal/service/s3` of terraform-provider-aws.
"""

from __future__ import annotations

from sandbox.plugin.services.s3 import (
    access,
    bucket,
    functions,
    lifecycle,
    notification,
    objects,
    protection,
    replication,
)

RESOURCES = (
    *bucket.RESOURCES,
    *protection.RESOURCES,
    *access.RESOURCES,
    *lifecycle.RESOURCES,
    *objects.RESOURCES,
    *replication.RESOURCES,
    *notification.RESOURCES,
)
FUNCTIONS = functions.FUNCTIONS
