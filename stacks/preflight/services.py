"""Whether AWS's own security services can be enabled here."""

from collections.abc import Iterator

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.preflight.findings import Finding
from stacks.preflight.trails import CONTROL_TOWER
from stacks.settings import NAMESPACE
from stacks.settings.roles import ManagementSettings, MonitoringSettings


def check_organization_services(
    context: DeploymentContext[MonitoringSettings],
) -> Iterator[Finding]:
    """Services of an organization need one."""
    if context.found_organization is not None:
        return
    wanted = context.settings.security_services
    analyzer = wanted.access_analyzer
    for key, enabled in {
        "config.enabled": wanted.config.enabled,
        "guardDuty.organization": wanted.guard_duty.enabled and wanted.guard_duty.organization,
        "accessAnalyzer.organization": analyzer.enabled and analyzer.organization,
    }.items():
        if enabled:
            yield Finding(
                f"{NAMESPACE}:securityServices.{key} = true works for an organization, and this "
                "stack is for an account without one: set it to false"
            )


def check_control_tower(
    context: DeploymentContext[MonitoringSettings], found: Lookups
) -> Iterator[Finding]:
    """Control Tower manages some of the services itself."""
    trails = [trail.name for trail in found.trails if trail.name.startswith(CONTROL_TOWER)]
    if trails and context.settings.security_services.any:
        yield Finding(
            f"Control Tower is in use (trail {trails[0]}): it manages AWS Config, and may manage "
            f"GuardDuty and Security Hub; leave out of {NAMESPACE}:securityServices what it has",
            fatal=False,
        )


def check_event_data_store(context: DeploymentContext[ManagementSettings]) -> Iterator[Finding]:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake-service-availability-change.html."""
    if context.settings.event_data_store.enabled:
        yield Finding(
            f"{NAMESPACE}:eventDataStore.enabled = true: AWS closed CloudTrail Lake to new "
            "customers on 31 May 2026, and rejects a store in an account that had none before; "
            f"{NAMESPACE}:queries needs no Lake",
            fatal=False,
        )
