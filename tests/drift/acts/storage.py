"""Acts on the log bucket and on the key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import Target

from tests.drift.act import Act, found, without

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.drift.act import Stage

_METRIC = "cloudtrail-guard-logs-log-files"
SOON = {"ID": "soon", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}


def _bucket(
    name: str,
    calls: str,
    do: Callable[[Any, str], Any],
    look: Callable[[Any, str], Any],
    shows: str = "",
    **more: Any,
) -> Act:
    """An act on the log bucket; both callables get its name."""
    undo = more.pop("undo", None)
    return Act(
        name=name,
        on=Target.BUCKET,
        calls=" ".join(f"s3:{each}" for each in calls.split()),
        stack="security",
        service="s3",
        do=lambda aws, stage: do(aws, stage.bucket),
        look=lambda aws, stage: look(aws, stage.bucket),
        shows=shows,
        undo=None if undo is None else lambda aws, stage, before: undo(aws, stage.bucket, before),
        **more,
    )


def _policy(aws: Any, bucket: str) -> Any:
    text = found(lambda: aws.get_bucket_policy(Bucket=bucket)["Policy"])
    return text and json.loads(text)


def _drop_a_statement(aws: Any, bucket: str) -> None:
    text = aws.get_bucket_policy(Bucket=bucket)["Policy"]
    aws.put_bucket_policy(Bucket=bucket, Policy=without(text, "DenyDeleteCloudTrailLogs"))


def _lifecycle(aws: Any, bucket: str) -> Any:
    return found(lambda: aws.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"])


def _expire(aws: Any, bucket: str) -> None:
    rules = [*_lifecycle(aws, bucket), SOON]
    aws.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})


def _lock(aws: Any, bucket: str) -> Any:
    return aws.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]


def _shorten(aws: Any, bucket: str) -> None:
    retention = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    aws.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={**_lock(aws, bucket), "Rule": retention}
    )


def _encryption(aws: Any, bucket: str) -> Any:
    return aws.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]


def _encrypt_by_another_key(aws: Any, bucket: str) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"}
    aws.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )


def _replication(aws: Any, bucket: str) -> Any:
    return found(lambda: aws.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"])


def _pause_copies(aws: Any, bucket: str) -> None:
    before = _replication(aws, bucket)
    rules = [{**rule, "Status": "Disabled"} for rule in before["Rules"]]
    aws.put_bucket_replication(Bucket=bucket, ReplicationConfiguration={**before, "Rules": rules})


def _tags(aws: Any, bucket: str) -> Any:
    return found(lambda: aws.get_bucket_tagging(Bucket=bucket)["TagSet"])


def _tag(aws: Any, bucket: str) -> None:
    tags = [{"Key": "team", "Value": "mine"}]
    aws.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})


def _payer(aws: Any, bucket: str) -> Any:
    return aws.get_bucket_request_payment(Bucket=bucket)["Payer"]


def _pay(aws: Any, bucket: str, payer: str = "Requester") -> None:
    aws.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": payer})


def _website(aws: Any, bucket: str) -> Any:
    return found(lambda: aws.get_bucket_website(Bucket=bucket))


def _serve(aws: Any, bucket: str) -> None:
    configuration = {"IndexDocument": {"Suffix": "index.html"}}
    aws.put_bucket_website(Bucket=bucket, WebsiteConfiguration=configuration)


def _notification(aws: Any, bucket: str) -> Any:
    return found(lambda: aws.get_bucket_notification_configuration(Bucket=bucket))


BUCKET = (
    _bucket(
        "delete the log bucket's policy",
        "DeleteBucketPolicy",
        lambda aws, bucket: aws.delete_bucket_policy(Bucket=bucket),
        _policy,
        "BucketPolicy logs-policy",
    ),
    _bucket(
        "take a deny out of the log bucket's policy",
        "PutBucketPolicy",
        _drop_a_statement,
        _policy,
        "BucketPolicy logs-policy",
        posture="bucket.policy.DenyDeleteCloudTrailLogs",
    ),
    _bucket(
        "let logs expire tomorrow",
        "PutLifecycleConfiguration",
        _expire,
        _lifecycle,
        "BucketLifecycleConfiguration logs-lifecycle",
        posture="bucket.lifecycle",
    ),
    _bucket(
        "delete the lifecycle",
        "PutLifecycleConfiguration",
        lambda aws, bucket: aws.delete_bucket_lifecycle(Bucket=bucket),
        _lifecycle,
        "BucketLifecycleConfiguration logs-lifecycle",
        posture="bucket.lifecycle",
    ),
    _bucket(
        "shorten the lock of new logs",
        "PutBucketObjectLockConfiguration",
        _shorten,
        _lock,
        "BucketObjectLockConfiguration logs-object-lock",
        posture="bucket.lock",
    ),
    Act(
        name="keep no versions of the query results",
        on=Target.BUCKET,
        calls="s3:PutBucketVersioning",
        stack="security",
        service="s3",
        do=lambda aws, stage: aws.put_bucket_versioning(
            Bucket=f"{stage.bucket}-queries", VersioningConfiguration={"Status": "Suspended"}
        ),
        look=lambda aws, stage: aws.get_bucket_versioning(Bucket=f"{stage.bucket}-queries")[
            "Status"
        ],
        shows="BucketVersioning cloudtrail-guard-results-versioning",
        note="S3 refuses it for buckets with Object Lock: the log bucket and its replica",
    ),
    _bucket(
        "encrypt new logs with another key",
        "PutEncryptionConfiguration",
        _encrypt_by_another_key,
        _encryption,
        "BucketServerSideEncryptionConfiguration logs-encryption",
        posture="bucket.encryption",
    ),
    _bucket(
        "encrypt new logs with S3's keys",
        "PutEncryptionConfiguration",
        lambda aws, bucket: aws.delete_bucket_encryption(Bucket=bucket),
        _encryption,
        "BucketServerSideEncryptionConfiguration logs-encryption",
        posture="bucket.encryption",
    ),
    _bucket(
        "open the log bucket to the public",
        "PutBucketPublicAccessBlock",
        lambda aws, bucket: aws.delete_public_access_block(Bucket=bucket),
        lambda aws, bucket: found(
            lambda: aws.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        ),
        "BucketPublicAccessBlock logs-public-access-block",
        posture="bucket.public-access",
    ),
    _bucket(
        "let ACLs count",
        "PutBucketOwnershipControls",
        lambda aws, bucket: aws.put_bucket_ownership_controls(
            Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
        ),
        lambda aws, bucket: found(lambda: aws.get_bucket_ownership_controls(Bucket=bucket)),
        "BucketOwnershipControls logs-ownership",
        posture="bucket.ownership",
    ),
    _bucket(
        "log no access to the logs",
        "PutBucketLogging",
        lambda aws, bucket: aws.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={}),
        lambda aws, bucket: aws.get_bucket_logging(Bucket=bucket).get("LoggingEnabled"),
        "BucketLogging logs-logging",
        posture="bucket.access-logs",
    ),
    _bucket(
        "pause the copies in the second region",
        "PutReplicationConfiguration",
        _pause_copies,
        _replication,
        "BucketReplicationConfig cloudtrail-guard-replica-replication",
        posture="replica.replication",
    ),
    _bucket(
        "end the copies in the second region",
        "PutReplicationConfiguration",
        lambda aws, bucket: aws.delete_bucket_replication(Bucket=bucket),
        _replication,
        "BucketReplicationConfig cloudtrail-guard-replica-replication",
        posture="replica.replication",
    ),
    _bucket(
        "end the feed of new log files",
        "PutBucketNotification",
        lambda aws, bucket: aws.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration={}
        ),
        _notification,
        "BucketNotification cloudtrail-guard-log-feed-notification",
    ),
    _bucket(
        "tag the log bucket",
        "PutBucketTagging TagResource UntagResource",
        _tag,
        _tags,
        "Bucket logs-bucket",
    ),
    _bucket(
        "make the requester pay, whom CloudTrail is not",
        "PutBucketRequestPayment",
        _pay,
        _payer,
        "BucketRequestPaymentConfiguration logs-request-payment",
        posture="bucket.payer",
    ),
    _bucket(
        "count no requests that write log files",
        "PutMetricsConfiguration",
        lambda aws, bucket: aws.delete_bucket_metrics_configuration(Bucket=bucket, Id=_METRIC),
        lambda aws, bucket: found(
            lambda: aws.get_bucket_metrics_configuration(Bucket=bucket, Id=_METRIC)
        ),
        "BucketMetric cloudtrail-guard-logs-log-files",
    ),
    _bucket(
        "serve the log bucket as a website",
        "PutBucketWebsite",
        _serve,
        _website,
        undo=lambda aws, bucket, _: aws.delete_bucket_website(Bucket=bucket),
        why=(
            "the provider reads it into a computed property of the bucket, which a program cannot "
            "set to nothing; the public access block keeps such a website shut"
        ),
    ),
    Act(
        name="delete the bucket of query results, once it is empty",
        on=Target.BUCKET,
        calls="s3:DeleteBucket",
        stack="security",
        service="s3",
        do=lambda aws, stage: aws.delete_bucket(Bucket=f"{stage.bucket}-queries"),
        look=lambda aws, stage: (
            found(lambda: aws.head_bucket(Bucket=f"{stage.bucket}-queries")) is None,
            found(lambda: _policy(aws, f"{stage.bucket}-queries")),
        ),
        shows="Bucket cloudtrail-guard-results",
        note="S3 refuses it for a bucket with logs in it",
        alone=True,
    ),
)


def _key_policy(aws: Any, key: str) -> Any:
    return json.loads(aws.get_key_policy(KeyId=key, PolicyName="default")["Policy"])


def _unguard(aws: Any, key: str) -> None:
    text = aws.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    policy = without(text, "DenyKeyDestruction")
    aws.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)


def _disable(aws: Any, stage: Stage) -> None:
    """Even break-glass has to take away what denies it first."""
    _allow_all(aws, stage.key)
    _without_guardrails(stage, lambda: aws.disable_key(KeyId=stage.key))


def _schedule(aws: Any, stage: Stage) -> None:
    _allow_all(aws, stage.key)
    _without_guardrails(stage, lambda: aws.schedule_key_deletion(KeyId=stage.key))


def _allow_all(aws: Any, key: str) -> None:
    policy = _key_policy(aws, key)
    kept = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    text = json.dumps({**policy, "Statement": kept})
    aws.put_key_policy(KeyId=key, PolicyName="default", Policy=text)


def _without_guardrails(stage: Stage, do: Callable[[], Any]) -> None:
    """Do what SCPs and RCPs deny everyone, as before they are attached."""
    organizations = stage.client("management", "organizations")
    policies = stage.outputs["guardrailPolicyIds"]
    for policy in policies:
        organizations.detach_policy(PolicyId=policy, TargetId=stage.root)
    try:
        do()
    finally:
        for policy in policies:
            organizations.attach_policy(PolicyId=policy, TargetId=stage.root)


def _key(name: str, calls: str, do: Callable[[Any, Stage], Any], **more: Any) -> Act:
    fields: dict[str, Any] = {"look": lambda aws, stage: _state(aws, stage.key), **more}
    return Act(
        name=name,
        on=Target.KEY,
        calls=" ".join(f"kms:{each}" for each in calls.split()),
        stack="security",
        service="kms",
        do=do,
        **fields,
    )


def _state(aws: Any, key: str) -> Any:
    return (
        aws.describe_key(KeyId=key)["KeyMetadata"]["KeyState"],
        found(lambda: aws.get_key_rotation_status(KeyId=key)),
        _key_policy(aws, key),
    )


def _aliases(aws: Any, _stage: Stage) -> Any:
    return {
        each["AliasName"]: each.get("TargetKeyId")
        for each in aws.list_aliases()["Aliases"]
        if not each["AliasName"].startswith("alias/aws/")
    }


def _redirect(aws: Any, stage: Stage) -> None:
    other = stage.outputs["alertKeyArn"]
    aws.update_alias(AliasName="alias/cloudtrail-logs", TargetKeyId=other)


def _restore(aws: Any, stage: Stage, _before: Any) -> None:
    aws.cancel_key_deletion(KeyId=stage.key)


KEY = (
    _key(
        "take a deny out of the key's policy",
        "PutKeyPolicy",
        lambda aws, stage: _unguard(aws, stage.key),
        shows="Key logs-key",
        posture="key.policy.DenyKeyDestruction",
    ),
    _key(
        "disable the key",
        "PutKeyPolicy DisableKey",
        _disable,
        shows="Key logs-key",
        alone=True,
    ),
    _key(
        "schedule the key's deletion",
        "PutKeyPolicy ScheduleKeyDeletion",
        _schedule,
        shows="Key logs-key",
        undo=_restore,
        why=(
            "the provider takes such a key for gone, and an `up` would make another, with which no "
            "old log can be read: cancel the deletion first (`aws kms cancel-key-deletion`), then "
            "`up` enables the key"
        ),
        alone=True,
    ),
    _key(
        "end the key's rotation",
        "DisableKeyRotation",
        lambda aws, stage: aws.disable_key_rotation(KeyId=stage.key),
        shows="Key logs-key",
        posture="key.rotation",
    ),
    _key(
        "tag the key",
        "TagResource UntagResource",
        lambda aws, stage: aws.tag_resource(
            KeyId=stage.key, Tags=[{"TagKey": "team", "TagValue": "mine"}]
        ),
        look=lambda aws, stage: aws.list_resource_tags(KeyId=stage.key)["Tags"],
        shows="Key logs-key",
    ),
    _key(
        "delete the key's alias",
        "DeleteAlias",
        lambda aws, _: aws.delete_alias(AliasName="alias/cloudtrail-logs"),
        look=_aliases,
        shows="Alias logs-alias",
    ),
    _key(
        "point the key's alias elsewhere",
        "UpdateAlias",
        _redirect,
        look=_aliases,
        shows="Alias logs-alias",
    ),
    _key(
        "grant the use of the key to another account",
        "CreateGrant",
        lambda aws, stage: aws.create_grant(
            KeyId=stage.key,
            GranteePrincipal=f"arn:aws:iam::{stage.workload}:root",
            Operations=["Decrypt"],
        ),
        look=lambda aws, stage: aws.list_grants(KeyId=stage.key)["Grants"],
        undo=lambda aws, stage, _: [
            aws.revoke_grant(KeyId=stage.key, GrantId=each["GrantId"])
            for each in aws.list_grants(KeyId=stage.key)["Grants"]
        ],
        why="a grant that no stack made is no resource of a stack; the guardrails deny it",
        posture="key.grants",
    ),
)
