"""AWS's own security services, each only if enabled."""

from typing import TYPE_CHECKING

from cloudtrail_guard import SecurityServices

from stacks.context import DeploymentContext
from stacks.names import PREFIX
from stacks.outputs import Outputs
from stacks.settings.roles import MonitoringSettings
from stacks.settings.services import SecurityServicesSettings

if TYPE_CHECKING:
    from cloudtrail_guard import GuardDutyArgs, SecurityServicesArgs


def security_services(context: DeploymentContext[MonitoringSettings]) -> Outputs:
    """Enable the services that the settings ask for, if any; the outputs are by account."""
    wanted = context.settings.security_services
    if not wanted.any:
        return {}
    services = SecurityServices(PREFIX, _args(wanted), opts=context.resource_options)
    outputs: Outputs = {}
    if wanted.guard_duty.enabled:
        outputs["guardDutyDetectorId"] = {context.account: services.detector_id}
    if wanted.security_hub.enabled:
        outputs["securityHubStandardArns"] = {context.account: services.standards_arns}
    return outputs


def _args(wanted: SecurityServicesSettings) -> "SecurityServicesArgs":
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
