"""Buckets and their settings that AWS has already."""

from collections.abc import Sequence
from typing import Any

from cloudtrail_guard.policies.document import parse_document, sids_of

from adoption.clients import Clients, ask
from adoption.planned import AdoptionError, Planned

BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)

SETTINGS = {
    "aws:s3/bucketVersioning:BucketVersioning": ("get_bucket_versioning", "Status"),
    ENCRYPTION: ("get_bucket_encryption", "ServerSideEncryptionConfiguration"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        "get_public_access_block",
        "PublicAccessBlockConfiguration",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": (
        "get_bucket_ownership_controls",
        "OwnershipControls",
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": (
        "get_object_lock_configuration",
        "ObjectLockConfiguration",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "get_bucket_lifecycle_configuration",
        "Rules",
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": (
        "get_bucket_replication",
        "ReplicationConfiguration",
    ),
    BUCKET_POLICY: ("get_bucket_policy", "Policy"),
    "aws:s3/bucketLogging:BucketLogging": ("get_bucket_logging", "LoggingEnabled"),
}
"""How each setting of a bucket is read, and what the answer has when it is set."""


class Buckets:
    """The buckets of one account."""

    def __init__(self, clients: Clients, planned: Sequence[Planned]) -> None:
        """Look up what the stack would make.

        Args:
            clients: the account's clients.
            planned: all that the stack would make.
        """
        self._clients = clients
        self._planned = planned

    def bucket(self, planned: Planned) -> str | None:
        """The bucket's name, if the account has it.

        Raises:
            AdoptionError: it is there, and taking it over would replace it or lose something.
        """
        name = str(planned.inputs["bucket"])
        s3 = self._clients.client("s3", planned)
        if name not in {each["Name"] for each in s3.list_buckets()["Buckets"]}:
            return None
        location = s3.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1"
        wanted = self._clients.region_of(planned)
        if location != wanted:
            raise AdoptionError(
                f"bucket {name} is in {location}, and the stack would make it in {wanted}: set the "
                "stack's region, or another bucket name"
            )
        if planned.inputs.get("objectLockEnabled"):
            self._check_lock(s3, name)
            self._check_policy(s3, name)
        return name

    def setting(self, planned: Planned) -> str | None:
        """The name of the bucket, if it has the setting."""
        method, key = SETTINGS[planned.type]
        bucket = str(planned.inputs["bucket"])
        answer = ask(getattr(self._clients.client("s3", planned), method), Bucket=bucket)
        return bucket if answer and answer.get(key) else None

    def key_of(self, encryption: Planned) -> str | None:
        """The KMS key that a bucket encrypts with by default."""
        get = self._clients.client("s3", encryption).get_bucket_encryption
        answer = ask(get, Bucket=encryption.inputs["bucket"]) or {}
        for rule in answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", []):
            if key := rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID"):
                return str(key)
        return None

    def _check_lock(self, s3: Any, name: str) -> None:  # noqa: ANN401 - boto3 has no types
        if ask(s3.get_object_lock_configuration, Bucket=name) is None:
            raise AdoptionError(
                f"bucket {name} was made without Object Lock, so taking it over would replace it: "
                "run `pulumi config set cloudtrail-guard:existingBucket true` and try again; it is "
                "then secured as it is"
            )

    def _check_policy(self, s3: Any, name: str) -> None:  # noqa: ANN401 - boto3 has no types
        found = (ask(s3.get_bucket_policy, Bucket=name) or {}).get("Policy")
        if found is None:
            return
        own = set(sids_of(parse_document(found, f"the policy of bucket {name}")))
        planned = {
            sid
            for each in self._planned
            if each.type == BUCKET_POLICY and each.inputs["bucket"] == name
            for sid in each.sids("policy")
        }
        if foreign := sorted(own - planned):
            raise AdoptionError(
                f"the policy of bucket {name} has statements of your own ({', '.join(foreign)}): "
                "run `pulumi config set cloudtrail-guard:existingBucket true` and try again; they "
                "stay then"
            )
