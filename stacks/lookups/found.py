"""What AWS and the stack's own state answered, as plain values."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from stacks.planned import PlannedName

NAME_PROPERTIES = ("name", "bucket", "analyzerName")
"""The properties, one of which has a resource's name."""

NO_ANSWER = (BotoCoreError, ClientError, ResponseParserError)
"""What boto3 raises where AWS refuses, cannot be reached, or a proxy answers in its place."""


class LookupFailedError(Exception):
    """AWS did not answer."""


@dataclass(frozen=True, kw_only=True)
class FoundTrail:
    """A trail that exists.

    Attributes:
        arn: its ARN.
        organization: whether it is an organization trail.
    """

    arn: str
    organization: bool

    @property
    def name(self) -> str:
        """Its name."""
        return self.arn.rsplit("/", maxsplit=1)[-1]

    @property
    def account(self) -> str:
        """The account that it belongs to."""
        return self.arn.split(":")[4]


@dataclass(frozen=True, kw_only=True)
class FoundBucket:
    """A bucket that exists.

    Attributes:
        region: where it is.
        replication_rules: ids of its replication rules.
        notifications: ids of its event notifications.
        grantees: whom its ACL grants access to besides its owner: URIs of groups, ids of accounts.
    """

    region: str
    replication_rules: tuple[str, ...]
    notifications: tuple[str, ...]
    grantees: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FoundKey:
    """A KMS key that exists.

    Attributes:
        state: such as `Enabled` or `PendingDeletion`.
        spec: such as `SYMMETRIC_DEFAULT`.
        usage: such as `ENCRYPT_DECRYPT`.
        manager: `CUSTOMER`, or `AWS` for a key that only a service may use.
    """

    state: str
    spec: str
    usage: str
    manager: str


@dataclass(frozen=True, kw_only=True)
class FoundRole:
    """A role that exists.

    Attributes:
        trust: its trust policy.
        boundary: ARN of its permissions boundary, if it has one.
    """

    trust: Mapping[str, object]
    boundary: str | None = None


@dataclass(frozen=True, kw_only=True)
class FoundNames:
    """The names that a stack will create and that exist already.

    Attributes:
        taken: those of other stacks, or made without one.
        hidden: buckets that S3 refuses to show: another account's, or not to be seen by the role.
        unread: those that AWS did not answer about, with the reason.
    """

    taken: tuple[PlannedName, ...] = ()
    hidden: tuple[PlannedName, ...] = ()
    unread: tuple[tuple[PlannedName, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lookups:
    """What AWS answered.

    Attributes:
        trails: the trails of the region, with those of all regions and of the organization.
        roles: by name or pattern, the exempt roles of the account and the one that deploys; None
            for one that the account lacks, and none of them where AWS did not answer.
        existing_bucket: the log bucket, if the settings say that it exists.
        existing_key: the log key, if the settings say that it exists.
        absent: settings that say that something exists which does not.
        units: ids of the organization's OUs.
        names: the names that exist already.
        missing_identities: setting and name of IAM identities that do not exist.
        attached: by target and policy type: the policies of others that are attached to it.
        deployed: the stack's own resources; None if there are none.
        unread: what could not be looked up, and so is not checked.
    """

    trails: tuple[FoundTrail, ...] = ()
    roles: Mapping[str, FoundRole | None] = field(default_factory=dict)
    existing_bucket: FoundBucket | None = None
    existing_key: FoundKey | None = None
    absent: frozenset[str] = frozenset()
    units: tuple[str, ...] = ()
    names: FoundNames = FoundNames()
    missing_identities: tuple[tuple[str, str], ...] = ()
    attached: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    deployed: "Deployed | None" = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeployedResource:
    """A resource in the stack's state.

    Attributes:
        type: its type token.
        name: its name in the program.
        properties: its outputs, or its inputs where it is being created.
    """

    type: str
    name: str
    properties: Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """What the stack has deployed before: AWS resources that it manages.

    Attributes:
        resources: the resources, without those that it only reads.
    """

    resources: tuple[DeployedResource, ...]

    def has(self, planned: PlannedName) -> bool:
        """Whether the stack made what is called so."""
        return any(
            each.type == planned.kind.type
            and planned.name in (each.properties.get(key) for key in NAME_PROPERTIES)
            and each.properties.get("region") in (None, planned.region)
            for each in self.resources
        )

    @property
    def region(self) -> str | None:
        """The stack's region: that of most resources. Some are made elsewhere on purpose."""
        regions = Counter(
            str(region)
            for each in self.resources
            if (region := each.properties.get("region")) and not _is_elsewhere(each)
        )
        return regions.most_common(1)[0][0] if regions else None

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts of the resources."""
        arns = [str(each.properties.get("arn", "")) for each in self.resources]
        parts = [arn.split(":", maxsplit=5) for arn in arns if arn.startswith("arn:")]
        return frozenset(part[4] for part in parts if part[4] and part[4] != "aws")

    def find(self, type_token: str, name: str) -> DeployedResource | None:
        """The resource of this type and name in the program."""
        found = (each for each in self.resources if (each.type, each.name) == (type_token, name))
        return next(found, None)


def _is_elsewhere(resource: DeployedResource) -> bool:
    """Whether a resource belongs to the replica's region, or that of global services."""
    return any(part in resource.name for part in ("-replica", "-global", "-organization"))
