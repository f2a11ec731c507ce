"""Lifecycle rules, which moto keeps in part."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sandbox.aws.call import AwsError, Reply
from sandbox.aws.patches.registry import patch
from sandbox.aws.patches.s3.state import existing, extras, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Answer, Call

_LIFECYCLE = (
    "moto loses NewerNoncurrentVersions, object sizes and TransitionDefaultMinimumObjectSize, and "
    "checks nothing"
)
_LIFECYCLE_ACTIONS = (
    *("Expiration", "Transitions", "NoncurrentVersionTransitions"),
    *("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"),
)
_MIN_IA_DAYS, _IA_CLASSES = 30, ("STANDARD_IA", "ONEZONE_IA")


@patch("s3", "PutBucketLifecycleConfiguration", _LIFECYCLE, limit="nothing expires or moves")
def put_lifecycle(call: Call) -> Answer:
    """Check and keep the lifecycle rules."""
    bucket = existing(call)
    rules = (call.params.get("LifecycleConfiguration") or {}).get("Rules") or []
    if not rules:
        raise AwsError("MalformedXML", "LifecycleConfiguration must have at least one rule")
    for rule in rules:
        _check_lifecycle_rule(rule)
        rule.setdefault("ID", uuid.uuid4().hex)
    if len({rule["ID"] for rule in rules}) != len(rules):
        raise AwsError("InvalidArgument", "Rule ID must be unique. Found same ID for more than one")
    size = call.params.get("TransitionDefaultMinimumObjectSize") or "all_storage_classes_128K"
    extras(bucket).lifecycle = {"Rules": rules, "TransitionDefaultMinimumObjectSize": size}
    return Reply(HTTPStatus.OK)


@patch("s3", "GetBucketLifecycleConfiguration", _LIFECYCLE)
def get_lifecycle(call: Call) -> Answer:
    """Give the lifecycle rules back."""
    lifecycle = extras(existing(call)).lifecycle
    if lifecycle is None:
        raise missing("NoSuchLifecycleConfiguration", "lifecycle configuration")
    return lifecycle


@patch("s3", "DeleteBucketLifecycle", _LIFECYCLE)
def delete_lifecycle(call: Call) -> Answer:
    """Forget the lifecycle rules."""
    extras(existing(call)).lifecycle = None
    return Reply(HTTPStatus.NO_CONTENT)


def _check_lifecycle_rule(rule: Mapping[str, Any]) -> None:
    """Check one rule.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    """
    if not any(rule.get(action) for action in _LIFECYCLE_ACTIONS):
        raise AwsError("InvalidRequest", "At least one action needs to be specified in a rule")
    expiration = (rule.get("Expiration") or {}).get("Days")
    if expiration is not None and expiration <= 0:
        message = "'Days' for Expiration action must be a positive integer"
        raise AwsError("InvalidArgument", message)
    for transition in rule.get("Transitions") or []:
        days = transition.get("Days")
        if days is None:
            continue
        if transition.get("StorageClass") in _IA_CLASSES and days < _MIN_IA_DAYS:
            raise AwsError(
                "InvalidArgument",
                f"'Days' in Transition action must be greater than or equal to {_MIN_IA_DAYS} for "
                f"storageClass '{transition['StorageClass']}'",
            )
        if expiration is not None and expiration <= days:
            raise AwsError(
                "InvalidArgument",
                "'Days' in the Expiration action must be greater than 'Days' in the Transition "
                "action",
            )
