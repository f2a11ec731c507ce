"""S3: access from other accounts, new buckets, policies, Object Lock, and what moto forgets."""

from sandbox.aws.patches.s3 import (
    access,
    buckets,
    configuration,
    deletions,
    notifications,
    objects,
    policy,
    replicas,
    replication,
    rules,
)

__all__ = [
    "access",
    "buckets",
    "configuration",
    "deletions",
    "notifications",
    "objects",
    "policy",
    "replicas",
    "replication",
    "rules",
]
