"""Objects of s3."""

from typing import Any

from sandbox.tests.plugin.scenarios.scenario import Action, Inputs, Scenario, call
from sandbox.tests.plugin.world import Deployed, World, allow, document


def s3(kind: str, remove: Action, **rest: Any) -> Scenario:
    """A scenario of something in S3; the bucket is the security account's."""
    token = f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}"
    rest.setdefault("replace", {"bucket": "another-bucket"})
    return Scenario(token, remove=remove, profile="security", **rest)


def _delete_bucket(world: World, deployed: Deployed) -> None:
    world.client("s3").delete_bucket(Bucket=deployed.state["bucket"])


def _bucket_of(deployed: Deployed) -> str:
    return deployed.state["bucket"]


def _on_bucket(operation: str, **request: Any) -> Action:
    return call("s3", operation, Bucket=_bucket_of, **request)


_BLOCK = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}


def _logging(world: World) -> Inputs:
    target = world.bucket("-logs")
    grant = allow("logging.s3", "s3:PutObject", f"arn:aws:s3:::{target}/*")
    world.client("s3").put_bucket_policy(Bucket=target, Policy=document(grant))
    return {"bucket": world.bucket(), "targetBucket": target, "targetPrefix": "a/"}


def _logs_elsewhere(world: World, deployed: Deployed) -> None:
    live = {"TargetBucket": deployed.state["targetBucket"], "TargetPrefix": "elsewhere/"}
    world.client("s3").put_bucket_logging(
        Bucket=deployed.state["bucket"], BucketLoggingStatus={"LoggingEnabled": live}
    )


def _own_policy(world: World) -> Inputs:
    bucket = world.bucket()
    grant = allow("cloudtrail", "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", Sid="Acl")
    return {"bucket": bucket, "policy": document(grant)}


def _other_policy(world: World, deployed: Deployed) -> None:
    bucket = deployed.state["bucket"]
    grant = allow("cloudtrail", "s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", Sid="Other")
    world.client("s3").put_bucket_policy(Bucket=bucket, Policy=document(grant))


def _rule(days: int, **more: object) -> Inputs:
    return {"id": "expire", "status": "Enabled", "expiration": {"days": days}, **more}


def _locked(world: World) -> Inputs:
    bucket = world.bucket(ObjectLockEnabledForBucket=True)
    return {"bucket": bucket, "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 1}}}


SCENARIOS = (
    s3(
        "Bucket",
        given=lambda world: {"bucket": world.name, "tags": {"a": "1"}, "forceDestroy": False},
        update={"tags": {"a": "2", "b": "3"}, "forceDestroy": True},
        changes=("forceDestroy", "tags.a", "tags.b", "tagsAll.a", "tagsAll.b"),
        drift=_on_bucket(
            "put_bucket_tagging", Tagging={"TagSet": [{"Key": "a", "Value": "drift"}]}
        ),
        drifted=("tags.a", "tagsAll.a"),
        remove=_delete_bucket,
        computed=("arn", "bucketDomainName", "policy", "versioning"),
    ),
    s3(
        "BucketV2",
        given=lambda world: {
            "bucket": world.name,
            "versionings": [{"enabled": True}],
            "serverSideEncryptionConfigurations": [
                {"rules": [{"applyServerSideEncryptionByDefaults": [{"sseAlgorithm": "aws:kms"}]}]}
            ],
        },
        update={"versionings": [{"enabled": False}], "tags": {"a": "1"}},
        changes=("tags", "tagsAll", "versionings[0].enabled"),
        drift=_on_bucket("put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"}),
        drifted=("versionings[0].enabled",),
        remove=_delete_bucket,
        computed=("arn", "bucketDomainName", "policy"),
    ),
    s3(
        "BucketVersioning",
        given=lambda world: {
            "bucket": world.bucket(),
            "versioningConfiguration": {"status": "Enabled"},
        },
        update={"versioningConfiguration": {"status": "Suspended"}},
        changes=("versioningConfiguration.status",),
        drift=_on_bucket("put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"}),
        drifted=("versioningConfiguration.status",),
        remove=_delete_bucket,
    ),
    s3(
        "BucketObjectLockConfiguration",
        given=_locked,
        update={"rule": {"defaultRetention": {"mode": "COMPLIANCE", "years": 1}}},
        changes=(
            "rule.defaultRetention.days",
            "rule.defaultRetention.mode",
            "rule.defaultRetention.years",
        ),
        drift=_on_bucket(
            "put_object_lock_configuration",
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 9}},
            },
        ),
        drifted=("rule.defaultRetention.days",),
        remove=_delete_bucket,
    ),
    s3(
        "BucketServerSideEncryptionConfiguration",
        given=lambda world: {
            "bucket": world.bucket(),
            "rules": [
                {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}},
            ],
        },
        update={
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"},
                    "bucketKeyEnabled": True,
                }
            ]
        },
        changes=(
            "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
            "rules[0].bucketKeyEnabled",
        ),
        drift=_on_bucket(
            "put_bucket_encryption",
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
            },
        ),
        drifted=("rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",),
        remove=_delete_bucket,
    ),
    s3(
        "BucketPublicAccessBlock",
        given=lambda world: {"bucket": world.bucket(), **_BLOCK},
        update={"blockPublicAcls": False},
        changes=("blockPublicAcls",),
        drift=_on_bucket(
            "put_public_access_block",
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "BlockPublicPolicy": False,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
        ),
        drifted=("blockPublicPolicy",),
        remove=_on_bucket("delete_public_access_block"),
    ),
    s3(
        "BucketOwnershipControls",
        given=lambda world: {
            "bucket": world.bucket(),
            "rule": {"objectOwnership": "BucketOwnerEnforced"},
        },
        update={"rule": {"objectOwnership": "ObjectWriter"}},
        changes=("rule.objectOwnership",),
        drift=_on_bucket(
            "put_bucket_ownership_controls",
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
        ),
        drifted=("rule.objectOwnership",),
        remove=_on_bucket("delete_bucket_ownership_controls"),
    ),
    s3(
        "BucketRequestPaymentConfiguration",
        given=lambda world: {"bucket": world.bucket(), "payer": "BucketOwner"},
        update={"payer": "Requester"},
        changes=("payer",),
        drift=_on_bucket(
            "put_bucket_request_payment", RequestPaymentConfiguration={"Payer": "Requester"}
        ),
        drifted=("payer",),
        remove=_delete_bucket,
    ),
    s3(
        "BucketLifecycleConfiguration",
        given=lambda world: {
            "bucket": world.bucket(),
            "rules": [
                _rule(400, filter={"prefix": "AWSLogs/"}),
                {
                    "id": "big",
                    "status": "Enabled",
                    "filter": {
                        "and": {"prefix": "x/", "objectSizeGreaterThan": 9, "tags": {"k": "v"}}
                    },
                    "transitions": [{"days": 60, "storageClass": "GLACIER"}],
                    "noncurrentVersionExpiration": {
                        "noncurrentDays": 30,
                        "newerNoncurrentVersions": 2,
                    },
                },
            ],
        },
        update={"rules": [_rule(500, filter={"prefix": "AWSLogs/"})]},
        changes=("rules[0].expiration.days", "rules[1]"),
        drift=_on_bucket(
            "put_bucket_lifecycle_configuration",
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "expire",
                        "Status": "Disabled",
                        "Filter": {"Prefix": "AWSLogs/"},
                        "Expiration": {"Days": 400},
                    }
                ]
            },
        ),
        drifted=("rules[0].status", "rules[1]"),
        remove=_on_bucket("delete_bucket_lifecycle"),
    ),
    s3(
        "BucketLogging",
        given=_logging,
        update={"targetPrefix": "b/"},
        changes=("targetPrefix",),
        drift=_logs_elsewhere,
        drifted=("targetPrefix",),
        remove=_on_bucket("put_bucket_logging", BucketLoggingStatus={}),
    ),
    s3(
        "BucketPolicy",
        given=_own_policy,
        drift=_other_policy,
        drifted=("policy",),
        remove=_on_bucket("delete_bucket_policy"),
    ),
    s3(
        "BucketObjectv2",
        given=lambda world: {
            "bucket": world.bucket(),
            "key": "a/b.txt",
            "content": "hello",
            "contentType": "text/plain",
            "tags": {"a": "1"},
        },
        update={"content": "other", "tags": {"b": "2"}},
        changes=("content", "tags.a", "tags.b", "tagsAll.a", "tagsAll.b"),
        drift=_on_bucket(
            "put_object", Key="a/b.txt", Body=b"hello", ContentType="text/html", Tagging="a=1"
        ),
        drifted=("contentType",),
        remove=_on_bucket("delete_object", Key="a/b.txt"),
        replace={"key": "another"},
        computed=("arn", "etag"),
    ),
)
