"""Buckets, what is configured on them, and objects, where they are particular."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.values import Archive, Asset
from sandbox.tests.plugin.conftest import Providers
from sandbox.tests.plugin.world import World, allow, deploy, document

BUCKET = "aws:s3/bucket:Bucket"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
PUBLIC = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"


@pytest.fixture
def provider(providers: Providers, world: World) -> Provider:
    world.profile = "security"
    return providers("security")


# Buckets


def test_a_bucket_that_exists_is_not_adopted(provider: Provider, world: World) -> None:
    with pytest.raises(ResourceError, match=r"^creating S3 Bucket \(.*\): BucketAlreadyExists"):
        deploy(provider, BUCKET, {"bucket": world.bucket()})


@pytest.mark.parametrize("name", ["Upper", "ab", "a..b", "192.168.1.1", "-dash", "under_score"])
def test_a_bad_name_is_refused_before_anything_is_made(name: str, provider: Provider) -> None:
    with pytest.raises(ResourceError, match=r"validating S3 Bucket \(.*\) name: "):
        deploy(provider, BUCKET, {"bucket": name})


def test_a_bucket_may_be_in_another_region(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.name, "region": "eu-west-1"}
    bucket = deploy(provider, BUCKET, inputs)

    location = world.client("s3").get_bucket_location(Bucket=world.name)
    assert location["LocationConstraint"] == bucket.state["bucketRegion"] == "eu-west-1"
    assert bucket.state["bucketRegionalDomainName"] == f"{world.name}.s3.eu-west-1.amazonaws.com"
    assert bucket.changes(inputs) == []
    found = provider.read(BUCKET, f"{world.name}@eu-west-1")
    assert found is not None
    assert (found.id, found.state["region"]) == (world.name, "eu-west-1")
    bucket.delete()


def test_a_bucket_may_be_named_by_a_prefix(provider: Provider, world: World) -> None:
    inputs = {"bucketPrefix": f"{world.name}-"}
    bucket = deploy(provider, BUCKET, inputs)

    assert bucket.id.startswith(f"{world.name}-")
    assert len(bucket.id) == len(world.name) + 27
    assert bucket.changes(inputs) == []
    bucket.delete()


def test_a_bucket_with_objects_is_only_deleted_by_force(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.name, "objectLockEnabled": True}
    bucket = deploy(provider, BUCKET, inputs)
    client = world.client("s3")
    client.put_object(Bucket=world.name, Key="gone", Body=b"1")
    client.delete_object(Bucket=world.name, Key="gone")
    client.put_object(
        Bucket=world.name,
        Key="locked",
        Body=b"1",
        ObjectLockMode="GOVERNANCE",
        ObjectLockRetainUntilDate="2099-01-01T00:00:00Z",
    )

    with pytest.raises(ResourceError, match=r"deleting S3 Bucket \(.*\): .* BucketNotEmpty"):
        bucket.delete()

    bucket.update({**inputs, "forceDestroy": True})
    bucket.delete()
    assert not bucket.refresh()


def test_force_does_not_overcome_compliance(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.name, "objectLockEnabled": True, "forceDestroy": True}
    bucket = deploy(provider, BUCKET, inputs)
    world.client("s3").put_object(
        Bucket=world.name,
        Key="kept",
        Body=b"1",
        ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate="2099-01-01T00:00:00Z",
    )

    with pytest.raises(ResourceError, match=r"deleting objects: kept: AccessDenied"):
        bucket.delete()


def test_deprecated_properties_are_written_and_read_back(provider: Provider, world: World) -> None:
    target = world.bucket("-logs")
    grant = allow("logging.s3", "s3:PutObject", f"arn:aws:s3:::{target}/*")
    world.client("s3").put_bucket_policy(Bucket=target, Policy=document(grant))
    policy = document(allow("cloudtrail", "s3:GetBucketAcl", f"arn:aws:s3:::{world.name}"))
    inputs = {
        "bucket": world.name,
        "acl": "private",
        "policy": policy,
        "versioning": {"enabled": True},
        "logging": {"targetBucket": target, "targetPrefix": "a/"},
        "objectLockConfiguration": {
            "objectLockEnabled": "Enabled",
            "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}},
        },
        "serverSideEncryptionConfiguration": {
            "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}
        },
    }
    bucket = deploy(provider, BUCKET, inputs)

    assert bucket.refresh()
    assert bucket.changes(inputs) == []
    for name in ("acl", "policy", "logging", "objectLockConfiguration"):
        assert bucket.state[name] == inputs[name]
    assert bucket.state["versioning"] == {"enabled": True, "mfaDelete": False}
    rule = bucket.state["serverSideEncryptionConfiguration"]["rule"]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms"}

    bucket.update({**inputs, "logging": {"targetBucket": target, "targetPrefix": "b/"}})
    live = world.client("s3").get_bucket_logging(Bucket=world.name)["LoggingEnabled"]
    assert live["TargetPrefix"] == "b/"
    bucket.delete()


def test_an_existing_bucket_says_how_it_is_configured(provider: Provider, world: World) -> None:
    name, client = world.bucket(), world.client("s3")
    client.put_bucket_lifecycle_configuration(
        Bucket=name,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}},
                    "Expiration": {"Days": 30},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                    "Transitions": [{"Days": 10, "StorageClass": "GLACIER"}],
                }
            ]
        },
    )

    found = provider.read(BUCKET, name)

    assert found is not None
    assert found.state["lifecycleRules"] == [
        {
            "id": "old",
            "enabled": True,
            "prefix": "a/",
            "tags": {"k": "v"},
            "abortIncompleteMultipartUploadDays": 3,
            "expiration": {"days": 30},
            "noncurrentVersionExpiration": {"days": 7},
            "transitions": [{"days": 10, "storageClass": "GLACIER"}],
        }
    ]
    assert found.state["versioning"] == {"enabled": False, "mfaDelete": False}
    assert found.state["grants"][0]["permissions"] == ["FULL_CONTROL"]
    for name in ("logging", "objectLockConfiguration", "policy"):
        assert name not in found.state


# What is configured on a bucket


def test_versioning_that_was_never_on_takes_no_call(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.bucket(), "versioningConfiguration": {"status": "Disabled"}}
    versioning = deploy(provider, VERSIONING, inputs)

    live = world.client("s3").get_bucket_versioning(Bucket=world.name)
    assert "Status" not in live
    assert versioning.state["versioningConfiguration"] == {"status": "Disabled"}
    versioning.delete()
    assert "Status" not in world.client("s3").get_bucket_versioning(Bucket=world.name)


def test_versioning_is_suspended_when_it_is_deleted(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.bucket(), "versioningConfiguration": {"status": "Enabled"}}
    deploy(provider, VERSIONING, inputs).delete()

    assert world.client("s3").get_bucket_versioning(Bucket=world.name)["Status"] == "Suspended"


def test_versioning_of_a_locked_bucket_stays_when_it_is_deleted(
    provider: Provider, world: World
) -> None:
    bucket = world.bucket(ObjectLockEnabledForBucket=True)
    inputs = {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}}
    deploy(provider, VERSIONING, inputs).delete()

    assert world.client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_object_lock_stays_when_its_configuration_is_deleted(
    provider: Provider, world: World
) -> None:
    bucket = world.bucket(ObjectLockEnabledForBucket=True)
    rule = {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}
    deploy(provider, LOCK, {"bucket": bucket, "rule": rule}).delete()

    live = world.client("s3").get_object_lock_configuration(Bucket=bucket)
    assert live["ObjectLockConfiguration"] == {"ObjectLockEnabled": "Enabled"}


def test_encryption_goes_back_to_the_default_when_it_is_deleted(
    provider: Provider, world: World
) -> None:
    rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}
    encryption = deploy(provider, ENCRYPTION, {"bucket": world.bucket(), "rules": [rule]})
    encryption.delete()

    assert encryption.refresh()
    default = encryption.state["rules"][0]["applyServerSideEncryptionByDefault"]
    assert default == {"sseAlgorithm": "AES256"}


def test_blocked_encryption_types_are_written(provider: Provider, world: World) -> None:
    default = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
    rule = {**default, "blockedEncryptionTypes": ["SSE-C"]}
    inputs = {"bucket": world.bucket(), "rules": [rule]}

    encryption = deploy(provider, ENCRYPTION, inputs)

    assert encryption.refresh()
    assert encryption.changes(inputs) == []
    assert encryption.state["rules"][0]["blockedEncryptionTypes"] == ["SSE-C"]


@pytest.mark.parametrize(
    ("inputs", "blocked"),
    [({}, [False] * 4), ({"blockPublicPolicy": True}, [False, True, False, False])],
)
def test_a_switch_that_is_left_out_is_switched_off(
    inputs: Mapping[str, Any], blocked: list[bool], provider: Provider, world: World
) -> None:
    deploy(provider, PUBLIC, {"bucket": world.bucket(), **inputs})

    live = world.client("s3").get_public_access_block(Bucket=world.name)
    block = live["PublicAccessBlockConfiguration"]
    names = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    assert [block[name] for name in names] == blocked


def test_a_block_may_be_left_in_place(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.bucket(), "blockPublicAcls": True, "skipDestroy": True}
    block = deploy(provider, PUBLIC, inputs)

    block.delete()

    assert block.refresh()


def test_an_expected_owner_is_part_of_the_id_and_is_checked(
    provider: Provider, world: World
) -> None:
    owner = world.organization.security_account_id
    inputs = {
        "bucket": world.bucket(),
        "expectedBucketOwner": owner,
        "versioningConfiguration": {"status": "Enabled"},
    }

    versioning = deploy(provider, VERSIONING, inputs)

    assert versioning.id == f"{world.name},{owner}"
    found = provider.read(VERSIONING, versioning.id)
    assert found is not None
    assert found.state["expectedBucketOwner"] == owner
    with pytest.raises(ResourceError, match="AccessDenied"):
        deploy(provider, VERSIONING, {**inputs, "expectedBucketOwner": "111111111111"})


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"filter": {}},
        {"prefix": "a/"},
        {"filter": {"prefix": "a/"}},
        {"filter": {"tag": {"key": "k", "value": "v"}}},
        {"filter": {"objectSizeLessThan": 9}},
        {"expiration": {"expiredObjectDeleteMarker": True}},
        {"expiration": {"date": "2099-01-01T00:00:00Z"}},
        {"noncurrentVersionTransitions": [{"noncurrentDays": 30, "storageClass": "GLACIER"}]},
        {"transitions": [{"date": "2098-01-01T00:00:00Z", "storageClass": "GLACIER"}]},
    ],
    ids=str,
)
def test_every_kind_of_lifecycle_rule_reads_back_as_it_was_written(
    rule: dict[str, Any], provider: Provider, world: World
) -> None:
    inputs = {
        "bucket": world.bucket(),
        "transitionDefaultMinimumObjectSize": "varies_by_storage_class",
        "rules": [{"id": "r", "status": "Enabled", "expiration": {"days": 400}, **rule}],
    }
    lifecycle = deploy(provider, LIFECYCLE, inputs)

    assert lifecycle.refresh()

    assert lifecycle.changes(inputs) == []


def test_a_setting_may_be_got_by_its_id_and_region_alone(provider: Provider, world: World) -> None:
    inputs = {"bucket": world.bucket(), "versioningConfiguration": {"status": "Enabled"}}
    versioning = deploy(provider, VERSIONING, inputs)

    got = provider.read(VERSIONING, versioning.id, {"region": "us-east-1"})

    assert got is not None
    assert got.state == versioning.state


# Objects


def content_of(world: World, bucket: str) -> bytes:
    return world.client("s3").get_object(Bucket=bucket, Key="file")["Body"].read()


def test_an_objects_content_comes_from_a_text_a_file_or_base64(
    provider: Provider, world: World, tmp_path: Path
) -> None:
    bucket, file = world.bucket(), tmp_path / "file"
    file.write_text("from a file")
    sources: list[tuple[dict[str, Any], bytes]] = [
        ({"content": "a text"}, b"a text"),
        ({"contentBase64": base64.b64encode(b"bytes").decode()}, b"bytes"),
        ({"source": Asset(text="an asset")}, b"an asset"),
        ({"source": Asset(path=str(file))}, b"from a file"),
        ({}, b""),
    ]
    for source, content in sources:
        deploy(provider, OBJECT, {"bucket": bucket, "key": "file", **source})
        assert content_of(world, bucket) == content


@pytest.mark.parametrize(
    "source", [Asset(uri="https://example.com/file"), Archive(path=".")], ids=["uri", "archive"]
)
def test_other_sources_of_an_object_are_refused(
    source: Asset | Archive, provider: Provider, world: World
) -> None:
    with pytest.raises(ResourceError, match="source: only an asset of text or of a local file"):
        deploy(provider, OBJECT, {"bucket": world.bucket(), "key": "file", "source": source})


def test_metadata_lock_and_headers_of_an_object_are_written(
    provider: Provider, world: World
) -> None:
    inputs = {
        "bucket": world.bucket(ObjectLockEnabledForBucket=True),
        "key": "file",
        "content": "x",
        "cacheControl": "no-store",
        "metadata": {"owner": "audit"},
        "objectLockMode": "GOVERNANCE",
        "objectLockRetainUntilDate": "2099-01-01T00:00:00Z",
        "forceDestroy": True,
    }
    stored = deploy(provider, OBJECT, inputs)

    assert stored.refresh()
    assert stored.changes(inputs) == []
    assert stored.state["metadata"] == {"owner": "audit"}
    stored.delete()
    assert not stored.refresh()
