"""Request metrics of a bucket: which requests are counted."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sandbox.aws.buckets import existing, extras, missing
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

_REASON = "moto lacks this operation"
_LIMIT = "nothing is counted: there are no metrics of requests"


@patch("s3", "PutBucketMetricsConfiguration", _REASON, limit=_LIMIT)
def put(call: Call) -> Answer:
    """Keep a configuration under its id."""
    configuration = call.params.get("MetricsConfiguration") or {}
    if configuration.get("Id") != call.text("Id"):
        raise AwsError("MalformedXML", "The Id in the configuration is not that of the request")
    extras(existing(call)).metrics[call.text("Id")] = configuration
    return Reply(HTTPStatus.NO_CONTENT)


@patch("s3", "GetBucketMetricsConfiguration", _REASON, limit=_LIMIT)
def get(call: Call) -> Answer:
    """Return a configuration."""
    found = extras(existing(call)).metrics.get(call.text("Id"))
    if found is None:
        raise missing("NoSuchConfiguration", "specified configuration")
    return {"MetricsConfiguration": found}


@patch("s3", "DeleteBucketMetricsConfiguration", _REASON, limit=_LIMIT)
def delete(call: Call) -> Answer:
    """Forget a configuration."""
    if extras(existing(call)).metrics.pop(call.text("Id"), None) is None:
        raise missing("NoSuchConfiguration", "specified configuration")
    return Reply(HTTPStatus.NO_CONTENT)
