"""Every operation of the table, decided by the documents that are to deny it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from cloudtrail_guard.operations import OPERATIONS, Allowed, Document, Operation, Target
from cloudtrail_guard.policies.document import Statement
from cloudtrail_guard.policies.guardrails import (
    ProtectedResources,
    rcp_statements,
    scp_statements,
)
from cloudtrail_guard.policies.iam_guardrails import IamPolicies, iam_statements
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy

from sandbox.aws.enforcement.authorization import Policies, Policy, authorize
from sandbox.aws.policy_evaluation import Principal, Request

ACCOUNT, ORGANIZATION, REGION = "111122223333", "o-a1b2c3d4e5", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/Audit"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/AdminRole"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/Deploy"
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:role/Administrator"
EXEMPT: dict[str, Any] = {"break_glass": (BREAK_GLASS,), "deployers": (DEPLOYER,)}
PROTECTED = ProtectedResources(
    bucket="org-logs", key_arn=KEY, monitoring=(TOPIC,), security_services=True, **EXEMPT
)
OWN_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/guard"

RESOURCES: Mapping[Target, str] = {
    Target.TRAIL: TRAIL,
    Target.CLOUDTRAIL: f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:eventdatastore/1",
    Target.OBJECTS: "arn:aws:s3:::org-logs/AWSLogs/1/log.json.gz",
    Target.LOG_PREFIX: "arn:aws:s3:::org-logs/AWSLogs/1/log.json.gz",
    Target.REPLICATION: "arn:aws:s3:::org-logs/AWSLogs/1/log.json.gz",
    Target.BUCKET: "arn:aws:s3:::org-logs",
    Target.KEY: KEY,
    Target.MONITORING: TOPIC,
    Target.EXEMPT_ROLE: BREAK_GLASS,
    Target.IAM_POLICY: OWN_POLICY,
    Target.IAM_ATTACHMENT: f"arn:aws:iam::{ACCOUNT}:role/Member",
    Target.BOUNDARY: f"arn:aws:iam::{ACCOUNT}:role/Member",
    Target.MEMBERSHIP: f"arn:aws:organizations::{ACCOUNT}:account/{ORGANIZATION}/{ACCOUNT}",
    Target.ORGANIZATION: f"arn:aws:organizations::{ACCOUNT}:policy/{ORGANIZATION}/p-1",
    Target.SECURITY_SERVICES: f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/1",
}
"""A resource for each target."""

ALLOW_ALL: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
EVERYTHING = Policy(json.dumps({"Version": "2012-10-17", "Statement": [ALLOW_ALL]}))


def text(statements: Sequence[Statement]) -> Policy:
    return Policy(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


SCP = text([ALLOW_ALL, *scp_statements(PROTECTED)])
RCP = text(rcp_statements(PROTECTED, ORGANIZATION))
IAM = text([ALLOW_ALL, *iam_statements(PROTECTED, IamPolicies("guard", "guard-boundary"))])
BUCKET = Policy(
    json.dumps(
        log_bucket_policy(
            LogBucketAccess(
                bucket="org-logs",
                account_trails=(TRAIL,),
                organization_id=ORGANIZATION,
                **EXEMPT,
            )
        )
    )
)
LOG_KEY = Policy(
    json.dumps(log_key_policy(LogKeyAccess(account=ACCOUNT, trails=(TRAIL,), **EXEMPT)))
)


def policies(document: Document) -> Policies:
    """All that allows, and this one document."""
    return Policies(
        service_control=[[SCP if document is Document.SCP else EVERYTHING]],
        resource_control=[RCP] if document is Document.RCP else [],
        identity=[IAM if document is Document.IAM else EVERYTHING],
        boundary=None,
        session=None,
        resource={Document.BUCKET_POLICY: BUCKET, Document.KEY_POLICY: LOG_KEY}.get(document),
        elsewhere=False,
        leaves_to_identity=True,
    )


def is_denied(role: str, operation: Operation, document: Document) -> bool:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/s"
    context = {
        "aws:PrincipalArn": role,
        "aws:PrincipalAccount": ACCOUNT,
        "aws:PrincipalOrgID": ORGANIZATION,
        "aws:PrincipalIsAWSService": "false",
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
        "iam:PolicyARN": OWN_POLICY,
        "iam:PermissionsBoundary": f"{OWN_POLICY}-boundary",
    }
    principal = Principal(account_id=ACCOUNT, arns=(role, session))
    request = Request(principal, operation.action, RESOURCES[operation.target], context)
    refused = authorize(request, policies(document))
    return refused is not None and refused.explicit


DENIALS = [(each, document) for each in OPERATIONS for document in sorted(each.denied_in)]
IDS = [f"{each.action} on {each.target.name}, {document}" for each, document in DENIALS]


@pytest.mark.parametrize(("operation", "document"), DENIALS, ids=IDS)
def test_each_document_denies_the_operation(operation: Operation, document: Document) -> None:
    # A service alone writes logs: SCP and IAM policies do not bind services, and pass break-glass.
    passes_break_glass = operation.allowed is not Allowed.SERVICE or document in (
        Document.SCP,
        Document.IAM,
        Document.RCP,
    )

    assert is_denied(ADMINISTRATOR, operation, document)
    assert is_denied(DEPLOYER, operation, document) is (operation.allowed is not Allowed.DEPLOYER)
    assert is_denied(BREAK_GLASS, operation, document) is not passes_break_glass
