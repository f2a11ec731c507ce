"""The buckets of access logs and of query results are evidence: who may delete and change it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Target, actions_on
from cloudtrail_guard.policies.evidence import (
    EvidenceBucket,
    access_log_bucket_policy,
    results_bucket_policy,
)

from sandbox.aws.policy_evaluation import Principal, Request
from sandbox.tests.effects import Effect, decide

ACCOUNT = "111122223333"
BUCKET = "arn:aws:s3:::evidence"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/AdminRole"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/Deploy"
READER = f"arn:aws:iam::{ACCOUNT}:role/Reader"
EVIDENCE = EvidenceBucket(
    partition="aws", bucket="evidence", break_glass=(BREAK_GLASS,), deployers=(DEPLOYER,)
)


def access_logs(evidence: EvidenceBucket = EVIDENCE) -> Mapping[str, Any]:
    policy = access_log_bucket_policy(evidence, source_bucket="org-logs", account=ACCOUNT)
    return json.loads(json.dumps(policy))


def results(evidence: EvidenceBucket = EVIDENCE) -> Mapping[str, Any]:
    return json.loads(json.dumps(results_bucket_policy(evidence)))


def decision(policy: Mapping[str, Any], role: str, action: str, resource: str) -> Effect:
    context = {
        "aws:PrincipalArn": role,
        "aws:PrincipalIsAWSService": "false",
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
    }
    return decide(policy, Request(Principal(ACCOUNT, (role,)), action, resource, context))


ON_OBJECTS = [*actions_on(Target.OBJECTS), *actions_on(Target.REPLICATION)]
both = pytest.mark.parametrize("policy", [access_logs(), results()], ids=["access", "results"])


@both
@pytest.mark.parametrize("action", ON_OBJECTS)
def test_break_glass_alone_deletes_or_changes_evidence(
    policy: Mapping[str, Any], action: str
) -> None:
    decided = [decision(policy, r, action, f"{BUCKET}/x") for r in (READER, DEPLOYER, BREAK_GLASS)]

    assert decided == [Effect.DENY, Effect.DENY, Effect.NONE]


@both
@pytest.mark.parametrize("action", actions_on(Target.BUCKET))
def test_deployers_change_the_bucket_besides(policy: Mapping[str, Any], action: str) -> None:
    decided = [decision(policy, role, action, BUCKET) for role in (READER, DEPLOYER, BREAK_GLASS)]

    assert decided == [Effect.DENY, Effect.NONE, Effect.NONE]


@pytest.mark.parametrize("role", [READER, DEPLOYER, BREAK_GLASS])
def test_people_write_results_and_no_access_logs(role: str) -> None:
    assert decision(results(), role, "s3:PutObject", f"{BUCKET}/x") is Effect.NONE
    assert decision(access_logs(), role, "s3:PutObject", f"{BUCKET}/x") is Effect.DENY


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        ({}, Effect.ALLOW),
        ({"aws:SourceArn": "arn:aws:s3:::other"}, Effect.NONE),
        ({"aws:SourceAccount": "999988887777"}, Effect.NONE),
        ({"aws:SecureTransport": "false"}, Effect.DENY),
    ],
)
def test_s3_writes_access_logs_of_the_log_bucket_alone(
    change: dict[str, str], effect: Effect
) -> None:
    context = {
        "aws:PrincipalIsAWSService": "true",
        "aws:SourceArn": "arn:aws:s3:::org-logs",
        "aws:SourceAccount": ACCOUNT,
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
        **change,
    }
    s3 = Principal(service="logging.s3.amazonaws.com")
    request = Request(s3, "s3:PutObject", f"{BUCKET}/access/1", context)

    assert decide(access_logs(), request) is effect


@pytest.mark.parametrize("make", [access_logs, results])
def test_without_break_glass_roles_only_insecure_transport_is_denied(make: Any) -> None:
    policy = make(replace(EVIDENCE, break_glass=(), deployers=()))

    denied = [each["Sid"] for each in policy["Statement"] if each["Effect"] == "Deny"]
    assert denied == ["DenyInsecureTransport", "DenyOutdatedTransport"]


@pytest.mark.parametrize("make", [access_logs, results])
def test_a_pattern_is_no_exempt_role(make: Any) -> None:
    with pytest.raises(InvalidValueError, match="without wildcards"):
        make(replace(EVIDENCE, break_glass=("arn:aws:iam::111122223333:role/*",)))
