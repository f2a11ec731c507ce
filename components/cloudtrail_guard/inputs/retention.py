"""The arguments that say how long logs are kept, and what they become as resources."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.inputs.choices import ObjectLockModeInput
from cloudtrail_guard.storage.retention import (
    Lifecycle,
    ObjectLock,
    check_retention,
    lifecycle_rules,
)

DEFAULT_LOCK_DAYS = 365


class ObjectLockArgs(TypedDict):
    """The default retention of new log files. Exactly one of `days` and `years`."""

    mode: NotRequired[pulumi.Input[ObjectLockModeInput]]
    """`GOVERNANCE` (default) lets the break-glass roles through, `COMPLIANCE` no one, not even
    the root user, until the period ends."""
    days: NotRequired[pulumi.Input[int]]
    """The period in days."""
    years: NotRequired[pulumi.Input[int]]
    """The period in years."""


class LifecycleArgs(TypedDict):
    """When log files leave the bucket, in days."""

    expire_after_days: NotRequired[pulumi.Input[int]]
    """After how many days a log file expires, not before the object lock ends. 0: never.
    Default: 2557, seven years."""
    expire_noncurrent_after_days: NotRequired[pulumi.Input[int]]
    """After how many days a version that was overwritten or deleted goes: not before log files
    expire, unless their lock lasts as long. Default: as many days as log files are kept; 90 if
    their lock lasts as long. A log file that expires stays for these days as well."""
    abort_uploads_after_days: NotRequired[pulumi.Input[int]]
    """After how many days an unfinished upload is dropped. Default: 7."""
    glacier_ir_after_days: NotRequired[pulumi.Input[int]]
    """After how many days a log file moves to Glacier Instant Retrieval, which Athena reads as
    well. At least 90 days before the next step. Files below 128 KB stay. Default: 0, never."""
    deep_archive_after_days: NotRequired[pulumi.Input[int]]
    """After how many days a log file moves to Glacier Deep Archive: to be read, it must be restored
    first, for hours. At least 180 days before it expires. Default: 0, never."""


def retention_inputs(args: Mapping[str, object]) -> dict[str, object]:
    """What of a component's arguments the functions below take."""
    return {
        "object_lock": args.get("object_lock"),
        "lifecycle": args.get("lifecycle"),
        "existing": args.get("existing_bucket", False),
    }


def lock_rule_of(values: dict[str, Any]) -> "aws.s3.BucketObjectLockConfigurationRuleArgsDict":
    """The default retention.

    Raises:
        InvalidValueError: lock and lifecycle are none that S3 would accept, or do not fit together.
    """
    lock, _ = _checked(values)
    return {"default_retention": {"mode": lock.mode, "days": lock.days, "years": lock.years}}


def lock_days_of(values: dict[str, Any]) -> int:
    """The lock's period in days; errors as `lock_rule_of`."""
    return _checked(values)[0].in_days


def lifecycle_rules_of(
    values: dict[str, Any],
) -> "list[aws.s3.BucketLifecycleConfigurationRuleArgsDict]":
    """The lifecycle rules; errors as `lock_rule_of`."""
    lock, lifecycle = _checked(values)
    return [
        aws.s3.BucketLifecycleConfigurationRuleArgsDict(**rule)
        for rule in lifecycle_rules(lock, lifecycle, existing=values["existing"])
    ]


def _checked(values: dict[str, Any]) -> tuple[ObjectLock, Lifecycle]:
    wanted: dict[str, Any] = values["object_lock"] or {"days": DEFAULT_LOCK_DAYS}
    lock = ObjectLock(**wanted)
    lifecycle = Lifecycle(**(values["lifecycle"] or {}))
    check_retention(lock, lifecycle, existing=values["existing"])
    return lock, lifecycle
