"""The bucket that a call names, and the errors about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.buckets import extras
from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket

    from sandbox.aws.call import Call

__all__ = ["denied", "existing", "extras", "missing"]


def existing(call: Call) -> FakeBucket:
    """The bucket that a call names.

    Raises:
        AwsError: there is none.
    """
    bucket = lookups.bucket(call.labels["Bucket"])
    if bucket is None:
        message = "The specified bucket does not exist"
        raise AwsError("NoSuchBucket", message, HTTPStatus.NOT_FOUND)
    return bucket


def missing(code: str, what: str) -> AwsError:
    """The error for a setting that a bucket does not have."""
    return AwsError(code, f"The {what} does not exist", HTTPStatus.NOT_FOUND)


def denied(message: str = "Access Denied") -> AwsError:
    """The error for what the caller may not do."""
    return AwsError("AccessDenied", message, HTTPStatus.FORBIDDEN)
