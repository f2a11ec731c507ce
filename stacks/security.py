"""The security stack: key and log bucket, in the audit or log-archive account."""

from cloudtrail_guard import LogBucket, LogBucketArgs, LogEncryptionKey, LogEncryptionKeyArgs
from cloudtrail_guard.arns import trail_arn
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX
from pulumi import Input

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns, resolve
from stacks.logs import Logs, further_keys, named_role_arns, replica, use_logs
from stacks.monitoring import (
    Monitored,
    alert_bus,
    alert_topics,
    delivery_alarms,
    tamper_alerts,
)
from stacks.names import alert_bus_arn, log_bucket_name
from stacks.outputs import Outputs
from stacks.planned_documents import (
    PlannedDocument,
    planned_key,
    storage_documents,
    use_documents,
)
from stacks.preflight.run import preflight_security
from stacks.services import security_services
from stacks.settings.logs import LifecycleSettings
from stacks.settings.roles import SecuritySettings


def deploy(settings: SecuritySettings) -> Outputs:
    """Deploy the stack; its outputs are what the management stack reads."""
    context = resolve(settings)
    preflight_security(context, planned_documents(context))
    organization, trail = context.organization, _trail(context)
    key = LogEncryptionKey("logs", _key(context))
    bucket = LogBucket("logs", _bucket(context, key.log_key_arn))
    services = security_services(context)
    logs = Logs(
        bucket=bucket.log_bucket_name,
        key_arn=key.log_key_arn,
        trails=[trail, *settings.account_trail_arns],
        member_trail_names=settings.member_trail_names,
        organization=organization.id,
    )
    outputs = services | use_logs(context, logs).outputs
    if settings.tamper_alerts:
        outputs |= _watch(context, logs, outputs)
    return {
        **outputs,
        "accountId": context.account,
        "organizationId": organization.id,
        "bucketName": bucket.log_bucket_name,
        "bucketArn": bucket.log_bucket_arn,
        "accessLogBucketName": bucket.access_log_bucket_name,
        "keyArn": key.log_key_arn,
        "trailName": settings.trail_name,
        "trailArn": trail,
        "accountTrailArns": settings.account_trail_arns,
        "memberTrailNames": settings.member_trail_names,
        "breakGlassRoleArns": break_glass_arns(context),
        "deployerRoleArns": deployer_arns(context),
        "backupRoleArns": settings.backup_role_arns,
        "ownRoleArns": named_role_arns(context),
        "readerArns": settings.reader_arns,
    }


def planned_documents(
    context: DeploymentContext[SecuritySettings],
) -> list[PlannedDocument[object]]:
    """The documents of the stack."""
    bucket = _bucket(context, planned_key(context))
    return [*storage_documents(_key(context), bucket), *use_documents(context)]


def _trail(context: DeploymentContext[SecuritySettings]) -> str:
    """ARN of the organization's trail, which the management stack makes."""
    settings = context.settings
    return trail_arn(
        context.partition,
        settings.trail_region or context.region,
        context.organization.management_account,
        settings.trail_name,
    )


def _watch(context: DeploymentContext[SecuritySettings], logs: Logs, uses: Outputs) -> Outputs:
    """Watch the logs here, and take in what the management account sees; the outputs of it."""
    organization = context.organization
    topics = alert_topics(
        context, break_glass=break_glass_arns(context), deployers=deployer_arns(context)
    )
    bus = alert_bus(context, topics.here, [organization.management_account])
    monitored = Monitored(
        bucket=logs.bucket,
        key_arns=[logs.key_arn, *further_keys(uses)],
        member=True,
        exempt_roles=[*break_glass_arns(context), *deployer_arns(context)],
        break_glass=break_glass_arns(context),
        replica=replica(uses),
        bus=alert_bus_arn(context),
    )
    tamper_alerts(context, topics, monitored, after=[bus])
    # The management account has events every hour: EventBridge assumes its forwarding role.
    prefix = f"{LOG_PREFIX}/{organization.id}/{organization.management_account}"
    delivery_alarms(context, topics.here, logs.bucket, prefix)
    return {"alertKeyArn": topics.here.alert_key_arn, "alertBusArn": bus.event_bus_arn}


def _key(context: DeploymentContext[SecuritySettings]) -> LogEncryptionKeyArgs:
    settings = context.settings
    args: LogEncryptionKeyArgs = {
        "account_id": context.account,
        "trail_arns": [_trail(context), *settings.account_trail_arns],
        "member_trail_names": settings.member_trail_names,
        "organization_id": context.organization.id,
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "reader_arns": settings.reader_arns,
        "alias": settings.key_alias,
        "protect": settings.protect,
    }
    if settings.existing_key_arn:
        args["existing_key_arn"] = settings.existing_key_arn
        args["manage_existing_policy"] = settings.manage_existing_key_policy
    return args


def _bucket(context: DeploymentContext[SecuritySettings], key_arn: Input[str]) -> LogBucketArgs:
    settings = context.settings
    args: LogBucketArgs = {
        "log_bucket_name": log_bucket_name(context),
        "log_key_arn": key_arn,
        "organization_trail_arn": _trail(context),
        "account_trail_arns": settings.account_trail_arns,
        "member_trail_names": settings.member_trail_names,
        "organization_id": context.organization.id,
        "require_source_org_id": settings.require_source_org_id,
        "break_glass_role_arns": break_glass_arns(context),
        "deployer_role_arns": deployer_arns(context),
        "backup_role_arns": settings.backup_role_arns,
        "reader_arns": settings.reader_arns,
        "object_lock": settings.object_lock.args(),
        "existing_bucket": settings.existing_bucket,
        "protect": settings.protect,
    }
    # An existing bucket keeps the lifecycle it has, unless the settings ask for another one.
    if not settings.existing_bucket or settings.lifecycle != LifecycleSettings():
        args["lifecycle"] = settings.lifecycle.args()
    if settings.access_log_bucket_name:
        args["access_log_bucket_name"] = settings.access_log_bucket_name
    return args
