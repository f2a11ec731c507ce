"""The documents that a stack makes, before it does: each must fit AWS's quota on it.

What makes a document longer is a list of the settings; a key that is still to be made has an ARN
of known length.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from cloudtrail_guard import IamProtectionArgs, LogBucketArgs, LogEncryptionKeyArgs
from cloudtrail_guard.arns import Location
from cloudtrail_guard.iam_protection import planned_policy_names
from cloudtrail_guard.log_bucket import planned_bucket_policy
from cloudtrail_guard.log_encryption_key import planned_key_policy
from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.policies.log_feed import feed_queue_policy
from cloudtrail_guard.policies.trust import trust_principals

from stacks.context import DeploymentContext
from stacks.names import LOG_FEED, replica_bucket_name
from stacks.outputs import Outputs
from stacks.settings.roles import CommonSettings, LogStackSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

T_co = TypeVar("T_co", covariant=True)

_ONE_ROLE = "let people and pipelines assume one role, by its trust policy, and name that"
ACCOUNT = "name an account (arn:aws:iam::111122223333:root) for many of its roles"

BEYOND: Mapping[str, str] = {
    "accountTrailArns": "admit the trails of all accounts of the organization by their name, with "
    "memberTrailNames",
    "memberTrailNames": "give the accounts' trails the same name",
    "breakGlassRoles": _ONE_ROLE,
    "deployerRoleArns": _ONE_ROLE,
    "backupRoleArns": "let AWS Backup use one role",
    "readerArns": f"{ACCOUNT}, or let them assume one of the readers",
    "guardrails.trails": "name them by a pattern, arn:aws:cloudtrail:*:*:trail/NAME",
    "guardrails.exemptRoleArns": _ONE_ROLE,
    "iamProtection.groups": "attach the policies to their users or roles",
    "iamProtection.mfaGroups": "attach the policies to their users or roles",
    "readers": "let several people assume the same reader",
}
"""What to do when a list is too long, by setting."""


@dataclass(frozen=True, kw_only=True)
class PlannedDocument(Generic[T_co]):
    """A document, or several that are made of the same lists.

    Attributes:
        lists: what makes it longer, by setting: each a sequence of plain strings.
        write: what it is planned to be; raises `QuotaError` if it does not fit.
    """

    lists: Mapping[str, object]
    write: Callable[[], T_co]

    @property
    def longest(self) -> tuple[str, int]:
        """The setting that makes it longest, and how many entries it has."""
        lists = cast("Mapping[str, Sequence[str]]", self.lists)
        setting = max(lists, key=lambda each: sum(map(len, lists[each])))
        return setting, len(lists[setting])


def planned_key(context: DeploymentContext[CommonSettings]) -> str:
    """An ARN as long as that of a key that is still to be made."""
    return f"arn:{context.partition}:kms:{context.region}:{context.account}:key/{'0' * 36}"


def planned_uses(context: DeploymentContext[LogStackSettings]) -> Outputs:
    """The outputs of the uses of the logs that other documents name."""
    settings, key = context.settings, planned_key(context)
    uses: Outputs = {}
    if settings.replica.there:
        uses |= {"replicaBucketName": replica_bucket_name(context), "replicaKeyArn": key}
    if settings.queries.enabled:
        uses["queryResultsKeyArn"] = key
    if settings.log_feed.enabled:
        uses["logFeedKeyArn"] = key
    return uses


def storage_documents(
    key: LogEncryptionKeyArgs, bucket: LogBucketArgs
) -> list[PlannedDocument[str]]:
    """The policies of log bucket and key, of plain arguments."""
    lists = {
        "accountTrailArns": bucket.get("account_trail_arns", ()),
        "memberTrailNames": bucket.get("member_trail_names", ()),
        "breakGlassRoles": bucket["break_glass_role_arns"],
        "deployerRoleArns": bucket.get("deployer_role_arns", ()),
        "backupRoleArns": bucket.get("backup_role_arns", ()),
        "readerArns": bucket.get("reader_arns", ()),
    }
    return [
        PlannedDocument(lists=lists, write=partial(planned_bucket_policy, bucket)),
        PlannedDocument(lists=lists, write=partial(planned_key_policy, key)),
    ]


def use_documents(
    context: DeploymentContext[LogStackSettings],
) -> Iterator[PlannedDocument[Document]]:
    """The trust policies of readers and integrity job, and the policy of the feed's queue."""
    settings = context.settings
    location = Location(partition=context.partition, region=context.region, account=context.account)
    for number, reader in enumerate(settings.readers):
        if reader.trusted_arns:
            trust = partial(
                trust_principals,
                reader.trusted_arns,
                external_id=reader.external_id,
                require_mfa=reader.require_mfa,
            )
            lists = {f"readers[{number}].trustedArns": reader.trusted_arns}
            yield PlannedDocument(lists=lists, write=trust)
    if trusted := settings.integrity_role.trusted_arns:
        yield PlannedDocument(
            lists={"integrityRole.trustedArns": trusted}, write=partial(trust_principals, trusted)
        )
    if settings.log_feed.enabled:
        consumers = settings.log_feed.consumer_arns
        queue = partial(
            feed_queue_policy, location, queue=LOG_FEED, topic=LOG_FEED, consumers=consumers
        )
        yield PlannedDocument(lists={"logFeed.consumerArns": consumers}, write=queue)


def iam_document(name: str, args: IamProtectionArgs) -> PlannedDocument[list[str]]:
    """The guardrails as IAM policies, of plain arguments: their names."""
    return PlannedDocument(
        lists={
            "breakGlassRoles": args["break_glass_role_arns"],
            "deployerRoleArns": args.get("deployer_role_arns", ()),
            "iamProtection.groups": args.get("groups", ()),
            "iamProtection.mfaGroups": args.get("mfa_groups", ()),
            "readers": args.get("own_role_arns", ()),
        },
        write=cache(partial(planned_policy_names, name, args)),
    )
