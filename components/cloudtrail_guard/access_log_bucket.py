"""The bucket that receives the log bucket's server access logs: who asked for which log, when."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.evidence import EvidenceBucket, access_log_bucket_policy
from cloudtrail_guard.resources.caller import (
    caller_account,
    caller_partition,
    exempt_from_denies,
)
from cloudtrail_guard.resources.options import child_options
from cloudtrail_guard.resources.secured_bucket import secure_bucket
from cloudtrail_guard.storage.retention import MOST_DAYS

EXPIRE_AFTER_DAYS = 365


class AccessLogBucketArgs(TypedDict):
    """The arguments of `AccessLogBucket`."""

    access_log_bucket_name: pulumi.Input[str]
    """The name of the bucket that receives the access logs."""
    log_bucket_name: pulumi.Input[str]
    """The name of the bucket whose access logs they are."""
    account_id: NotRequired[pulumi.Input[str]]
    """The account of both buckets, 12 digits. Default: the account that is deployed to."""
    expire_after_days: NotRequired[pulumi.Input[int]]
    """After how many days an access log expires, and a version that was overwritten or deleted as
    long after that. Default: 365."""
    break_glass_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may delete access logs and change the bucket; all others are
    denied. Default: none, and the bucket is guarded by no deny."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change the bucket, but not delete access logs. Default: the
    principal that deploys."""
    protect: NotRequired[bool]
    """Whether Pulumi refuses to delete the bucket. Default: true."""


class AccessLogBucket(pulumi.ComponentResource):
    """A bucket for server access logs.

    Never with Object Lock and never with SSE-KMS: S3 delivers access logs to neither
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
    """

    access_log_bucket_name: pulumi.Output[str]
    """The bucket's name, known once its policy lets S3 write."""

    def __init__(
        self,
        name: str,
        args: AccessLogBucketArgs,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the bucket.

        Args:
            name: the component's name.
            args: see `AccessLogBucketArgs`.
            opts: resource options; children inherit provider and protection.
        """
        super().__init__("cloudtrail-guard:index:AccessLogBucket", name, {}, opts)
        args = checked_inputs(self, args)
        # First, so that nothing is registered when an argument is wrong.
        days = compute(self, _days, days=args.get("expire_after_days", EXPIRE_AFTER_DAYS))
        document = compute(
            self,
            _policy,
            partition=caller_partition(self),
            bucket=args["access_log_bucket_name"],
            source_bucket=args["log_bucket_name"],
            account=args["account_id"] if "account_id" in args else caller_account(self),
            **exempt_from_denies(self, args),
        )
        options = child_options(self, protect=args.get("protect", True), retain=True)
        bucket = aws.s3.Bucket(
            f"{name}-bucket", bucket=args["access_log_bucket_name"], opts=options
        )
        secured = secure_bucket(name, bucket.bucket, kms_key_arn=None, opts=options)
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "expire-access-logs",
                    "status": "Enabled",
                    "filter": {},
                    "expiration": {"days": days},
                    # An access log that is hidden lives as long as one that is not.
                    "noncurrent_version_expiration": {"noncurrent_days": days},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                }
            ],
            opts=pulumi.ResourceOptions.merge(
                options, pulumi.ResourceOptions(depends_on=[secured.versioning])
            ),
        )
        policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.bucket,
            policy=document,
            opts=pulumi.ResourceOptions.merge(
                options, pulumi.ResourceOptions(depends_on=[secured.public_access_block])
            ),
        )
        # Through the policy, so that a resource that writes here waits until it may.
        self.access_log_bucket_name = policy.bucket
        self.register_outputs({"access_log_bucket_name": self.access_log_bucket_name})


def _days(values: dict[str, Any]) -> int:
    if not 1 <= values["days"] <= MOST_DAYS:
        raise InvalidValueError(
            f"expire_after_days = {values['days']} must be from 1 to {MOST_DAYS:,}: access logs "
            "always expire"
        )
    return int(values["days"])


def _policy(values: dict[str, Any]) -> str:
    evidence = EvidenceBucket(
        **{key: values[key] for key in ("partition", "bucket", "break_glass", "deployers")}
    )
    return to_json(
        access_log_bucket_policy(
            evidence, source_bucket=values["source_bucket"], account=values["account"]
        )
    )
