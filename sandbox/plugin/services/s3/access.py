"""Who may reach a bucket, and where that is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import ignoring
from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import exactly_one
from sandbox.plugin.services.s3.setting import (
    BUCKET_NAME,
    GONE,
    bucket_setting,
    get,
    identity,
    target,
)
from sandbox.plugin.shapes import from_aws, to_aws
from sandbox.plugin.validators import json_text, length, one_of

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_BLOCK: Final = (
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
)
_GRANT_NAMES: Final = {"id": "ID", "uri": "URI"}


# Public access block


def _put_public_access_block(call: Call) -> None:
    # What is left out is false: an empty resource switches everything off.
    block = {key: bool(call.inputs.get(key, False)) for key in _BLOCK}
    call.client("s3").put_public_access_block(
        **target(call), PublicAccessBlockConfiguration=to_aws(block)
    )


def _read_public_access_block(call: Call) -> Properties | None:
    live = get(call, "get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    if live is None:
        return None
    return {"bucket": call.value("bucket"), **from_aws(live["PublicAccessBlockConfiguration"])}


def _delete_public_access_block(call: Call) -> None:
    if not call.state.get("skipDestroy"):
        with ignoring(GONE, "NoSuchPublicAccessBlockConfiguration"):
            call.client("s3").delete_public_access_block(**target(call))


PUBLIC_ACCESS_BLOCK = bucket_setting(
    _put_public_access_block,
    type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    replace=frozenset({"bucket"}),
    noun="S3 Bucket ({}) Public Access Block",
    read=_read_public_access_block,
    delete=_delete_public_access_block,
    state_only={"skipDestroy": "only for the provider"},
)


# Ownership controls


def _put_ownership(call: Call) -> None:
    call.client("s3").put_bucket_ownership_controls(
        **target(call), OwnershipControls={"Rules": [to_aws(call.inputs["rule"])]}
    )


def _read_ownership(call: Call) -> Properties | None:
    live = get(call, "get_bucket_ownership_controls", "OwnershipControlsNotFoundError")
    if live is None:
        return None
    rule = from_aws(live["OwnershipControls"]["Rules"][0])
    return {"bucket": call.value("bucket"), "rule": rule}


def _delete_ownership(call: Call) -> None:
    with ignoring(GONE, "OwnershipControlsNotFoundError"):
        call.client("s3").delete_bucket_ownership_controls(**target(call))


OWNERSHIP = bucket_setting(
    _put_ownership,
    type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    replace=frozenset({"bucket"}),
    noun="S3 Bucket ({}) Ownership Controls",
    read=_read_ownership,
    delete=_delete_ownership,
    validate={
        "bucket": BUCKET_NAME,
        "rule.objectOwnership": (
            one_of("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
        ),
    },
)


# Server access logging


def _put_logging(call: Call) -> None:
    wanted = {
        key: call.inputs[key]
        for key in ("targetBucket", "targetPrefix", "targetGrants", "targetObjectKeyFormat")
        if key in call.inputs
    }
    enabled = to_aws(wanted, _GRANT_NAMES)
    call.client("s3").put_bucket_logging(
        **target(call), BucketLoggingStatus={"LoggingEnabled": enabled}
    )


def _read_logging(call: Call) -> Properties | None:
    live = get(call, "get_bucket_logging")
    if live is None or "LoggingEnabled" not in live:
        return None
    return {**identity(call), **from_aws(live["LoggingEnabled"], _GRANT_NAMES)}


def _delete_logging(call: Call) -> None:
    with ignoring(GONE):
        call.client("s3").put_bucket_logging(**target(call), BucketLoggingStatus={})


LOGGING = bucket_setting(
    _put_logging,
    type="aws:s3/bucketLogging:BucketLogging",
    noun="S3 Bucket ({}) Logging",
    read=_read_logging,
    delete=_delete_logging,
    sets=frozenset({"targetGrants"}),
    validate={
        "bucket": BUCKET_NAME,
        "targetBucket": (length(1, 63),),
        "targetObjectKeyFormat.partitionedPrefix.partitionDateSource": (
            one_of("EventTime", "DeliveryTime"),
        ),
    },
    relations=(exactly_one("partitionedPrefix", "simplePrefix", at="targetObjectKeyFormat"),),
)


# Policy


def _put_policy(call: Call) -> None:
    policy = compact_json(call.inputs["policy"])
    call.client("s3").put_bucket_policy(**target(call), Policy=policy)


def _read_policy(call: Call) -> Properties | None:
    live = get(call, "get_bucket_policy", "NoSuchBucketPolicy")
    if live is None:
        return None
    return {"bucket": call.value("bucket"), "policy": compact_json(live["Policy"])}


def _delete_policy(call: Call) -> None:
    with ignoring(GONE, "NoSuchBucketPolicy"):
        call.client("s3").delete_bucket_policy(**target(call))


POLICY = bucket_setting(
    _put_policy,
    type="aws:s3/bucketPolicy:BucketPolicy",
    replace=frozenset({"bucket"}),
    noun="S3 Bucket ({}) Policy",
    put_verb="putting",
    read=_read_policy,
    delete=_delete_policy,
    equal={"policy": equivalent_policies},
    validate={"policy": (json_text,)},
)

RESOURCES = (PUBLIC_ACCESS_BLOCK, OWNERSHIP, LOGGING, POLICY)
