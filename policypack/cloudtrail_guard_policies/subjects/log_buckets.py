"""Log buckets: which buckets of a stack are one, and what secures them.

A bucket is a log bucket if a trail of the stack writes to it, or if its policy lets CloudTrail
write objects: in a stack that has bucket and key while the trail belongs to another stack, the
policy says what the bucket is for. Other buckets are none of these rules' business. While the
policy of a bucket is not known yet, neither is what the bucket is for: log-bucket-source-arn says
so, once for all rules.

What secures a bucket stands in resources of their own that name the bucket, or, as older programs
write it, in the bucket's own properties. They are joined by what the engine knows of references,
which it knows in a preview too, by name, and where both names come from the same unknown value.
A separate resource wins over the bucket's own property, because the provider applies it later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import UNKNOWN, at
from cloudtrail_guard_policies.iam.documents import CLOUDTRAIL, document
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Document, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a program can say about a bucket in a resource of its own, or in the bucket's.

    Attributes:
        types: Type tokens of the separate resource.
        path: The property in the separate resource.
        inline: The property in the bucket: of ``Bucket``, then of ``BucketV2``.
    """

    types: frozenset[str]
    path: str
    inline: tuple[str, ...] = ()


def _types(name: str, *, v2: bool = True) -> frozenset[str]:
    """Return the tokens of an S3 resource, such as ``BucketVersioning``."""
    names = (name, f"{name}V2") if v2 else (name,)
    return frozenset(f"aws:s3/{each[0].lower()}{each[1:]}:{each}" for each in names)


BUCKETS: Final = _types("Bucket")
POLICY: Final = Part(types=_types("BucketPolicy", v2=False), path="policy", inline=("policy",))
PUBLIC_ACCESS_BLOCK: Final = Part(types=_types("BucketPublicAccessBlock", v2=False), path="")
VERSIONING: Final = Part(
    types=_types("BucketVersioning"),
    path="versioningConfiguration.status",
    inline=("versioning.enabled", "versionings.enabled"),
)
OBJECT_LOCK: Final = Part(
    types=_types("BucketObjectLockConfiguration"),
    path="rule.defaultRetention",
    inline=(
        "objectLockConfiguration.rule.defaultRetention",
        "objectLockConfiguration.rules.defaultRetentions",
    ),
)
ENCRYPTION: Final = Part(
    types=_types("BucketServerSideEncryptionConfiguration"),
    path="rules.applyServerSideEncryptionByDefault",
    inline=(
        "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault",
        "serverSideEncryptionConfigurations.rules.applyServerSideEncryptionByDefaults",
    ),
)
OWNERSHIP: Final = Part(
    types=_types("BucketOwnershipControls", v2=False), path="rule.objectOwnership"
)
ACL: Final = Part(types=_types("BucketAcl"), path="acl", inline=("acl",))
LOGGING: Final = Part(
    types=_types("BucketLogging"),
    path="targetBucket",
    inline=("logging.targetBucket", "loggings.targetBucket"),
)
LIFECYCLE: Final = Part(
    types=_types("BucketLifecycleConfiguration"), path="rules", inline=("lifecycleRules",)
)
_PART_TYPES: Final = frozenset[str]().union(
    *(
        part.types
        for part in (
            POLICY,
            PUBLIC_ACCESS_BLOCK,
            VERSIONING,
            OBJECT_LOCK,
            ENCRYPTION,
            OWNERSHIP,
            ACL,
            LOGGING,
            LIFECYCLE,
        )
    )
)
JOINED: Final = TRAILS | BUCKETS | _PART_TYPES
"""What must be read to know the log buckets of a stack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Where a program says something about a bucket.

    Attributes:
        resource: The separate resource, or the bucket.
        path: The property.
        value: What it says; `UNKNOWN` while that is not known.
    """

    resource: Resource
    path: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBucket:
    """A log bucket.

    Attributes:
        bucket: The bucket.
        trails: The trails of the stack that write to it.
        parts: The resources that name it, by type.
        unresolved: Resources of which it is not known yet which bucket they name, by type.
    """

    bucket: Resource
    trails: tuple[Resource, ...]
    parts: Mapping[str, list[Resource]] = field(default_factory=dict)
    unresolved: Mapping[str, list[Resource]] = field(default_factory=dict)

    def separate(self, part: Part) -> list[Resource]:
        """Return the separate resources for a part of the bucket."""
        return [each for kind in sorted(part.types) for each in self.parts.get(kind, ())]

    def declarations(self, part: Part) -> list[Declaration]:
        """Return where the program says something about a part; empty where it says nothing."""
        separate = self.separate(part)
        if separate:
            return [
                Declaration(resource=each, path=part.path, value=at(each.properties, part.path))
                for each in separate
            ]
        inline = [
            Declaration(resource=self.bucket, path=path, value=value)
            for path in part.inline
            if (value := at(self.bucket.properties, path)) is not None
        ]
        unresolved = [
            Declaration(resource=each, path="bucket", value=UNKNOWN)
            for kind in sorted(part.types)
            for each in self.unresolved.get(kind, ())
        ]
        return inline or unresolved

    def documents(self) -> list[Document]:
        """Return the bucket's policies; there is one at most, unless programs overwrite it."""
        return _documents(self.bucket, self.separate(POLICY))


def log_buckets(stack: Stack) -> list[LogBucket]:
    """Return the log buckets of a stack."""
    return stack.once(_log_buckets)


def possible_log_buckets(stack: Stack) -> list[LogBucket]:
    """Return the log buckets, and the buckets of which it is not known yet whether they are one.

    A policy that is not known yet may turn out to admit CloudTrail.
    """
    return [
        each
        for each in stack.once(_buckets)
        if each.trails
        or _admits(each)
        or any(document.statements is None for document in each.documents())
    ]


def owners(stack: Stack, resource: Resource, name: str) -> list[Resource]:
    """Return the buckets that a property names.

    Args:
        stack: The stack.
        resource: The resource that has the property.
        name: The property, such as ``s3BucketName``.

    Returns:
        The buckets of the stack; none when it is a bucket from elsewhere, or not known yet.
    """
    referred = stack.referred(resource, name, BUCKETS)
    if referred:
        return referred
    # A name can come by way of another resource that names the bucket, such as its policy.
    for other in stack.referred(resource, name, _PART_TYPES):
        return owners(stack, other, "bucket")
    value = resource.properties.get(name)
    if value is not UNKNOWN:
        return stack.named(value, BUCKETS)
    origin = set(resource.property_dependencies.get(name, ()))
    return [
        bucket
        for bucket in stack.of_types(BUCKETS)
        if origin and origin == set(bucket.property_dependencies.get("bucket", ()))
    ]


def admits_cloudtrail(statement: Statement) -> bool:
    """Return whether a statement lets CloudTrail write objects."""
    return (
        statement.allows
        and statement.is_for_service(CLOUDTRAIL)
        and statement.covers("s3:PutObject")
    )


def _log_buckets(stack: Stack) -> list[LogBucket]:
    return [each for each in stack.once(_buckets) if each.trails or _admits(each)]


def _buckets(stack: Stack) -> list[LogBucket]:
    """Return every bucket of the stack with what belongs to it."""
    trails: defaultdict[str, list[Resource]] = defaultdict(list)
    for trail in stack.of_types(TRAILS):
        for bucket in owners(stack, trail, "s3BucketName"):
            trails[bucket.urn].append(trail)
    parts: defaultdict[str, defaultdict[str, list[Resource]]]
    parts = defaultdict(lambda: defaultdict(list))
    unresolved: defaultdict[str, list[Resource]] = defaultdict(list)
    for part in stack.of_types(_PART_TYPES):
        buckets = owners(stack, part, "bucket")
        for bucket in buckets:
            parts[bucket.urn][part.type].append(part)
        if not buckets and part.properties.get("bucket") is UNKNOWN:
            unresolved[part.type].append(part)
    return [
        LogBucket(
            bucket=bucket,
            trails=tuple(trails[bucket.urn]),
            parts=parts[bucket.urn],
            unresolved=unresolved,
        )
        for bucket in stack.of_types(BUCKETS)
    ]


def _admits(bucket: LogBucket) -> bool:
    return any(
        admits_cloudtrail(statement)
        for each in bucket.documents()
        for statement in each.statements or ()
    )


def _documents(bucket: Resource, policies: list[Resource]) -> list[Document]:
    found = [document(each, "policy") for each in policies or [bucket]]
    return [each for each in found if each is not None]
