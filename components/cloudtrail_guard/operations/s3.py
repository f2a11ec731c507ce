"""S3: the log bucket and the log files.

Event names: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
"""

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_OBJECTS = entries(
    "s3",
    Target.OBJECTS,
    Allowed.BREAK_GLASS,
    {
        Harm.DESTROY: "DeleteObject DeleteObjectVersion DeleteObjectAnnotation",
        Harm.SHRINK: (
            "BypassGovernanceRetention PutObjectRetention PutObjectLegalHold PutObjectTagging "
            "PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging"
        ),
        Harm.REENCRYPT: "UpdateObjectEncryption",
        Harm.FORGE: "PutObjectAnnotation",
        Harm.EXPOSE: "PutObjectAcl PutObjectVersionAcl",
    },
    events={
        "DeleteObject": "DeleteObject DeleteObjects",
        "DeleteObjectVersion": "DeleteObject DeleteObjects",
        # It authorizes a header of the operations that delete and shorten.
        "BypassGovernanceRetention": "",
        "PutObjectVersionTagging": "PutObjectTagging",
        "DeleteObjectVersionTagging": "DeleteObjectTagging",
        "PutObjectVersionAcl": "PutObjectAcl",
    },
    data_events=True,
    notes={
        "UpdateObjectEncryption": (
            "reaches logs whose lock has ended; Object Lock rejects it before "
            "(https://docs.aws.amazon.com/AmazonS3/latest/userguide/update-sse-encryption.html)"
        ),
        "PutObjectTagging": "lifecycle rules and ABAC act on tags",
        "DeleteObjectAnnotation": "annotations have no versions: deleting one is final",
    },
)

_FORGERY = entries(
    "s3",
    Target.LOG_PREFIX,
    Allowed.SERVICE,
    {Harm.FORGE: "PutObject"},
    events={"PutObject": "PutObject CopyObject CreateMultipartUpload CompleteMultipartUpload"},
    data_events=True,
    notes={"PutObject": "CloudTrail alone writes logs; a planted log is worse than a missing one"},
)

_REPLICATION = entries(
    "s3",
    Target.REPLICATION,
    Allowed.BREAK_GLASS,
    {Harm.FORGE: "ReplicateObject", Harm.DESTROY: "ReplicateDelete", Harm.SHRINK: "ReplicateTags"},
    # S3 itself writes replicas; what CloudTrail records is the rule in the source bucket.
    events={"ReplicateObject": "", "ReplicateDelete": "", "ReplicateTags": ""},
    data_events=True,
    notes={"ReplicateObject": "replication writes, hides and tags without PutObject"},
)

_BUCKET_EVENTS = {
    "PutLifecycleConfiguration": (
        "PutBucketLifecycle PutBucketLifecycleConfiguration DeleteBucketLifecycle"
    ),
    "PutEncryptionConfiguration": "PutBucketEncryption DeleteBucketEncryption",
    "PutBucketPublicAccessBlock": "PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock",
    "PutBucketOwnershipControls": "PutBucketOwnershipControls DeleteBucketOwnershipControls",
    "PutReplicationConfiguration": "PutBucketReplication DeleteBucketReplication",
    # It authorizes fault injection tests; the event is of that service.
    "PauseReplication": "",
    "PutIntelligentTieringConfiguration": (
        "PutBucketIntelligentTieringConfiguration DeleteBucketIntelligentTieringConfiguration"
    ),
    "PutBucketTagging": "PutBucketTagging DeleteBucketTagging",
    "PutMetricsConfiguration": "PutBucketMetricsConfiguration DeleteBucketMetricsConfiguration",
}

_BUCKET = entries(
    "s3",
    Target.BUCKET,
    Allowed.DEPLOYER,
    {
        Harm.DESTROY: "DeleteBucket",
        Harm.UNGUARD: "DeleteBucketPolicy PutBucketPolicy PutBucketAbac",
        Harm.SHRINK: (
            "PutLifecycleConfiguration PutBucketVersioning PutBucketObjectLockConfiguration "
            "PutBucketTagging TagResource UntagResource"
        ),
        Harm.REENCRYPT: "PutEncryptionConfiguration",
        Harm.EXPOSE: (
            "PutBucketPublicAccessBlock PutBucketOwnershipControls PutBucketAcl PutBucketWebsite"
        ),
        Harm.BLIND: "PutBucketLogging",
        Harm.SILENCE: "PutMetricsConfiguration",
        Harm.DELAY: (
            "PutReplicationConfiguration PauseReplication PutBucketRequestPayment "
            "PutIntelligentTieringConfiguration"
        ),
    },
    events=_BUCKET_EVENTS,
    notes={
        "PutBucketRequestPayment": "CloudTrail cannot deliver to a Requester Pays bucket",
        "PutBucketAbac": "tags then decide on access",
        "PutMetricsConfiguration": "with another prefix the dead-man alarms count other files",
    },
)

_NOTIFICATION = entries(
    "s3",
    Target.BUCKET,
    Allowed.BACKUP,
    {Harm.BLIND: "PutBucketNotification"},
    notes={"PutBucketNotification": "AWS Backup has the bucket notify EventBridge of new objects"},
)

S3 = (*_OBJECTS, *_FORGERY, *_REPLICATION, *_BUCKET, *_NOTIFICATION)
