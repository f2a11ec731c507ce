"""The security stack: key and log bucket, in the audit or log-archive account."""

import pulumi
from cloudtrail_guard import LogBucket, LogBucketArgs, LogEncryptionKey, LogEncryptionKeyArgs
from cloudtrail_guard.arns import trail_arn

from stacks.checks import break_glass_arns, check_security, deployer_arns
from stacks.groups import LifecycleSettings
from stacks.logs import Logs, check_logs, use_logs
from stacks.outputs import Outputs
from stacks.report import report
from stacks.services import check_services, security_services
from stacks.settings import Settings, log_bucket_name
from stacks.surroundings import Surroundings, discover
from stacks.watch import Watched, alert_topics, tamper_alerts


def deploy(settings: Settings) -> Outputs:
    """Deploy the stack; its outputs are what the management stack reads."""
    around = discover(settings)
    report(
        [
            *check_security(settings, around),
            *check_logs(settings, around),
            *check_services(settings, around),
        ]
    )
    trail = trail_arn(
        around.partition,
        settings.trail_region or around.region,
        around.organization.management_account,
        settings.trail_name,
    )
    key = LogEncryptionKey("logs", _key(settings, around, trail))
    bucket = LogBucket("logs", _bucket(settings, around, trail, key.log_key_arn))
    if settings.tamper_alerts:
        opts = pulumi.ResourceOptions(protect=settings.protect)
        topics = alert_topics(settings, around, opts)
        watched = Watched(bucket=bucket.log_bucket_name, key_arn=key.log_key_arn)
        tamper_alerts(settings, topics, watched, opts)
    security_services(settings)
    logs = Logs(
        bucket=bucket.log_bucket_name,
        key_arn=key.log_key_arn,
        trails=[trail, *settings.account_trail_arns],
        organization=around.organization.id,
    )
    return {
        **use_logs(settings, around, logs),
        "accountId": around.account,
        "organizationId": around.organization.id,
        "bucketName": bucket.log_bucket_name,
        "bucketArn": bucket.log_bucket_arn,
        "accessLogBucketName": bucket.access_log_bucket_name,
        "keyArn": key.log_key_arn,
        "trailName": settings.trail_name,
        "trailArn": trail,
        "accountTrailArns": settings.account_trail_arns,
        "memberTrailNames": settings.member_trail_names,
        "breakGlassRoleArns": break_glass_arns(settings, around),
        "deployerRoleArns": deployer_arns(settings, around),
    }


def _key(settings: Settings, around: Surroundings, trail: str) -> LogEncryptionKeyArgs:
    args: LogEncryptionKeyArgs = {
        "account_id": around.account,
        "trail_arns": [trail, *settings.account_trail_arns],
        "member_trail_names": settings.member_trail_names,
        "organization_id": around.organization.id,
        "break_glass_role_arns": break_glass_arns(settings, around),
        "deployer_role_arns": deployer_arns(settings, around),
        "reader_arns": settings.reader_arns,
        "alias": settings.key_alias,
        "protect": settings.protect,
    }
    if settings.existing_key_arn:
        args["existing_key_arn"] = settings.existing_key_arn
        args["manage_existing_policy"] = settings.manage_existing_key_policy
    return args


def _bucket(
    settings: Settings, around: Surroundings, trail: str, key_arn: pulumi.Input[str]
) -> LogBucketArgs:
    args: LogBucketArgs = {
        "log_bucket_name": log_bucket_name(settings, around.account),
        "log_key_arn": key_arn,
        "organization_trail_arn": trail,
        "account_trail_arns": settings.account_trail_arns,
        "member_trail_names": settings.member_trail_names,
        "organization_id": around.organization.id,
        "require_source_org_id": settings.require_source_org_id,
        "break_glass_role_arns": break_glass_arns(settings, around),
        "deployer_role_arns": deployer_arns(settings, around),
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
