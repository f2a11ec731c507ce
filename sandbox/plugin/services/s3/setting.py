"""What the resource types have in common whose objects are a bucket's configuration.

Their id is the bucket's name, or `bucket,owner` where an expected owner is given.
"""

from __future__ import annotations

from typing import Any, Final

from sandbox.plugin.api import Api
from sandbox.plugin.validators import length

BUCKET_NAME: Final = (length(1, 63),)
"""What most types check of `bucket`; the name is only tried where a bucket is made."""

PLAIN: Final = "{bucket}"
OWNED: Final = "{bucket}[,{expectedBucketOwner}]"


def setting(put: str, read: str, *absent: str, **rest: Any) -> Api:  # noqa: ANN401 - of Api
    """A configuration of a bucket, which S3 puts as a whole, the first time and again.

    Args:
        put: the operation that writes it.
        read: the operation that reads it.
        absent: the errors that say that there is none, further to those about the bucket.
        rest: as for `Api`.
    """
    fields: dict[str, Any] = {"id": OWNED, **rest}
    gone = ("NoSuchBucket", *absent)
    return Api(service="s3", create=put, update=put, read=read, gone=gone, **fields)
