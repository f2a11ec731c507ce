"""The names of all that a stack creates: each is looked up in AWS before anything is created.

A test holds them to the names that the components give their resources.
"""

from collections.abc import Iterator, Sequence

from cloudtrail_guard.detection.event_patterns import SILENCE
from cloudtrail_guard.detection.event_rules import Watched, Where, tamper_rules
from cloudtrail_guard.detection.metric_filters import ALARMS

from stacks.context import DeploymentContext, break_glass_arns, deployer_arns
from stacks.names import (
    ALARM_LOG_GROUPS,
    ALERT_BUS,
    ARCHIVE,
    LOG_FEED,
    MEMBER_TRAILS,
    ORGANIZATION_TRAIL,
    POLICY_FUNCTION,
    PREFIX,
    TRAIL_FUNCTION,
    global_region,
    log_bucket_name,
    prefix,
    replica_bucket_name,
    response_log_group,
    results_bucket_name,
    trail_log_group,
)
from stacks.planned import Kind, PlannedName
from stacks.settings.roles import (
    ArchiveSettings,
    CommonSettings,
    LogStackSettings,
    LogStorageSettings,
    ManagementSettings,
    MonitoringSettings,
    SecuritySettings,
    StandaloneSettings,
    TrailContentSettings,
    WorkloadSettings,
)
from stacks.watch_names import RuleNames, bus_names, delivery_alarm_names, rule_names


def security_names(context: DeploymentContext[SecuritySettings]) -> list[PlannedName]:
    """The names in a security stack."""
    return [
        *_storage(context, existing_bucket=context.settings.existing_bucket),
        *(_topic(context, context.region, "") if context.settings.tamper_alerts else ()),
        *_watch_of_logs(context, member=True),
        *_log_uses(context),
        *_analyzer(context),
    ]


def management_names(
    context: DeploymentContext[ManagementSettings],
    trail: str,
    policies: Sequence[PlannedName],
    *,
    exempt: Sequence[str],
    forwards: bool,
) -> list[PlannedName]:
    """The names in a management stack.

    Args:
        context: the deployment context.
        trail: the organization trail's name.
        policies: the guardrails, as policies of Organizations and of IAM.
        exempt: ARNs of the roles that the guardrails exempt.
        forwards: whether the security stack has an event bus that tampering is forwarded to.
    """
    region, home = context.region, global_region(context)
    return [
        PlannedName(kind=Kind.TRAIL, name=trail, region=region),
        *_topic(context, region, ""),
        *(_topic(context, home, "-global") if home != region else ()),
        *_alarms(context, ORGANIZATION_TRAIL),
        *_watch_of_organization(context, exempt, forwards=forwards),
        *policies,
        *_response(context),
        *(
            [PlannedName(kind=Kind.STACK_SET, name=MEMBER_TRAILS, region=region)]
            if context.settings.member_trails.organizational_units
            else ()
        ),
        *_analyzer(context),
    ]


def archive_names(context: DeploymentContext[ArchiveSettings]) -> list[PlannedName]:
    """The names in an archive stack."""
    region, name, alias = context.region, log_bucket_name(context), context.settings.key_alias
    return [
        PlannedName(kind=Kind.BUCKET, name=name, region=region, setting="bucketName"),
        PlannedName(kind=Kind.ALIAS, name=alias, region=region, setting="keyAlias"),
        *(_topic(context, region, "") if context.settings.tamper_alerts else ()),
        *_watch_of_logs(context, member=True),
    ]


def workload_names(context: DeploymentContext[WorkloadSettings]) -> list[PlannedName]:
    """The names in a workload stack."""
    wanted, region = context.settings.workload, context.region
    key = "workload.trailName"
    return [
        PlannedName(kind=Kind.TRAIL, name=wanted.trail_name, region=region, setting=key),
        *(_storage(context) if wanted.own_bucket else ()),
    ]


def standalone_names(
    context: DeploymentContext[StandaloneSettings], policies: Sequence[PlannedName]
) -> list[PlannedName]:
    """The names in a standalone stack.

    Args:
        context: the deployment context.
        policies: the guardrails, as policies of IAM.
    """
    name, region = context.settings.trail_name, context.region
    return [
        PlannedName(kind=Kind.TRAIL, name=name, region=region, setting="trailName"),
        *_storage(context),
        *_topic(context, region, ""),
        *_alarms(context, name),
        *_watch_of_logs(context, member=False),
        *_log_uses(context),
        *policies,
        *_analyzer(context),
    ]


def _storage(
    context: DeploymentContext[LogStorageSettings], *, existing_bucket: bool = False
) -> Iterator[PlannedName]:
    settings, region, bucket = context.settings, context.region, log_bucket_name(context)
    if not existing_bucket:
        access = f"{bucket}-access-logs"
        if isinstance(settings, SecuritySettings):
            access = settings.access_log_bucket_name or access
        for key, name in {"bucketName": bucket, "accessLogBucketName": access}.items():
            yield PlannedName(kind=Kind.BUCKET, name=name, region=region, setting=key)
    has_key = isinstance(settings, SecuritySettings) and settings.existing_key_arn
    if not has_key:
        alias = settings.key_alias
        yield PlannedName(kind=Kind.ALIAS, name=alias, region=region, setting="keyAlias")


def _topic(
    context: DeploymentContext[CommonSettings], region: str, suffix: str
) -> Iterator[PlannedName]:
    name = f"{prefix(context)}-alerts"
    yield PlannedName(kind=Kind.TOPIC, name=name, region=region)
    yield PlannedName(kind=Kind.ALIAS, name=f"alias/{name}{suffix}", region=region)


def _watch_of_logs(
    context: DeploymentContext[SecuritySettings]
    | DeploymentContext[ArchiveSettings]
    | DeploymentContext[StandaloneSettings],
    *,
    member: bool,
) -> Iterator[PlannedName]:
    """What watches a bucket with logs; in an organization, its security or archive account."""
    settings, region, home = context.settings, context.region, global_region(context)
    if not settings.tamper_alerts:
        return
    archive = isinstance(settings, ArchiveSettings)
    replica = "" if archive else settings.replica.there
    watched = Watched(
        bucket="later",
        key_arns=["later"],
        member=member,
        names=[PREFIX],
        log_groups=[] if member else [ALARM_LOG_GROUPS],
        role_arns=_own(context, [*break_glass_arns(context), *deployer_arns(context)]),
        break_glass_arns=break_glass_arns(context),
        replica_bucket="later" if replica else None,
        replica_key_arn="later" if replica else None,
        at_home=region == home,
        replica_covered=replica in {region, home},
    )
    names = RuleNames(
        prefix=prefix(context),
        regions={Where.HERE: region, Where.GLOBAL: home, Where.REPLICA: replica or region},
    )
    yield from rule_names(watched, names)
    has_senders = member and not archive
    if has_senders or any(map(names.leaves, tamper_rules(watched))):
        yield from bus_names(ALERT_BUS, region, has_senders=has_senders)
    if not archive:
        yield from delivery_alarm_names(prefix(context), region)


def _own(context: DeploymentContext[CommonSettings], arns: Sequence[str]) -> list[str]:
    """Those of the stack's own account: the events of other accounts' roles come there."""
    return [arn for arn in arns if f"::{context.account}:" in arn]


def _watch_of_organization(
    context: DeploymentContext[ManagementSettings], exempt: Sequence[str], *, forwards: bool
) -> Iterator[PlannedName]:
    if not context.settings.tamper_alerts:
        return
    region, home = context.region, global_region(context)
    watched = Watched(
        key_arns=["later"],
        global_key_arns=[] if region == home else ["later"],
        organization=True,
        names=[PREFIX],
        log_groups=[ALARM_LOG_GROUPS],
        role_arns=_own(context, [context.deployer, *exempt]),
        at_home=region == home,
    )
    names = RuleNames(
        prefix=prefix(context),
        regions={Where.HERE: region, Where.GLOBAL: home},
        has_global_topic=True,
        crosses_accounts=forwards,
    )
    yield from rule_names(watched, names)


def _alarms(context: DeploymentContext[TrailContentSettings], trail: str) -> Iterator[PlannedName]:
    if context.settings.alarms.enabled:
        region = context.region
        yield PlannedName(kind=Kind.LOG_GROUP, name=trail_log_group(trail), region=region)
        for each in (*ALARMS, SILENCE):
            yield PlannedName(kind=Kind.ALARM, name=f"{PREFIX}-{each}", region=region)


def _log_uses(context: DeploymentContext[LogStackSettings]) -> Iterator[PlannedName]:
    settings, region = context.settings, context.region
    if there := settings.replica.region:
        key, name = "replica.bucketName", replica_bucket_name(context)
        yield PlannedName(kind=Kind.BUCKET, name=name, region=there, setting=key)
        yield PlannedName(kind=Kind.ROLE, name=f"{PREFIX}-replica", region=region)
        yield PlannedName(kind=Kind.ALIAS, name=f"alias/{PREFIX}-replica", region=there)
    if settings.replica.archive is not None:
        yield PlannedName(kind=Kind.ROLE, name=ARCHIVE, region=region)
    if settings.queries.enabled:
        key, name = "queries.resultsBucketName", results_bucket_name(context)
        yield PlannedName(kind=Kind.BUCKET, name=name, region=region, setting=key)
        yield PlannedName(kind=Kind.WORKGROUP, name=PREFIX, region=region)
        yield PlannedName(kind=Kind.DATABASE, name=PREFIX.replace("-", "_"), region=region)
    for number, reader in enumerate(settings.readers):
        key = f"readers.{number}.roleName"
        yield PlannedName(kind=Kind.ROLE, name=reader.role_name, region=region, setting=key)
    if settings.integrity_role.enabled:
        key, name = "integrityRole.roleName", settings.integrity_role.role_name
        yield PlannedName(kind=Kind.ROLE, name=name, region=region, setting=key)
    if settings.log_feed.enabled:
        yield PlannedName(kind=Kind.TOPIC, name=LOG_FEED, region=region)
        yield PlannedName(kind=Kind.ALIAS, name=f"alias/{LOG_FEED}", region=region)
        for queue in (LOG_FEED, f"{LOG_FEED}-failures"):
            yield PlannedName(kind=Kind.QUEUE, name=queue, region=region)


def _response(context: DeploymentContext[ManagementSettings]) -> Iterator[PlannedName]:
    """One function has both tasks where the two regions are one."""
    if not context.settings.tamper_response.enabled:
        return
    region, home = context.region, global_region(context)
    services = {TRAIL_FUNCTION: ["cloudtrail"], POLICY_FUNCTION: ["organizations"]}
    if home == region:
        services = {TRAIL_FUNCTION: ["cloudtrail", "organizations"]}
    for function, sources in services.items():
        there = region if function == TRAIL_FUNCTION else home
        named = {
            Kind.FUNCTION: function,
            Kind.QUEUE: f"{function}-failures",
            Kind.LOG_GROUP: response_log_group(function),
        }
        yield PlannedName(kind=Kind.ROLE, name=function, region=region)
        for kind, name in named.items():
            yield PlannedName(kind=kind, name=name, region=there)
        for source in sources:
            yield PlannedName(kind=Kind.RULE, name=f"{function}-{source}", region=there)


def _analyzer(context: DeploymentContext[MonitoringSettings]) -> Iterator[PlannedName]:
    if context.settings.security_services.access_analyzer.enabled:
        yield PlannedName(kind=Kind.ANALYZER, name=PREFIX, region=context.region)
