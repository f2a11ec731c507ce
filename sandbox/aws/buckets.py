"""What moto has no place for in a bucket; the bucket that a call names, and the errors about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sandbox.aws import lookups
from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Call


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
        metrics: MetricsConfiguration by id.
        payer: who pays for requests, ``BucketOwner`` or ``Requester``.
    """

    policy: str = ""
    encryption: dict[str, Any] | None = None
    lifecycle: dict[str, Any] | None = None
    replication: dict[str, Any] | None = None
    notification: dict[str, Any] | None = None
    logging: dict[str, Any] | None = None
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    payer: str = "BucketOwner"


_EXTRAS: WeakKeyDictionary[FakeBucket, BucketExtras] = WeakKeyDictionary()


def extras(bucket: FakeBucket) -> BucketExtras:
    """A bucket's settings beside moto's; they go when the bucket goes."""
    return _EXTRAS.setdefault(bucket, BucketExtras())


def existing(call: Call) -> FakeBucket:
    """The bucket that a call names.

    Raises:
        AwsError: there is none.
    """
    bucket = lookups.bucket(call.labels["Bucket"])
    if bucket is None:
        message = "The specified bucket does not exist"
        raise AwsError("NoSuchBucket", message)
    return bucket


def missing(code: str, what: str) -> AwsError:
    """The error for a setting that a bucket does not have."""
    return AwsError(code, f"The {what} does not exist", HTTPStatus.NOT_FOUND)


def denied(message: str = "Access Denied") -> AwsError:
    """The error for what the caller may not do."""
    return AwsError("AccessDenied", message)
