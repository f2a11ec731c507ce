"""Inputs with which every component can be made, by the names that other languages use."""

from __future__ import annotations

from typing import Any

from tests.support.deployment import ACCOUNT, KEY_ID, MANAGEMENT_ACCOUNT, ORGANIZATION, ROOT

REGION = "eu-west-1"

_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"
_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
_TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/Audit"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/AdminRole"

SAMPLES: dict[str, Any] = {
    "alertKeyArn": _KEY,
    "alertTopicArn": _TOPIC,
    "accessAnalyzer": {},
    "accessLogBucketName": "audit-access-logs",
    "breakGlassRoleArns": [_ROLE],
    "config": {},
    "dataEvents": {"s3": True},
    "digestPrefix": f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/",
    "eventBusArn": f"arn:aws:events:{REGION}:{MANAGEMENT_ACCOUNT}:event-bus/alerts",
    "eventSelectors": "[]",
    "globalAlertTopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts",
    "guardDuty": {"organization": True},
    "groups": ["people"],
    "logBucketName": "audit-logs",
    "logFilePrefix": f"AWSLogs/{ACCOUNT}/CloudTrail/",
    "logKeyArn": _KEY,
    "mfaGroups": ["people"],
    "mfaRoles": ["robot"],
    "mfaUsers": ["person"],
    "organization": True,
    "organizationId": ORGANIZATION,
    "organizationalUnitIds": ["ou-a1b2-c3d4e5f6"],
    "policyIds": ["p-12345678"],
    "readers": [{"roleName": "investigator", "trustedArns": [_ROLE]}],
    "replicaBucketName": "audit-logs-replica",
    "replicaKeyArn": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/{KEY_ID}",
    "replicaRegion": "eu-central-1",
    "replicationRoleArn": f"arn:aws:iam::{MANAGEMENT_ACCOUNT}:role/replication",
    "resourcePolicies": True,
    "resultsBucketName": "audit-results",
    "roles": ["robot"],
    "securityHub": {},
    "senderAccountIds": [MANAGEMENT_ACCOUNT],
    "subscriptions": [{"protocol": "email", "endpoint": "alerts@example.com"}],
    "targetIds": [ROOT],
    "trustedArns": [_ROLE],
    "trailArn": _TRAIL,
    "trailArns": [_TRAIL],
    "trailName": "Audit",
    "users": ["person"],
}
"""A value for every required input of any component, and for each optional one that makes children.

By name alone, since an input of one name means the same in every component."""

APART: dict[str, Any] = {
    "LogBucket.organizationTrailArn": _TRAIL,
}
"""What one component takes otherwise, or besides."""


def sample_inputs(component: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Inputs to make a component with.

    Args:
        component: the component's name.
        schema: its schema.

    Raises:
        LookupError: a required input has no sample.
    """
    inputs: dict[str, Any] = {}
    for name in schema["inputProperties"]:
        if f"{component}.{name}" in APART:
            inputs[name] = APART[f"{component}.{name}"]
        elif name in SAMPLES:
            inputs[name] = SAMPLES[name]
        elif name in schema.get("requiredInputs", []):
            raise LookupError(
                f"{component} requires {name}, of which there is no sample: add one to SAMPLES in "
                "tests/support/samples.py"
            )
    return inputs
