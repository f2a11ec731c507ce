"""Requests of a bucket: which are counted, and who pays for them."""

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


_DELIVERY = "CloudTrail delivers to a bucket whose requester pays, as in AWS it does not"


@patch("s3", "PutBucketRequestPayment", _REASON, limit=_DELIVERY)
def put_payer(call: Call) -> Answer:
    """Keep who pays."""
    configuration = call.params.get("RequestPaymentConfiguration") or {}
    extras(existing(call)).payer = configuration["Payer"]
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketRequestPayment", _REASON, limit=_DELIVERY)
def get_payer(call: Call) -> Answer:
    """Return who pays."""
    return {"Payer": extras(existing(call)).payer}
