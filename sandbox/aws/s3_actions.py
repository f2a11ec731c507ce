"""The names of S3's permissions, which are often not those of its operations.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

OBJECT_ACTIONS = frozenset(
    f"s3:{name}".lower()
    for name in (
        *("AbortMultipartUpload", "BypassGovernanceRetention", "DeleteObject"),
        *("DeleteObjectTagging", "DeleteObjectVersion", "DeleteObjectVersionTagging"),
        *("GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold"),
        *("GetObjectRetention", "GetObjectTagging", "GetObjectTorrent", "GetObjectVersion"),
        *("GetObjectVersionAcl", "GetObjectVersionAttributes", "GetObjectVersionForReplication"),
        *("GetObjectVersionTagging", "GetObjectVersionTorrent", "InitiateReplication"),
        *("ListMultipartUploadParts", "ObjectOwnerOverrideToBucketOwner", "PutObject"),
        *("PutObjectAcl", "PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging"),
        *("PutObjectVersionAcl", "PutObjectVersionTagging", "ReplicateDelete"),
        *("ReplicateObject", "ReplicateTags", "RestoreObject"),
    )
)
"""Actions on objects, in lower case."""

BUCKET_ACTIONS = frozenset(
    f"s3:{name}".lower()
    for name in (
        *("CreateBucket", "DeleteBucket", "DeleteBucketPolicy", "DeleteBucketWebsite"),
        *("GetAccelerateConfiguration", "GetAnalyticsConfiguration", "GetBucketAcl"),
        *("GetBucketCORS", "GetBucketLocation", "GetBucketLogging", "GetBucketNotification"),
        *("GetBucketObjectLockConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy"),
        *("GetBucketPolicyStatus", "GetBucketPublicAccessBlock", "GetBucketRequestPayment"),
        *("GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite"),
        *("GetEncryptionConfiguration", "GetIntelligentTieringConfiguration"),
        *("GetInventoryConfiguration", "GetLifecycleConfiguration", "GetMetricsConfiguration"),
        *("GetReplicationConfiguration", "ListBucket", "ListBucketMultipartUploads"),
        *("ListBucketVersions", "PutAccelerateConfiguration", "PutAnalyticsConfiguration"),
        *("PutBucketAcl", "PutBucketCORS", "PutBucketLogging", "PutBucketNotification"),
        *("PutBucketObjectLockConfiguration", "PutBucketOwnershipControls", "PutBucketPolicy"),
        *("PutBucketPublicAccessBlock", "PutBucketRequestPayment", "PutBucketTagging"),
        *("PutBucketVersioning", "PutBucketWebsite", "PutEncryptionConfiguration"),
        *("PutIntelligentTieringConfiguration", "PutInventoryConfiguration"),
        *("PutLifecycleConfiguration", "PutMetricsConfiguration", "PutReplicationConfiguration"),
    )
)
"""Actions on buckets, in lower case."""

_S3_PERMISSIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
    # One permission reads and one writes each of these; deleting is writing.
    **{
        f"{verb}Bucket{kind}Configuration{plural}": f"{permission}{kind}Configuration"
        for kind in ("Analytics", "IntelligentTiering", "Inventory", "Metrics")
        for verb, plural, permission in (
            ("Get", "", "Get"),
            ("List", "s", "Get"),
            ("Put", "", "Put"),
            ("Delete", "", "Put"),
        )
    },
}
_VERSIONED = {
    *("DeleteObject", "DeleteObjectTagging", "GetObject", "GetObjectAcl"),
    *("GetObjectAttributes", "GetObjectTagging", "PutObjectAcl", "PutObjectTagging"),
}


def s3_permission(operation: str, *, versioned: bool = False) -> str:
    """The permission that an S3 operation needs, e.g. ``s3:ListBucket`` for ``HeadBucket``.

    Args:
        operation: the operation's name.
        versioned: whether the call names a version of the object.
    """
    name = _S3_PERMISSIONS.get(operation, operation)
    if versioned and name in _VERSIONED:
        name = name.replace("Object", "ObjectVersion", 1)
    return f"s3:{name}"
