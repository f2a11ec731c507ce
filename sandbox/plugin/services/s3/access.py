"""Who may reach a bucket, and where that is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.policies import compact_json, equivalent_policies
from sandbox.plugin.resource import exactly_one
from sandbox.plugin.services.s3.setting import BUCKET_NAME, Setting, target
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


def _unblock(call: Call) -> None:
    if not call.state.get("skipDestroy"):
        call.client("s3").delete_public_access_block(**target(call))


PUBLIC_ACCESS_BLOCK = Setting(
    put=_put_public_access_block,
    get="get_public_access_block",
    outputs=lambda answer: from_aws(answer["PublicAccessBlockConfiguration"]),
    delete=_unblock,
    absent="NoSuchPublicAccessBlockConfiguration",
    owner=False,
).row(
    type="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    noun="S3 Bucket ({}) Public Access Block",
    state_only={"skipDestroy": "only for the provider"},
)


# Ownership controls


def _put_ownership(call: Call) -> None:
    call.client("s3").put_bucket_ownership_controls(
        **target(call), OwnershipControls={"Rules": [to_aws(call.inputs["rule"])]}
    )


OWNERSHIP = Setting(
    put=_put_ownership,
    get="get_bucket_ownership_controls",
    outputs=lambda answer: {"rule": from_aws(answer["OwnershipControls"]["Rules"][0])},
    delete="delete_bucket_ownership_controls",
    absent="OwnershipControlsNotFoundError",
    owner=False,
).row(
    type="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    noun="S3 Bucket ({}) Ownership Controls",
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


def _logging(answer: Properties) -> Properties | None:
    return from_aws(answer.get("LoggingEnabled"), _GRANT_NAMES)


def _stop_logging(call: Call) -> None:
    call.client("s3").put_bucket_logging(**target(call), BucketLoggingStatus={})


LOGGING = Setting(
    put=_put_logging, get="get_bucket_logging", outputs=_logging, delete=_stop_logging
).row(
    type="aws:s3/bucketLogging:BucketLogging",
    noun="S3 Bucket ({}) Logging",
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


POLICY = Setting(
    put=_put_policy,
    get="get_bucket_policy",
    outputs=lambda answer: {"policy": compact_json(answer["Policy"])},
    delete="delete_bucket_policy",
    absent="NoSuchBucketPolicy",
    owner=False,
).row(
    type="aws:s3/bucketPolicy:BucketPolicy",
    noun="S3 Bucket ({}) Policy",
    put_verb="putting",
    equal={"policy": equivalent_policies},
    validate={"policy": (json_text,)},
)

RESOURCES = (PUBLIC_ACCESS_BLOCK, OWNERSHIP, LOGGING, POLICY)
