"""Pulumi components for an AWS CloudTrail that is set up, encrypted, locked and protected."""

from cloudtrail_guard._arguments import ArgumentError
from cloudtrail_guard.access_log_bucket import AccessLogBucket, AccessLogBucketArgs
from cloudtrail_guard.guardrails import Guardrails, GuardrailsArgs
from cloudtrail_guard.log_bucket import LifecycleArgs, LogBucket, LogBucketArgs, ObjectLockArgs
from cloudtrail_guard.log_encryption_key import LogEncryptionKey, LogEncryptionKeyArgs
from cloudtrail_guard.trail import DataEventsArgs, Trail, TrailArgs

__all__ = [
    "AccessLogBucket",
    "AccessLogBucketArgs",
    "ArgumentError",
    "DataEventsArgs",
    "Guardrails",
    "GuardrailsArgs",
    "LifecycleArgs",
    "LogBucket",
    "LogBucketArgs",
    "LogEncryptionKey",
    "LogEncryptionKeyArgs",
    "ObjectLockArgs",
    "Trail",
    "TrailArgs",
]
