"""Amazon S3: buckets, what is configured on them, and objects.

Sources: `internal/service/s3` of terraform-provider-aws.
"""

from __future__ import annotations

from sandbox.plugin.services.s3 import bucket, functions, lifecycle, objects, settings

RESOURCES = (*bucket.RESOURCES, *settings.RESOURCES, *lifecycle.RESOURCES, *objects.RESOURCES)
FUNCTIONS = functions.FUNCTIONS
