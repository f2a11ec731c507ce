"""What is made of the logs: a copy, a query layer, roles that read, and a feed for a SIEM."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import (
    LogBucketReplica,
    LogIntegrityRole,
    LogNotifications,
    LogQueries,
    LogReaders,
)
from cloudtrail_guard.arns import partition_of_region, root_arn
from cloudtrail_guard.log_notifications import NOTIFICATION_ID
from cloudtrail_guard.storage.replication import RULE_ID

from stacks import names
from stacks.checks import break_glass_arns, deployer_arns
from stacks.groups import ReaderSettings
from stacks.outputs import Outputs
from stacks.report import Finding
from stacks.settings import NAMESPACE, Settings, log_bucket_name
from stacks.surroundings import Surroundings
from stacks.watch import PREFIX

if TYPE_CHECKING:
    from cloudtrail_guard import (
        LogBucketReplicaArgs,
        LogIntegrityRoleArgs,
        LogQueriesArgs,
        LogReaderArgs,
        LogReadersArgs,
        QueryAccessArgs,
    )


@dataclass(frozen=True)
class Logs:
    """The logs in their bucket.

    Attributes:
        bucket: the bucket's name, known once it is secured.
        key_arn: ARN of the key that encrypts them.
        trails: ARNs of the trails that write them.
        organization: id of the organization whose trail writes them, if there is one.
    """

    bucket: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    trails: Sequence[str]
    organization: str | None


def replica_bucket_name(settings: Settings, account: str) -> str:
    """The replica's name: as set, or the log bucket's and ``-replica``."""
    return settings.replica.bucket_name or f"{log_bucket_name(settings, account)}-replica"


def results_bucket_name(settings: Settings, account: str) -> str:
    """The name of the bucket with what queries find: as set, or the log bucket's and more."""
    return settings.queries.results_bucket_name or f"{log_bucket_name(settings, account)}-queries"


def use_logs(settings: Settings, around: Surroundings, logs: Logs) -> Outputs:
    """Make what the settings ask for; the outputs say what there is."""
    outputs: Outputs = {}
    if settings.replica.region:
        replica = LogBucketReplica(f"{PREFIX}-replica", _replica(settings, around, logs))
        outputs |= {
            "replicaBucketName": replica.replica_bucket_name,
            "replicaKeyArn": replica.replica_key_arn,
        }
    queries: LogQueries | None = None
    opts = pulumi.ResourceOptions(protect=settings.protect)
    if settings.queries.enabled:
        queries = LogQueries(PREFIX, _queries(settings, around, logs), opts=opts)
        outputs |= {
            "queryWorkgroup": queries.workgroup_name,
            "queryDatabase": queries.database_name,
        }
    if settings.readers:
        readers = LogReaders(PREFIX, _readers(settings, around, logs, queries), opts=opts)
        outputs["readerRoleArns"] = readers.role_arns
    if settings.integrity_role.enabled:
        role = LogIntegrityRole(
            f"{PREFIX}-integrity", _integrity(settings, around, logs), opts=opts
        )
        outputs["integrityRoleArn"] = role.role_arn
    if settings.log_feed.enabled:
        feed = LogNotifications(
            f"{PREFIX}-log-feed",
            {
                "log_bucket_name": logs.bucket,
                "consumer_arns": settings.log_feed.consumer_arns,
                "raw_messages": settings.log_feed.raw_messages,
                "account_id": around.account,
            },
            opts=opts,
        )
        outputs |= {
            "logFeedQueueUrl": feed.queue_url,
            "logFeedQueueArn": feed.queue_arn,
            "logFeedKeyArn": feed.feed_key_arn,
        }
    return outputs


def check_logs(settings: Settings, around: Surroundings) -> list[Finding]:
    """What speaks against making it here."""
    return [
        *_bucket_names(settings, around),
        *_replica_region(settings, around),
        *_overwritten(settings, around),
    ]


def _bucket_names(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """Names that are made of the log bucket's may be too long, and all must differ."""
    taken = {log_bucket_name(settings, around.account): "bucketName"}
    wanted: dict[str, str] = {}
    if settings.replica.region:
        wanted["replica.bucketName"] = replica_bucket_name(settings, around.account)
    if settings.queries.enabled:
        wanted["queries.resultsBucketName"] = results_bucket_name(settings, around.account)
    for key, name in wanted.items():
        try:
            names.bucket_name(name)
        except ValueError as error:
            yield Finding(f"{NAMESPACE}:{key}: the default {name!r} {error}: set a name")
        if name in taken:
            yield Finding(
                f"{NAMESPACE}:{key} = {name!r} is the name of {NAMESPACE}:{taken[name]} too: each "
                "bucket needs a name of its own"
            )
        taken[name] = key


def _replica_region(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    region = settings.replica.region
    if region == around.region:
        yield Finding(
            f"{NAMESPACE}:replica.region = {region!r} is the log bucket's own region: a copy there "
            "would be lost with it; name another one"
        )
    elif region and partition_of_region(region) != around.partition:
        yield Finding(
            f"{NAMESPACE}:replica.region = {region!r} is not in the stack's partition "
            f"{around.partition}"
        )


def _overwritten(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """A bucket has one replication and one notification configuration: whoever puts, replaces."""
    found = around.existing_bucket
    if found is None:
        return
    bucket = log_bucket_name(settings, around.account)
    rules = [rule for rule in found.replication_rules if rule != RULE_ID]
    if settings.replica.region and rules:
        yield Finding(
            f"{NAMESPACE}:replica.region = {settings.replica.region!r}: the bucket {bucket} has "
            f"replication rules already ({', '.join(rules)}), which this would replace; leave it "
            "empty and keep yours, or remove them first with aws s3api delete-bucket-replication "
            f"--bucket {bucket}"
        )
    notifications = [each for each in found.notifications if each != NOTIFICATION_ID]
    if settings.log_feed.enabled and notifications:
        yield Finding(
            f"{NAMESPACE}:logFeed.enabled = true: the bucket {bucket} has event notifications "
            f"already ({', '.join(notifications)}), which this would replace; leave it false and "
            "keep yours, or move them to the feed's topic"
        )


def _replica(settings: Settings, around: Surroundings, logs: Logs) -> "LogBucketReplicaArgs":
    args: LogBucketReplicaArgs = {
        "log_bucket_name": logs.bucket,
        "log_key_arn": logs.key_arn,
        "replica_bucket_name": replica_bucket_name(settings, around.account),
        "replica_region": settings.replica.region,
        "break_glass_role_arns": break_glass_arns(settings, around),
        "deployer_role_arns": deployer_arns(settings, around),
        "object_lock": settings.object_lock.args(),
        "lifecycle": settings.lifecycle.args(),
        "replication_time_control": settings.replica.time_control,
        "account_id": around.account,
        "protect": settings.protect,
    }
    if logs.organization is not None:
        args["organization_id"] = logs.organization
    return args


def _queries(settings: Settings, around: Surroundings, logs: Logs) -> "LogQueriesArgs":
    wanted = settings.queries
    args: LogQueriesArgs = {
        # The name as it is set: the table is then known in a preview.
        "log_bucket_name": log_bucket_name(settings, around.account),
        "log_key_arn": logs.key_arn,
        "results_bucket_name": results_bucket_name(settings, around.account),
        "account_ids": wanted.account_ids,
        "max_scanned_gib": wanted.max_scanned_gib,
        "expire_results_after_days": wanted.expire_results_after_days,
    }
    if wanted.regions:
        args["regions"] = wanted.regions
    if logs.organization is not None:
        args["organization_id"] = logs.organization
    return args


def _readers(
    settings: Settings, around: Surroundings, logs: Logs, queries: LogQueries | None
) -> "LogReadersArgs":
    args: LogReadersArgs = {
        "log_bucket_name": log_bucket_name(settings, around.account),
        "log_key_arn": logs.key_arn,
        "trail_arns": logs.trails,
        "member_trail_names": settings.member_trail_names,
        "readers": [_reader(reader, around) for reader in settings.readers],
    }
    if queries is not None:
        access: QueryAccessArgs = {
            "workgroup_name": queries.workgroup_name,
            "database_name": queries.database_name,
            "results_bucket_name": queries.results_bucket_name,
            "results_key_arn": queries.results_key_arn,
        }
        args["queries"] = access
    return args


def _reader(reader: ReaderSettings, around: Surroundings) -> "LogReaderArgs":
    args: LogReaderArgs = {
        "role_name": reader.role_name,
        "trusted_arns": reader.trusted_arns or _everybody_here(around),
        "require_mfa": reader.require_mfa,
        "may_query": reader.may_query,
    }
    if reader.external_id is not None:
        args["external_id"] = reader.external_id
    return args


def _integrity(settings: Settings, around: Surroundings, logs: Logs) -> "LogIntegrityRoleArgs":
    wanted = settings.integrity_role
    args: LogIntegrityRoleArgs = {
        "role_name": wanted.role_name,
        "log_bucket_name": log_bucket_name(settings, around.account),
        "log_key_arn": logs.key_arn,
        "trail_arns": logs.trails,
        "member_trail_names": settings.member_trail_names,
    }
    if wanted.oidc is not None:
        args["oidc"] = {
            "provider_arn": wanted.oidc.provider_arn,
            "subjects": wanted.oidc.subjects,
            "audience": wanted.oidc.audience,
        }
    if wanted.trusted_arns or wanted.oidc is None:
        args["trusted_arns"] = wanted.trusted_arns or _everybody_here(around)
    return args


def _everybody_here(around: Surroundings) -> list[str]:
    """The account itself: its IAM policies decide who may."""
    return [root_arn(around.partition, around.account)]
