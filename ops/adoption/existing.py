"""What is in AWS already, and the id by which `pulumi import` takes it.

The ids are those of the import section of each resource's page in the Pulumi Registry
(https://www.pulumi.com/registry/packages/aws/api-docs/).
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import boto3
from botocore.exceptions import ClientError

from adoption.planned import AdoptionError, Planned

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
ALIAS = "aws:kms/alias:Alias"
TRAIL = "aws:cloudtrail/trail:Trail"
POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
SERVICE_ACCESS = "aws:organizations/awsServiceAccess:AwsServiceAccess"

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
    "aws:s3/bucketPolicy:BucketPolicy": ("get_bucket_policy", "Policy"),
    "aws:s3/bucketLogging:BucketLogging": ("get_bucket_logging", "LoggingEnabled"),
}
"""How each setting of a bucket is read, and what the answer has when it is set."""


class Existing:
    """What one account has of what a stack would make."""

    def __init__(
        self, session: boto3.Session, planned: Sequence[Planned], policies: Sequence[str]
    ) -> None:
        """Look with a session's credentials.

        Args:
            session: the credentials and the region.
            planned: what the stack would make.
            policies: ids of the policies to adopt; empty: the one that does most of the same.
        """
        self._session = session
        self._planned = planned
        self._policies = policies
        self._finders: dict[str, Callable[[Planned], str | None]] = {
            BUCKET: self._bucket,
            KEY: self._key,
            ALIAS: self._alias,
            TRAIL: self._trail,
            POLICY: lambda planned: self.policies.get(planned.name),
            ATTACHMENT: self._attachment,
            SERVICE_ACCESS: self._service_access,
        }

    def ids(self) -> dict[tuple[str, str], str]:
        """The import id of everything that is there, by type and logical name.

        Raises:
            AdoptionError: something cannot be adopted as it is.
        """
        found: dict[tuple[str, str], str] = {}
        for each in self._planned:
            find = self._finders.get(each.type, self._setting)
            if (id_ := find(each)) is not None:
                found[each.type, each.name] = id_
        return found

    @cached_property
    def policies(self) -> dict[str, str]:
        """The id of the policy to adopt for each planned one, by logical name."""
        wanted = [each for each in self._planned if each.type == POLICY]
        if len(self._policies) > len(wanted):
            raise AdoptionError(
                f"--policy was given {len(self._policies)} times, but the stack has only "
                f"{len(wanted)} policies: the others stay as they are, so leave them out"
            )
        if self._policies:
            return dict(zip((each.name for each in wanted), self._policies, strict=False))
        chosen: dict[str, str] = {}
        for each in wanted:
            mine = _sids(each.inputs.get("content"))
            shared = {
                id_: len(mine & sids)
                for id_, sids in self._custom_policies(each.inputs["type"]).items()
                if id_ not in chosen.values()
            }
            best = max(shared, key=lambda id_: shared[id_], default=None)
            if best is not None and shared[best]:
                chosen[each.name] = best
        return chosen

    def leftovers(self) -> list[str]:
        """Ids of policies that do some of the same and stay as they are."""
        leftover: list[str] = []
        for kind in sorted({e.inputs["type"] for e in self._planned if e.type == POLICY}):
            planned = [e for e in self._planned if e.type == POLICY and e.inputs["type"] == kind]
            mine = set[str]().union(*(_sids(each.inputs.get("content")) for each in planned))
            leftover += [
                id_
                for id_, sids in self._custom_policies(kind).items()
                if sids & mine and id_ not in self.policies.values()
            ]
        return leftover

    def _client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
        return self._session.client(service)  # type: ignore[call-overload]

    def _custom_policies(self, kind: str) -> dict[str, set[str]]:
        organizations = self._client("organizations")
        pages = organizations.get_paginator("list_policies").paginate(Filter=kind)
        ids = [p["Id"] for page in pages for p in page["Policies"] if not p["AwsManaged"]]
        return {
            id_: _sids(organizations.describe_policy(PolicyId=id_)["Policy"]["Content"])
            for id_ in ids
        }

    def _bucket(self, planned: Planned) -> str | None:
        name = planned.inputs["bucket"]
        owned = [each["Name"] for each in self._client("s3").list_buckets()["Buckets"]]
        if name not in owned:
            return None
        if planned.inputs.get("objectLockEnabled"):
            self._lockable(name)
        return str(name)

    def _lockable(self, name: str) -> None:
        if _asked(self._client("s3").get_object_lock_configuration, Bucket=name) is None:
            raise AdoptionError(
                f"bucket {name} was made without Object Lock, so taking it over would replace it: "
                "run `pulumi config set cloudtrail-guard:existingBucket true` and try again; it is "
                "then secured as it is"
            )
        own = _sids((_asked(self._client("s3").get_bucket_policy, Bucket=name) or {}).get("Policy"))
        ours = [e for e in self._planned if e.type.endswith(":BucketPolicy")]
        planned = set[str]().union(*(_sids(each.inputs.get("policy")) for each in ours))
        if foreign := sorted(own - planned):
            raise AdoptionError(
                f"the policy of bucket {name} has statements of your own ({', '.join(foreign)}): "
                "run `pulumi config set cloudtrail-guard:existingBucket true` and try again; they "
                "stay then"
            )

    def _setting(self, planned: Planned) -> str | None:
        if planned.type not in SETTINGS:
            return None
        method, key = SETTINGS[planned.type]
        bucket = planned.inputs["bucket"]
        answer = _asked(getattr(self._client("s3"), method), Bucket=bucket)
        return str(bucket) if answer and answer.get(key) else None

    def _key(self, planned: Planned) -> str | None:
        """The key that the bucket is encrypted with, or the alias points at, of those that use it.

        The stack's other keys, of the alerts for one, have nothing that is there already.
        """
        users = [each for each in self._planned if planned.urn in each.uses]
        for each in users:
            if each.type == ENCRYPTION:
                get = self._client("s3").get_bucket_encryption
                answer = _asked(get, Bucket=each.inputs["bucket"]) or {}
                for rule in answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", []):
                    if key := rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID"):
                        return self._own_key(key)
        for each in users:
            if each.type == ALIAS and self._aliases(each.inputs["name"]):
                return self._own_key(each.inputs["name"])
        return None

    def _own_key(self, key: str) -> str | None:
        found = _asked(self._client("kms").describe_key, KeyId=key)
        account = self._client("sts").get_caller_identity()["Account"]
        if found is None:
            return None
        metadata = found["KeyMetadata"]
        if metadata["AWSAccountId"] != account or metadata["KeyManager"] != "CUSTOMER":
            return None
        return str(metadata["KeyId"])

    def _alias(self, planned: Planned) -> str | None:
        name = planned.inputs["name"]
        return name if self._aliases(name) else None

    def _aliases(self, name: str) -> bool:
        pages = self._client("kms").get_paginator("list_aliases").paginate()
        return any(each["AliasName"] == name for page in pages for each in page["Aliases"])

    def _trail(self, planned: Planned) -> str | None:
        listed = self._client("cloudtrail").describe_trails(
            trailNameList=[planned.inputs["name"]], includeShadowTrails=False
        )["trailList"]
        return str(listed[0]["TrailARN"]) if listed else None

    def _attachment(self, planned: Planned) -> str | None:
        """An attachment goes by the logical name of its policy and its target."""
        target = planned.inputs["targetId"]
        organizations = self._client("organizations")
        for name, policy in self.policies.items():
            if planned.name != f"{name}-{target}":
                continue
            pages = organizations.get_paginator("list_targets_for_policy").paginate(PolicyId=policy)
            if any(each["TargetId"] == target for page in pages for each in page["Targets"]):
                return f"{target}:{policy}"
        return None

    def _service_access(self, planned: Planned) -> str | None:
        principal = planned.inputs["servicePrincipal"]
        pages = self._client("organizations").get_paginator(
            "list_aws_service_access_for_organization"
        )
        listed = [p for page in pages.paginate() for p in page["EnabledServicePrincipals"]]
        return principal if any(each["ServicePrincipal"] == principal for each in listed) else None


def _asked(call: Callable[..., Any], **arguments: str) -> dict[str, Any] | None:
    """AWS's answer, or None when it says that there is no such thing."""
    try:
        return dict(call(**arguments))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code.startswith("NoSuch") or "NotFound" in code:
            return None
        raise


def _sids(document: object) -> set[str]:
    if not isinstance(document, str):
        return set()
    return {str(each.get("Sid", "(no Sid)")) for each in json.loads(document)["Statement"]}
