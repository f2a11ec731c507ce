"""The uses of the logs: a replica, a query layer, reader roles, and a feed for a SIEM."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import (
    LogBucketReplica,
    LogIntegrityRole,
    LogNotifications,
    LogQueries,
    LogReaders,
    LogReplication,
)
from cloudtrail_guard.arns import role_arn, root_arn

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns
from stacks.names import (
    ARCHIVE,
    GUARDRAILS,
    LOG_FEED,
    PREFIX,
    log_bucket_name,
    replica_bucket_name,
    results_bucket_name,
    trail_log_group,
)
from stacks.outputs import Outputs
from stacks.settings.logs import ArchiveReference, ReaderSettings
from stacks.settings.roles import CommonSettings, LogStackSettings

if TYPE_CHECKING:
    from cloudtrail_guard import (
        LogBucketReplicaArgs,
        LogIntegrityRoleArgs,
        LogQueriesArgs,
        LogReaderArgs,
        LogReadersArgs,
        LogReplicationArgs,
        QueryAccessArgs,
    )


@dataclass(frozen=True)
class Logs:
    """The logs in their bucket, and who writes them.

    Attributes:
        bucket: the bucket's name, known once it is secured.
        key_arn: ARN of the key that encrypts them.
        trails: ARNs of the trails that write them.
        member_trail_names: names of trails with which any account of the organization writes.
        organization: id of the organization whose trail writes them, if there is one.
    """

    bucket: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    trails: Sequence[str]
    member_trail_names: Sequence[str] = ()
    organization: str | None = None


@dataclass(frozen=True)
class Uses:
    """What is made of the logs.

    Attributes:
        outputs: the stack's outputs about it.
        receivers: what S3 hands each new log to, once: a log that was there before never gets
            there, so they are made before the stack's own trail.
    """

    outputs: Outputs
    receivers: Sequence[pulumi.Resource]


def use_logs(context: DeploymentContext[LogStackSettings], logs: Logs) -> Uses:
    """Create the uses that the settings ask for."""
    settings, opts = context.settings, context.resource_options
    outputs: Outputs = {}
    receivers: list[pulumi.Resource] = []
    if settings.replica.region:
        replica = LogBucketReplica(f"{PREFIX}-replica", _replica(context, logs))
        receivers.append(replica)
        outputs |= {
            "replicaBucketName": replica.replica_bucket_name,
            "replicaKeyArn": replica.replica_key_arn,
        }
    if (archive := settings.replica.archive) is not None:
        receivers.append(LogReplication(ARCHIVE, _replication(context, logs, archive)))
        outputs |= {
            "replicaBucketName": archive.bucket_name,
            "replicaKeyArn": archive.key_arn,
            "replicaBreakGlassRoleArns": archive.break_glass_role_arns,
            "replicaDeployerRoleArns": archive.deployer_role_arns,
        }
    queries: LogQueries | None = None
    if settings.queries.enabled:
        queries = LogQueries(PREFIX, _queries(context, logs), opts=opts)
        outputs |= {
            "queryWorkgroup": queries.workgroup_name,
            "queryDatabase": queries.database_name,
            "queryResultsKeyArn": queries.results_key_arn,
        }
    if settings.readers:
        readers = LogReaders(PREFIX, _readers(context, logs, queries), opts=opts)
        outputs["readerRoleArns"] = readers.role_arns
    if settings.integrity_role.enabled:
        role = LogIntegrityRole(f"{PREFIX}-integrity", _integrity(context, logs), opts=opts)
        outputs["integrityRoleArn"] = role.role_arn
    if settings.log_feed.enabled:
        feed = LogNotifications(
            LOG_FEED,
            {
                "log_bucket_name": logs.bucket,
                "consumer_arns": settings.log_feed.consumer_arns,
                "raw_messages": settings.log_feed.raw_messages,
                "event_bridge": bool(settings.backup_role_arns),
                "break_glass_role_arns": break_glass_arns(context),
                "deployer_role_arns": deployer_arns(context),
                "account_id": context.account,
            },
            opts=opts,
        )
        receivers.append(feed)
        outputs |= {
            "logFeedQueueUrl": feed.queue_url,
            "logFeedQueueArn": feed.queue_arn,
            "logFeedKeyArn": feed.feed_key_arn,
        }
    return Uses(outputs, receivers)


def named_role_arns(context: DeploymentContext[LogStackSettings]) -> list[str]:
    """ARNs of the roles whose names are settings: readers, and the integrity job's."""
    settings = context.settings
    names = [reader.role_name for reader in settings.readers]
    if settings.integrity_role.enabled:
        names.append(settings.integrity_role.role_name)
    return [role_arn(context.partition, context.account, name) for name in names]


def further_keys(uses: Outputs) -> list[pulumi.Input[str]]:
    """The ARNs of the keys of the uses that are in the stack's own region."""
    return [uses[key] for key in ("queryResultsKeyArn", "logFeedKeyArn") if key in uses]


def replica(uses: Outputs) -> tuple[pulumi.Input[str], pulumi.Input[str]] | None:
    """The replica's name and the ARN of its key, if there is one."""
    if "replicaBucketName" not in uses:
        return None
    return uses["replicaBucketName"], uses["replicaKeyArn"]


def _replica(context: DeploymentContext[LogStackSettings], logs: Logs) -> "LogBucketReplicaArgs":
    settings = context.settings
    args: LogBucketReplicaArgs = {
        "log_bucket_name": logs.bucket,
        "log_key_arn": logs.key_arn,
        "replica_bucket_name": replica_bucket_name(context),
        "replica_region": settings.replica.region,
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "object_lock": settings.object_lock.args(),
        "lifecycle": settings.lifecycle.args(),
        "replication_time_control": settings.replica.time_control,
        "account_id": context.account,
        "protect": settings.protect,
    }
    if logs.organization is not None:
        args["organization_id"] = logs.organization
    return args


def _replication(
    context: DeploymentContext[LogStackSettings], logs: Logs, archive: ArchiveReference
) -> "LogReplicationArgs":
    return {
        "log_bucket_name": logs.bucket,
        "log_key_arn": logs.key_arn,
        "replica_bucket_name": archive.bucket_name,
        "replica_key_arn": archive.key_arn,
        "replication_time_control": context.settings.replica.time_control,
        "account_id": context.account,
        "protect": context.settings.protect,
    }


def _queries(context: DeploymentContext[LogStackSettings], logs: Logs) -> "LogQueriesArgs":
    wanted = context.settings.queries
    args: LogQueriesArgs = {
        # As set, not as an output: the table is then known in a preview.
        "log_bucket_name": log_bucket_name(context),
        "log_key_arn": logs.key_arn,
        "results_bucket_name": results_bucket_name(context),
        "account_ids": wanted.account_ids,
        "max_scanned_gib": wanted.max_scanned_gib,
        "expire_results_after_days": wanted.expire_results_after_days,
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "watch_names": [PREFIX, trail_log_group("")],
        "guardrail_names": [PREFIX, GUARDRAILS],
    }
    if wanted.regions:
        args["regions"] = wanted.regions
    if logs.organization is not None:
        args["organization_id"] = logs.organization
    return args


def _readers(
    context: DeploymentContext[LogStackSettings], logs: Logs, queries: LogQueries | None
) -> "LogReadersArgs":
    args: LogReadersArgs = {
        "log_bucket_name": log_bucket_name(context),
        "log_key_arn": logs.key_arn,
        "trail_arns": logs.trails,
        "member_trail_names": logs.member_trail_names,
        "readers": [_reader(reader, context) for reader in context.settings.readers],
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


def _reader(reader: ReaderSettings, context: DeploymentContext[CommonSettings]) -> "LogReaderArgs":
    args: LogReaderArgs = {
        "role_name": reader.role_name,
        "trusted_arns": reader.trusted_arns or _own_account(context),
        "require_mfa": reader.require_mfa,
        "may_query": reader.may_query,
    }
    if reader.external_id is not None:
        args["external_id"] = reader.external_id
    return args


def _integrity(context: DeploymentContext[LogStackSettings], logs: Logs) -> "LogIntegrityRoleArgs":
    wanted = context.settings.integrity_role
    args: LogIntegrityRoleArgs = {
        "role_name": wanted.role_name,
        "log_bucket_name": log_bucket_name(context),
        "log_key_arn": logs.key_arn,
        "trail_arns": logs.trails,
        "member_trail_names": logs.member_trail_names,
    }
    if wanted.oidc is not None:
        args["oidc"] = {
            "provider_arn": wanted.oidc.provider_arn,
            "subjects": wanted.oidc.subjects,
            "audience": wanted.oidc.audience,
        }
    if wanted.trusted_arns or wanted.oidc is None:
        args["trusted_arns"] = wanted.trusted_arns or _own_account(context)
    return args


def _own_account(context: DeploymentContext[CommonSettings]) -> list[str]:
    """The account itself: its IAM policies decide who may."""
    return [root_arn(context.partition, context.account)]
