"""Log buckets: which buckets of a stack are one, and what secures them.

A bucket is a log bucket if a trail of the stack writes to it, or if its policy lets CloudTrail
write objects: in a stack that has bucket and key while the trail belongs to another stack, the
policy says what the bucket is for. Other buckets are none of these rules' business. While the
policy of a bucket is not known yet, neither is what the bucket is for: log-bucket-source-arn says
so, once for all rules.

What secures a bucket stands in resources of their own that name the bucket, or, as older programs
write it, in the bucket's own properties. They are joined by what the engine knows of references,
which it knows in a preview too, by name, and where both names come from the same unknown value. A
known name decides: one value can carry the names of several buckets.
A separate resource wins over the bucket's own property, because the provider applies it later.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.resources import References
from cloudtrail_guard_policies.engine.values import UNKNOWN, at
from cloudtrail_guard_policies.iam.documents import CLOUDTRAIL, Document, document
from cloudtrail_guard_policies.subjects.trails import LOGS, TRAILS, log_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.values import Unknown, Value
    from cloudtrail_guard_policies.iam.documents import Statement


_KEY_PREFIX: Final = re.compile(r"^[^/]*/")


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
NOTIFICATION: Final = Part(types=_types("BucketNotification", v2=False), path="")
REPLICATION: Final = Part(
    types=_types("BucketReplicationConfig", v2=False),
    path="rules",
    inline=("replicationConfiguration", "replicationConfigurations"),
)
PARTS: Final = (
    POLICY,
    PUBLIC_ACCESS_BLOCK,
    VERSIONING,
    OBJECT_LOCK,
    ENCRYPTION,
    OWNERSHIP,
    ACL,
    LOGGING,
    LIFECYCLE,
    NOTIFICATION,
    REPLICATION,
)
"""All of a bucket that one resource of its own decides; a second overwrites the first."""

_PART_TYPES: Final = frozenset[str]().union(*(part.types for part in PARTS))
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

    def possible(self, part: Part) -> list[Declaration]:
        """Return the separate resources for a part that may turn out to be of this bucket."""
        return [
            Declaration(resource=each, path="bucket", value=UNKNOWN)
            for kind in sorted(part.types)
            for each in self.unresolved.get(kind, ())
        ]

    def inline(self, part: Part) -> list[Declaration]:
        """Return what the bucket's own properties say about a part."""
        return [
            Declaration(resource=self.bucket, path=path, value=value)
            for path in part.inline
            if (value := at(self.bucket.properties, path)) not in (None, [], {})
        ]

    def declarations(self, part: Part) -> list[Declaration]:
        """Return where the program says something about a part; empty where it says nothing."""
        separate = self.separate(part)
        if separate:
            return [
                Declaration(resource=each, path=part.path, value=at(each.properties, part.path))
                for each in separate
            ]
        # What may be a separate resource of this bucket would win over the bucket's own property.
        return self.possible(part) or self.inline(part)

    def tells(self, part: Part) -> bool:
        """Return whether nothing said about a part means that there is nothing.

        What the provider answers about a bucket that is only read has no more than its properties.
        """
        return bool(part.inline) or not self.bucket.read

    def documents(self) -> list[Document]:
        """Return the bucket's policies; there is one at most, unless programs overwrite it."""
        separate, possible = self.separate(POLICY), self.possible(POLICY)
        own = [] if separate or possible else [self.bucket]
        found = [document(each, "policy") for each in [*separate, *own]]
        unknown = [
            Document(resource=each.resource, path=each.path, statements=(), complete=False)
            for each in possible
        ]
        return [*(each for each in found if each is not None), *unknown]


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
        or not all(document.complete for document in each.documents())
    ]


def ambiguous_trails(stack: Stack) -> list[Resource]:
    """Return the trails of which it is not known yet to which of some buckets they write."""
    return [
        trail for trail in stack.of_types(TRAILS) if owners(stack, trail, "s3BucketName").possible
    ]


def owners(stack: Stack, resource: Resource, name: str) -> References:
    """Return the buckets that a property names.

    Args:
        stack: The stack.
        resource: The resource that has the property.
        name: The property, such as ``s3BucketName``.

    Returns:
        The buckets of the stack; none when it is a bucket from elsewhere.
    """
    value = resource.properties.get(name)
    if value is not UNKNOWN:
        return References(certain=tuple(stack.named(value, BUCKETS)))
    found = {
        bucket.urn: bucket
        for origin in stack.origins(resource, name, BUCKETS | _PART_TYPES)
        for bucket in _buckets_of(stack, origin)
    }
    # Two names that come from the same unknown value, such as a random suffix.
    origins = set(resource.property_dependencies.get(name, ()))
    if not found and origins:
        found = {
            bucket.urn: bucket
            for bucket in stack.of_types(BUCKETS)
            if origins == set(bucket.property_dependencies.get("bucket", ()))
        }
    candidates = tuple(found.values())
    if len(candidates) == 1:
        return References(certain=candidates)
    return References(possible=candidates, unresolved=not candidates)


def log_prefixes(bucket: LogBucket) -> list[str | Unknown]:
    """Return the prefixes of the bucket's log files, such as ``trails/AWSLogs/``.

    A trail puts its own prefix before AWSLogs. Where no trail of the stack says which it is, the
    bucket's policy may: it admits CloudTrail to a prefix.
    """
    if bucket.trails:
        return [log_prefix(trail) for trail in bucket.trails]
    admitted = [
        _KEY_PREFIX.sub("", resource)
        for document in bucket.documents()
        for statement in document.statements
        if admits_cloudtrail(statement)
        for resource in statement.resources
        if isinstance(resource, str)
    ]
    return [
        f"{before}{LOGS}"
        for each in admitted
        for before, found, _ in [each.partition(LOGS)]
        if found
    ] or [LOGS]


def admits_cloudtrail(statement: Statement) -> bool:
    """Return whether a statement lets CloudTrail write objects."""
    return (
        statement.allows
        and statement.is_for_service(CLOUDTRAIL)
        and statement.covers("s3:PutObject")
    )


def _buckets_of(stack: Stack, origin: Resource) -> tuple[Resource, ...]:
    """Return a bucket itself, or the bucket of a resource that names one, such as its policy."""
    if origin.type in BUCKETS:
        return (origin,)
    named = owners(stack, origin, "bucket")
    return (*named.certain, *named.possible)


def _log_buckets(stack: Stack) -> list[LogBucket]:
    return [each for each in stack.once(_buckets) if each.trails or _admits(each)]


def _buckets(stack: Stack) -> list[LogBucket]:
    """Return every bucket of the stack with what belongs to it."""
    trails: defaultdict[str, list[Resource]] = defaultdict(list)
    for trail in stack.of_types(TRAILS):
        for bucket in owners(stack, trail, "s3BucketName").certain:
            trails[bucket.urn].append(trail)
    parts: defaultdict[str, defaultdict[str, list[Resource]]]
    parts = defaultdict(lambda: defaultdict(list))
    unresolved: defaultdict[str, defaultdict[str, list[Resource]]]
    unresolved = defaultdict(lambda: defaultdict(list))
    buckets = stack.of_types(BUCKETS)
    for part in stack.of_types(_PART_TYPES):
        named = owners(stack, part, "bucket")
        for bucket in named.certain:
            parts[bucket.urn][part.type].append(part)
        for bucket in buckets if named.unresolved else named.possible:
            unresolved[bucket.urn][part.type].append(part)
    return [
        LogBucket(
            bucket=bucket,
            trails=tuple(trails[bucket.urn]),
            parts=parts[bucket.urn],
            unresolved=unresolved[bucket.urn],
        )
        for bucket in buckets
    ]


def _admits(bucket: LogBucket) -> bool:
    return any(
        admits_cloudtrail(statement) for each in bucket.documents() for statement in each.statements
    )
