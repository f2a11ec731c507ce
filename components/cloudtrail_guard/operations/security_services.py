"""Config, GuardDuty, Security Hub and Access Analyzer.

Most of them have an older and a newer name for one call (master and administrator) or two
generations (Security Hub CSPM and Security Hub V2); both are here.
"""

from cloudtrail_guard.operations.model import Allowed, Harm, Operation, Target, entries


def _service(name: str, harms: dict[Harm, str]) -> tuple[Operation, ...]:
    return tuple(entries(name, Target.SECURITY_SERVICES, Allowed.DEPLOYER, harms))


_CONFIG = _service(
    "config",
    {
        Harm.STOP: (
            "DeleteConfigurationRecorder DeleteServiceLinkedConfigurationRecorder "
            "StopConfigurationRecorder"
        ),
        Harm.BLIND: (
            "DeleteOrganizationConfigRule DeleteOrganizationConformancePack "
            "DisassociateResourceTypes PutConfigurationRecorder"
        ),
        Harm.REDIRECT: "DeleteDeliveryChannel PutDeliveryChannel",
        Harm.SHRINK: "PutRetentionConfiguration",
    },
)

_GUARD_DUTY = _service(
    "guardduty",
    {
        Harm.STOP: (
            "DeleteDetector DeleteMembers DisableOrganizationAdminAccount "
            "DisassociateFromAdministratorAccount DisassociateFromMasterAccount "
            "DisassociateMembers StopMonitoringMembers"
        ),
        Harm.BLIND: (
            "CreateIPSet CreateTrustedEntitySet UpdateDetector UpdateIPSet "
            "UpdateMemberDetectors UpdateOrganizationConfiguration "
            "UpdateTrustedEntitySet"
        ),
        Harm.SILENCE: "ArchiveFindings CreateFilter UpdateFilter",
        Harm.REDIRECT: "DeletePublishingDestination UpdatePublishingDestination",
    },
)

_SECURITY_HUB = _service(
    "securityhub",
    {
        Harm.STOP: (
            "DeleteMembers DisableOrganizationAdminAccount DisableSecurityHub "
            "DisableSecurityHubFeatureV2 DisableSecurityHubV2 "
            "DisassociateFromAdministratorAccount DisassociateFromMasterAccount "
            "DisassociateMembers"
        ),
        Harm.BLIND: (
            "BatchDisableStandards BatchUpdateStandardsControlAssociations "
            "DisableImportFindingsForProduct StartConfigurationPolicyDisassociation "
            "UpdateConfigurationPolicy UpdateOrganizationConfiguration "
            "UpdateSecurityHubConfiguration UpdateStandardsControl"
        ),
        Harm.SILENCE: (
            "BatchUpdateAutomationRules CreateAutomationRule CreateAutomationRuleV2 "
            "UpdateAutomationRuleV2"
        ),
        Harm.REDIRECT: "DeleteAggregatorV2 DeleteFindingAggregator UpdateFindingAggregator",
    },
)

_ACCESS_ANALYZER = _service(
    "access-analyzer",
    {
        Harm.STOP: "DeleteAnalyzer",
        Harm.BLIND: "UpdateAnalyzer",
        Harm.SILENCE: "ApplyArchiveRule CreateArchiveRule UpdateArchiveRule",
    },
)

SECURITY_SERVICES = (*_CONFIG, *_GUARD_DUTY, *_SECURITY_HUB, *_ACCESS_ANALYZER)
