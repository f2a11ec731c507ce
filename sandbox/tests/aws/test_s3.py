"""S3 as AWS has it: new buckets, names, ACLs, versioning, configurations that stay whole."""

from typing import Any

import pytest

from sandbox.tests.support import Clients, allow, deny, document, refused


def test_a_new_bucket_is_encrypted_blocked_and_owned(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")

    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]

    [rule] = encryption["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(block.values()) == {True}
    assert ownership["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_creating_a_bucket_again_changes_nothing(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    s3.delete_public_access_block(Bucket=bucket)

    s3.create_bucket(Bucket=bucket)

    with refused("NoSuchPublicAccessBlockConfiguration"):
        s3.get_public_access_block(Bucket=bucket)


def test_tags_of_a_new_bucket_are_kept(clients: Clients, name: str) -> None:
    s3 = clients("s3", "security")
    tags = [{"Key": "owner", "Value": "security"}]

    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": tags})

    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == tags


@pytest.mark.parametrize(
    "bad", ["Upper", "under_score", "a..b", "192.168.1.1", "xn--logs", "logs-s3alias", "-logs"]
)
def test_a_name_against_the_rules_is_refused(clients: Clients, bad: str) -> None:
    with refused("InvalidBucketName"):
        clients("s3", "security").create_bucket(Bucket=bad)


def test_a_taken_name_is_refused(clients: Clients, bucket: str) -> None:
    with refused("BucketAlreadyExists"):
        clients("s3", "workload").create_bucket(Bucket=bucket)


def test_a_bucket_with_a_public_acl_is_not_made(clients: Clients, name: str) -> None:
    with refused("InvalidBucketAclWithObjectOwnership"):
        clients("s3", "security").create_bucket(Bucket=name, ACL="public-read")


def test_acls_are_refused_under_bucket_owner_enforced(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    s3.put_object(Bucket=bucket, Key="log", Body=b"", ACL="bucket-owner-full-control")

    with refused("AccessControlListNotSupported"):
        s3.put_bucket_acl(Bucket=bucket, ACL="private")
    with refused("AccessControlListNotSupported"):
        s3.put_object(Bucket=bucket, Key="log", Body=b"", ACL="public-read")
    with refused("AccessControlListNotSupported"):
        s3.put_object_acl(Bucket=bucket, Key="log", ACL="public-read")


def test_public_acls_are_refused_where_blocked(clients: Clients, name: str) -> None:
    s3 = clients("s3", "security")
    s3.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter")
    s3.put_bucket_acl(Bucket=name, ACL="log-delivery-write")

    with refused("AccessDenied"):
        s3.put_bucket_acl(Bucket=name, ACL="public-read")


def test_acls_that_give_access_to_others_are_not_switched_off(clients: Clients, name: str) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html"""
    s3 = clients("s3", "security")
    s3.create_bucket(Bucket=name, ObjectOwnership="BucketOwnerPreferred")
    s3.put_bucket_acl(Bucket=name, ACL="log-delivery-write")
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}

    with refused("InvalidBucketAclWithObjectOwnership"):
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=controls)
    s3.put_bucket_acl(Bucket=name, ACL="private")
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=controls)

    with refused("AccessControlListNotSupported"):
        s3.put_bucket_acl(Bucket=name, ACL="log-delivery-write")


def test_an_unknown_ownership_is_refused(clients: Clients, bucket: str) -> None:
    controls = {"Rules": [{"ObjectOwnership": "Absent"}]}
    with refused("MalformedXML", "BucketOwnerPreferred"):
        clients("s3", "security").put_bucket_ownership_controls(
            Bucket=bucket, OwnershipControls=controls
        )


def test_versioning_stays_enabled_under_object_lock(clients: Clients, locked_bucket: str) -> None:
    with refused("InvalidBucketState", "Object Lock"):
        clients("s3", "security").put_bucket_versioning(
            Bucket=locked_bucket, VersioningConfiguration={"Status": "Suspended"}
        )


def test_versioning_can_be_suspended_without_object_lock(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == status


def test_an_unknown_versioning_status_is_refused(clients: Clients, bucket: str) -> None:
    with refused("MalformedXML", "Enabled"):
        clients("s3", "security").put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Disabled"}
        )


def _encrypt(clients: Clients, bucket: str, rule: dict[str, Any]) -> None:
    clients("s3", "security").put_bucket_encryption(
        Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )


def test_encryption_is_kept_whole_and_falls_back_to_aes256(
    clients: Clients, bucket: str, key_arn: str
) -> None:
    s3 = clients("s3", "security")
    rule = {
        "ApplyServerSideEncryptionByDefault": {
            "SSEAlgorithm": "aws:kms",
            "KMSMasterKeyID": key_arn,
        },
        "BucketKeyEnabled": True,
        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
    }
    _encrypt(clients, bucket, rule)
    kept = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    s3.put_object(Bucket=bucket, Key="log", Body=b"x")
    written = s3.head_object(Bucket=bucket, Key="log")

    s3.delete_bucket_encryption(Bucket=bucket)
    default = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]

    assert kept == [rule]
    assert written["ServerSideEncryption"] == "aws:kms"
    assert written["SSEKMSKeyId"] == key_arn
    assert default[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


@pytest.mark.parametrize(
    ("default", "code"),
    [
        ({"SSEAlgorithm": "rot13"}, "MalformedXML"),
        ({"SSEAlgorithm": "AES256", "KMSMasterKeyID": "alias/logs"}, "InvalidArgument"),
    ],
)
def test_unsound_encryption_is_refused(
    clients: Clients, bucket: str, default: dict[str, str], code: str
) -> None:
    with refused(code):
        _encrypt(clients, bucket, {"ApplyServerSideEncryptionByDefault": default})


def _lifecycle(clients: Clients, bucket: str, **rule: object) -> None:
    clients("s3", "security").put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [{"ID": "a", "Status": "Enabled", "Filter": {}, **rule}]},
    )


def test_lifecycle_rules_are_kept_whole(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    rules = [
        {
            "ID": "sizes",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "AWSLogs/", "ObjectSizeGreaterThan": 1024}},
            "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
            "Expiration": {"Days": 400},
        },
        {
            "ID": "versions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    ]

    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": rules},
        TransitionDefaultMinimumObjectSize="varies_by_storage_class",
    )
    kept = s3.get_bucket_lifecycle_configuration(Bucket=bucket)

    assert kept["Rules"] == rules
    assert kept["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"


def test_a_deleted_lifecycle_is_gone_at_the_next_read(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    _lifecycle(clients, bucket, Expiration={"Days": 400})

    s3.delete_bucket_lifecycle(Bucket=bucket)

    with refused("NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"Expiration": {"Days": 400}, "Status": "On"}, "MalformedXML"),
        ({"Expiration": {"Days": 400, "ExpiredObjectDeleteMarker": True}}, "MalformedXML"),
        ({"Expiration": {"Days": 400}, "Prefix": "AWSLogs/"}, "MalformedXML"),
        (
            {
                "Expiration": {"Days": 400},
                "Filter": {"Prefix": "AWSLogs/", "ObjectSizeLessThan": 1},
            },
            "MalformedXML",
        ),
        ({"NoncurrentVersionTransitions": [{"StorageClass": "GLACIER"}]}, "MalformedXML"),
        ({"NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 3}}, "MalformedXML"),
        ({}, "InvalidRequest"),
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Transitions": [{"Days": 10, "StorageClass": "STANDARD_IA"}]}, "InvalidArgument"),
        (
            {
                "Expiration": {"Days": 90},
                "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
            },
            "InvalidArgument",
        ),
    ],
)
def test_unsound_lifecycle_rules_are_refused(
    clients: Clients, bucket: str, rule: dict[str, Any], code: str
) -> None:
    with refused(code):
        _lifecycle(clients, bucket, **rule)


def test_lifecycle_rules_of_one_name_are_refused(clients: Clients, bucket: str) -> None:
    rule = {"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 400}}
    with refused("InvalidArgument", "unique"):
        clients("s3", "security").put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [rule, rule]}
        )


def _send_logs(clients: Clients, bucket: str, target: str) -> None:
    clients("s3", "security").put_bucket_logging(
        Bucket=bucket,
        BucketLoggingStatus={
            "LoggingEnabled": {
                "TargetBucket": target,
                "TargetPrefix": "access/",
                "TargetObjectKeyFormat": {"SimplePrefix": {}},
            }
        },
    )


def test_access_logs_go_where_the_policy_lets_them_in(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    target = f"{bucket}-access"
    s3.create_bucket(Bucket=target)
    resource = f"arn:aws:s3:::{target}/*"
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{bucket}"}}
    service = {"Service": ["logging.s3.amazonaws.com"]}
    s3.put_bucket_policy(
        Bucket=target,
        Policy=document(
            allow(service, "s3:PutObject", resource, Condition=source),
            deny("s3:*", resource, Condition={"Bool": {"aws:SecureTransport": "false"}}),
        ),
    )

    _send_logs(clients, bucket, target)
    kept = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    s3.list_objects_v2(Bucket=bucket)
    delivered = s3.list_objects_v2(Bucket=target, Prefix="access/")

    assert kept["TargetBucket"] == target
    assert kept["TargetObjectKeyFormat"] == {"SimplePrefix": {}}
    assert delivered["KeyCount"] > 0


def test_access_logs_are_switched_off_by_an_empty_status(clients: Clients, name: str) -> None:
    s3 = clients("s3", "security")
    s3.create_bucket(Bucket=name, ObjectOwnership="ObjectWriter")
    s3.put_bucket_acl(Bucket=name, ACL="log-delivery-write")
    _send_logs(clients, name, name)

    s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={})

    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)


def test_access_logs_to_a_bucket_without_a_grant_are_refused(clients: Clients, bucket: str) -> None:
    with refused("InvalidTargetBucketForLogging", "logging.s3.amazonaws.com"):
        _send_logs(clients, bucket, bucket)


def test_access_logs_to_a_bucket_of_another_account_are_refused(
    clients: Clients, bucket: str
) -> None:
    theirs = f"{bucket}-theirs"
    clients("s3", "workload").create_bucket(Bucket=theirs)
    with refused("InvalidTargetBucketForLogging", "not owned by you"):
        _send_logs(clients, bucket, theirs)
