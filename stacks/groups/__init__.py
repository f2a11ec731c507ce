"""The groups of settings that are objects in a stack's config."""

from stacks.groups.base import Group
from stacks.groups.logs import (
    IntegrityRoleSettings,
    LifecycleSettings,
    LogFeedSettings,
    ObjectLockSettings,
    OidcSettings,
    QuerySettings,
    ReaderSettings,
    ReplicaSettings,
)
from stacks.groups.trails import (
    S3_AND_LAMBDA,
    DataEventSettings,
    EventDataStoreSettings,
    GuardrailSettings,
    IamProtectionSettings,
    MemberTrailSettings,
    WorkloadSettings,
)
from stacks.groups.watch import (
    AccessAnalyzerSettings,
    AlarmSettings,
    AlertSettings,
    ConfigRulesSettings,
    GuardDutySettings,
    ResponseSettings,
    SecurityHubSettings,
    SecurityServicesSettings,
)

__all__ = [
    "S3_AND_LAMBDA",
    "AccessAnalyzerSettings",
    "AlarmSettings",
    "AlertSettings",
    "ConfigRulesSettings",
    "DataEventSettings",
    "EventDataStoreSettings",
    "Group",
    "GuardDutySettings",
    "GuardrailSettings",
    "IamProtectionSettings",
    "IntegrityRoleSettings",
    "LifecycleSettings",
    "LogFeedSettings",
    "MemberTrailSettings",
    "ObjectLockSettings",
    "OidcSettings",
    "QuerySettings",
    "ReaderSettings",
    "ReplicaSettings",
    "ResponseSettings",
    "SecurityHubSettings",
    "SecurityServicesSettings",
    "WorkloadSettings",
]
