"""Pulumi components for an AWS CloudTrail that is set up, encrypted, locked and protected."""

from cloudtrail_guard.access_log_bucket import AccessLogBucket, AccessLogBucketArgs
from cloudtrail_guard.alert_bus import AlertBus, AlertBusArgs
from cloudtrail_guard.alert_topic import AlertTopic, AlertTopicArgs, SubscriptionArgs
from cloudtrail_guard.delivery_alarms import DeliveryAlarms, DeliveryAlarmsArgs
from cloudtrail_guard.event_data_store import EventDataStore, EventDataStoreArgs
from cloudtrail_guard.guardrails import Guardrails, GuardrailsArgs
from cloudtrail_guard.iam_protection import IamProtection, IamProtectionArgs
from cloudtrail_guard.inputs.choices import (
    ConfigRule,
    FindingFrequency,
    InsightType,
    ObjectLockMode,
    ReadWriteType,
    SecurityStandard,
    SubscriptionProtocol,
)
from cloudtrail_guard.inputs.retention import LifecycleArgs, ObjectLockArgs
from cloudtrail_guard.inputs.values import ArgumentError
from cloudtrail_guard.log_archive import LogArchive, LogArchiveArgs
from cloudtrail_guard.log_bucket import LogBucket, LogBucketArgs
from cloudtrail_guard.log_bucket_replica import LogBucketReplica, LogBucketReplicaArgs
from cloudtrail_guard.log_encryption_key import LogEncryptionKey, LogEncryptionKeyArgs
from cloudtrail_guard.log_integrity_role import (
    LogIntegrityRole,
    LogIntegrityRoleArgs,
    OidcTrustArgs,
)
from cloudtrail_guard.log_notifications import LogNotifications, LogNotificationsArgs
from cloudtrail_guard.log_queries import LogQueries, LogQueriesArgs
from cloudtrail_guard.log_readers import (
    LogReaderArgs,
    LogReaders,
    LogReadersArgs,
    QueryAccessArgs,
)
from cloudtrail_guard.log_replication import LogReplication, LogReplicationArgs
from cloudtrail_guard.member_trails import MemberTrails, MemberTrailsArgs
from cloudtrail_guard.security_services import (
    AccessAnalyzerArgs,
    ConfigRulesArgs,
    GuardDutyArgs,
    SecurityHubArgs,
    SecurityServices,
    SecurityServicesArgs,
)
from cloudtrail_guard.tamper_alerts import TamperAlerts, TamperAlertsArgs
from cloudtrail_guard.tamper_response import (
    TamperResponse,
    TamperResponseArgs,
)
from cloudtrail_guard.trail import DataEventsArgs, Trail, TrailArgs
from cloudtrail_guard.trail_alarms import AlarmThresholdArgs, TrailAlarms, TrailAlarmsArgs

__all__ = [
    "AccessAnalyzerArgs",
    "AccessLogBucket",
    "AccessLogBucketArgs",
    "AlarmThresholdArgs",
    "AlertBus",
    "AlertBusArgs",
    "AlertTopic",
    "AlertTopicArgs",
    "ArgumentError",
    "ConfigRule",
    "ConfigRulesArgs",
    "DataEventsArgs",
    "DeliveryAlarms",
    "DeliveryAlarmsArgs",
    "EventDataStore",
    "EventDataStoreArgs",
    "FindingFrequency",
    "GuardDutyArgs",
    "Guardrails",
    "GuardrailsArgs",
    "IamProtection",
    "IamProtectionArgs",
    "InsightType",
    "LifecycleArgs",
    "LogArchive",
    "LogArchiveArgs",
    "LogBucket",
    "LogBucketArgs",
    "LogBucketReplica",
    "LogBucketReplicaArgs",
    "LogEncryptionKey",
    "LogEncryptionKeyArgs",
    "LogIntegrityRole",
    "LogIntegrityRoleArgs",
    "LogNotifications",
    "LogNotificationsArgs",
    "LogQueries",
    "LogQueriesArgs",
    "LogReaderArgs",
    "LogReaders",
    "LogReadersArgs",
    "LogReplication",
    "LogReplicationArgs",
    "MemberTrails",
    "MemberTrailsArgs",
    "ObjectLockArgs",
    "ObjectLockMode",
    "OidcTrustArgs",
    "QueryAccessArgs",
    "ReadWriteType",
    "SecurityHubArgs",
    "SecurityServices",
    "SecurityServicesArgs",
    "SecurityStandard",
    "SubscriptionArgs",
    "SubscriptionProtocol",
    "TamperAlerts",
    "TamperAlertsArgs",
    "TamperResponse",
    "TamperResponseArgs",
    "Trail",
    "TrailAlarms",
    "TrailAlarmsArgs",
    "TrailArgs",
]
