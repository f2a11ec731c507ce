"""The archive stack: a replica of the logs, in an account of its own."""

from functools import partial

from cloudtrail_guard import LogArchive, LogArchiveArgs
from cloudtrail_guard.arns import role_arn
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.policies.replica import replica_bucket_policy

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns, resolve
from stacks.monitoring import Monitored, alert_bus, alert_topics, tamper_alerts
from stacks.names import ARCHIVE, alert_bus_arn, global_region, log_bucket_name
from stacks.outputs import Outputs
from stacks.planned_documents import PlannedDocument
from stacks.preflight.run import preflight_archive
from stacks.settings.roles import ArchiveSettings


def deploy(settings: ArchiveSettings) -> Outputs:
    """Deploy the replica, before the log bucket's stack replicates to it."""
    context = resolve(settings)
    preflight_archive(context, [planned_policy(context)])
    archive = LogArchive("logs", _archive(context))
    if settings.tamper_alerts:
        _watch(context, archive)
    return {
        "accountId": context.account,
        "bucketArn": archive.replica_bucket_arn,
        # What replica.archive is set to, in the log bucket's stack.
        "archive": {
            "bucketName": archive.replica_bucket_name,
            "keyArn": archive.replica_key_arn,
            "breakGlassRoleArns": break_glass_arns(context),
            "deployerRoleArns": deployer_arns(context),
        },
    }


def planned_policy(context: DeploymentContext[ArchiveSettings]) -> PlannedDocument[Document]:
    """The policy of the replica: it is as long as the lists of exempt roles make it."""
    break_glass, deployers = break_glass_arns(context), deployer_arns(context)
    guard = BucketGuard(
        partition=context.partition,
        bucket=log_bucket_name(context),
        organization_id=context.organization.id,
        break_glass=tuple(break_glass),
        deployers=tuple(deployers),
    )
    return PlannedDocument(
        lists={"breakGlassRoles": break_glass, "deployerRoleArns": deployers},
        write=partial(
            replica_bucket_policy,
            guard,
            account=context.account,
            replication_role=_replication_role(context),
        ),
    )


def _replication_role(context: DeploymentContext[ArchiveSettings]) -> str:
    """ARN of the role that the log bucket's stack makes, under this name."""
    return role_arn(context.partition, context.settings.source_account_id, ARCHIVE)


def _archive(context: DeploymentContext[ArchiveSettings]) -> LogArchiveArgs:
    settings = context.settings
    return {
        "replica_bucket_name": log_bucket_name(context),
        "replication_role_arn": _replication_role(context),
        "organization_id": context.organization.id,
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "object_lock": settings.object_lock.args(),
        "lifecycle": settings.lifecycle.args(),
        "alias": settings.key_alias,
        "account_id": context.account,
        "protect": settings.protect,
    }


def _watch(context: DeploymentContext[ArchiveSettings], archive: LogArchive) -> None:
    """Watch the replica here: what its own account's principals do is not seen elsewhere."""
    exempt, deployers = break_glass_arns(context), deployer_arns(context)
    topics = alert_topics(context, break_glass=exempt, deployers=deployers)
    elsewhere = global_region(context) != context.region
    buses = [alert_bus(context, topics.here)] if elsewhere else []
    monitored = Monitored(
        bucket=archive.replica_bucket_name,
        key_arns=[archive.replica_key_arn],
        member=True,
        exempt_roles=[*exempt, *deployers],
        break_glass=exempt,
        bus=alert_bus_arn(context) if elsewhere else None,
    )
    tamper_alerts(context, topics, monitored, after=buses)
