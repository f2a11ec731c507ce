"""What the rows have in common whose objects are a bucket's configuration.

Their id is the bucket's name, or `bucket,owner` where an expected owner is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.aws import find
from sandbox.plugin.resource import ResourceType
from sandbox.plugin.validators import length

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

BUCKET_NAME: Final = (length(1, 63),)
"""What most rows check of `bucket`; the name is only tried where a bucket is made."""

GONE: Final = "NoSuchBucket"


def target(call: Call) -> Properties:
    """The request parameters that name the bucket, and its owner if the program does."""
    owner = call.value("expectedBucketOwner")
    bucket = {"Bucket": call.value("bucket")}
    return {**bucket, "ExpectedBucketOwner": owner} if owner else bucket


def get(call: Call, operation: str, *absent: str) -> Properties | None:
    """Read one configuration of the bucket; None if there is none, or no bucket."""
    ask: Callable[..., Any] = getattr(call.client("s3"), operation)
    return find(lambda: ask(**target(call)), GONE, *absent)


def bucket_setting(put: Callable[[Call], None], **row: Any) -> ResourceType:  # noqa: ANN401
    """A row whose object is written, first and again, by the same call.

    Args:
        put: writes the configuration.
        row: the fields of `ResourceType` that differ from one setting to the next.
    """

    def create(call: Call) -> str:
        put(call)
        owner = call.inputs.get("expectedBucketOwner")
        return f"{call.inputs['bucket']},{owner}" if owner else str(call.inputs["bucket"])

    row.setdefault("replace", frozenset({"bucket", "expectedBucketOwner"}))
    return ResourceType(create=create, update=put, label="bucket", identify=identify, **row)


def identify(id_: str) -> Properties:
    """The bucket, and perhaps the expected owner, that an id names."""
    bucket, _, owner = id_.partition(",")
    return {"bucket": bucket, "expectedBucketOwner": owner} if owner else {"bucket": bucket}


def identity(call: Call) -> Properties:
    """The outputs that say which bucket it is."""
    owner = call.value("expectedBucketOwner")
    return {"bucket": call.value("bucket"), "expectedBucketOwner": owner}
