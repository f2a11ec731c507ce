"""What moto has no place for in a bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket


@dataclass
class BucketExtras:
    """A bucket's settings as they were put, each as its operation names them.

    Attributes:
        policy: the text of the bucket policy; empty when there is none. moto never sees it: it
            would apply every Deny to every principal.
        encryption: ServerSideEncryptionConfiguration.
        lifecycle: Rules and TransitionDefaultMinimumObjectSize.
        replication: ReplicationConfiguration.
        notification: NotificationConfiguration.
        logging: LoggingEnabled.
    """

    policy: str = ""
    encryption: dict[str, Any] | None = None
    lifecycle: dict[str, Any] | None = None
    replication: dict[str, Any] | None = None
    notification: dict[str, Any] | None = None
    logging: dict[str, Any] | None = None


_EXTRAS: WeakKeyDictionary[FakeBucket, BucketExtras] = WeakKeyDictionary()


def extras(bucket: FakeBucket) -> BucketExtras:
    """A bucket's settings beside moto's; they go when the bucket goes."""
    return _EXTRAS.setdefault(bucket, BucketExtras())
