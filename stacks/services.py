"""AWS's own security services, each only when asked for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pulumi
from cloudtrail_guard import SecurityServices

from stacks.checks import CONTROL_TOWER
from stacks.report import Finding
from stacks.settings import NAMESPACE, Settings
from stacks.surroundings import Surroundings
from stacks.watch import PREFIX

if TYPE_CHECKING:
    from cloudtrail_guard import GuardDutyArgs, SecurityServicesArgs


def security_services(settings: Settings) -> None:
    """Enable what is asked for, if anything."""
    args = _args(settings)
    if args:
        opts = pulumi.ResourceOptions(protect=settings.protect)
        SecurityServices(PREFIX, args, opts=opts)


def check_services(settings: Settings, around: Surroundings) -> list[Finding]:
    """What speaks against enabling it here."""
    return [
        *_alone(settings, around),
        *_landed(settings, around),
        *_closed(settings),
    ]


def _closed(settings: Settings) -> Iterator[Finding]:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-lake-service-availability-change.html."""
    if settings.event_data_store.enabled:
        yield Finding(
            f"{NAMESPACE}:eventDataStore.enabled = true: AWS closed CloudTrail Lake to new "
            "customers on 31 May 2026, and refuses a store in an account that had none before; "
            f"{NAMESPACE}:queries needs no Lake",
            fatal=False,
        )


def _args(settings: Settings) -> "SecurityServicesArgs":
    wanted = settings.security_services
    args: SecurityServicesArgs = {}
    if wanted.config.enabled:
        args["config"] = {
            "rules": wanted.config.rules,
            "excluded_account_ids": wanted.config.excluded_account_ids,
        }
    if wanted.guard_duty.enabled:
        guard_duty: GuardDutyArgs = {
            "organization": wanted.guard_duty.organization,
            "finding_publishing_frequency": wanted.guard_duty.frequency,
        }
        if wanted.guard_duty.detector_id:
            guard_duty["existing_detector_id"] = wanted.guard_duty.detector_id
        args["guard_duty"] = guard_duty
    if wanted.security_hub.enabled:
        args["security_hub"] = {
            "standards": wanted.security_hub.standards,
            "existing_hub": wanted.security_hub.existing,
        }
    if wanted.access_analyzer.enabled:
        args["access_analyzer"] = {"organization": wanted.access_analyzer.organization}
    return args


def _alone(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    if around.found_organization is not None:
        return
    wanted = settings.security_services
    analyzer = wanted.access_analyzer
    for key, asked in {
        "config.enabled": wanted.config.enabled,
        "guardDuty.organization": wanted.guard_duty.enabled and wanted.guard_duty.organization,
        "accessAnalyzer.organization": analyzer.enabled and analyzer.organization,
    }.items():
        if asked:
            yield Finding(
                f"{NAMESPACE}:securityServices.{key} = true works for an organization, and this "
                "stack is for an account without one: set it to false"
            )


def _landed(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    trails = [t.name for t in around.trails or () if t.name.startswith(CONTROL_TOWER)]
    if trails and _args(settings):
        yield Finding(
            f"Control Tower is here (trail {trails[0]}): it manages AWS Config, and may manage "
            f"GuardDuty and Security Hub; leave out of {NAMESPACE}:securityServices what it has",
            fatal=False,
        )
