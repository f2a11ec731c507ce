"""Every operation of the table, decided by the documents that are to deny it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from cloudtrail_guard.operations import OPERATIONS, Allowed, Document, Operation, Target
from cloudtrail_guard.policies.document import Statement
from cloudtrail_guard.policies.guardrails import (
    ProtectedResources,
    scp_statements,
)
from cloudtrail_guard.policies.iam_guardrails import (
    IamPolicies,
    boundary_statements,
    iam_statements,
)
from cloudtrail_guard.policies.log_bucket import LogBucketAccess, log_bucket_policy
from cloudtrail_guard.policies.log_key import LogKeyAccess, log_key_policy
from cloudtrail_guard.policies.resource_guardrails import rcp_statements

from sandbox.aws.enforcement.authorization import Policies, Policy, authorize
from sandbox.aws.policy_evaluation import Principal, Request

ACCOUNT, ORGANIZATION, REGION = "111122223333", "o-a1b2c3d4e5", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/Audit"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/AdminRole"
BREAK_GLASS_USER = f"arn:aws:iam::{ACCOUNT}:user/break-glass"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/Deploy"
BACKUP = f"arn:aws:iam::{ACCOUNT}:role/Backup"
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:role/Administrator"
EXEMPT: dict[str, Any] = {
    "break_glass": (BREAK_GLASS, BREAK_GLASS_USER),
    "deployers": (DEPLOYER,),
}
PROTECTED = ProtectedResources(
    bucket="org-logs",
    key_arn=KEY,
    backup_roles=(BACKUP,),
    own_roles=("arn:aws:iam::*:role/cloudtrail-guard*",),
    monitoring=(TOPIC,),
    security_services=True,
    **EXEMPT,
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
    Target.ACCOUNT_MONITORING: "*",
    Target.EXEMPT_ROLE: BREAK_GLASS,
    Target.BREAK_GLASS_SESSION: BREAK_GLASS,
    Target.EXEMPT_USER: BREAK_GLASS_USER,
    Target.IDENTITY_PROVIDER: f"arn:aws:iam::{ACCOUNT}:saml-provider/Company",
    Target.OWN_ROLE: f"arn:aws:iam::{ACCOUNT}:role/cloudtrail-guard-replica",
    Target.IAM_POLICY: OWN_POLICY,
    Target.GUARDED_GROUP: f"arn:aws:iam::{ACCOUNT}:group/Developers",
    Target.IAM_ATTACHMENT: f"arn:aws:iam::{ACCOUNT}:role/Member",
    Target.BOUNDARY: f"arn:aws:iam::{ACCOUNT}:role/Member",
    Target.MEMBERSHIP: f"arn:aws:organizations::{ACCOUNT}:account/{ORGANIZATION}/{ACCOUNT}",
    Target.ORGANIZATION: f"arn:aws:organizations::{ACCOUNT}:root/{ORGANIZATION}/r-1",
    Target.GUARDRAIL_POLICY: (
        f"arn:aws:organizations::{ACCOUNT}:policy/{ORGANIZATION}/service_control_policy/p-1"
    ),
    Target.SECURITY_SERVICES: f"arn:aws:guardduty:{REGION}:{ACCOUNT}:detector/1",
}
"""A resource for each target."""

ALLOW_ALL: Statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
EVERYTHING = Policy(json.dumps({"Version": "2012-10-17", "Statement": [ALLOW_ALL]}))


def text(statements: Sequence[Statement]) -> Policy:
    return Policy(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


SCP = text([ALLOW_ALL, *scp_statements(PROTECTED)])
RCP = text(rcp_statements(PROTECTED, ORGANIZATION))
POLICIES = IamPolicies("guard", "guard-boundary", ("Developers",))
IAM = text([ALLOW_ALL, *iam_statements(PROTECTED, POLICIES)])
BOUNDARY = text([ALLOW_ALL, *boundary_statements(PROTECTED, POLICIES)])
BUCKET = Policy(
    json.dumps(
        log_bucket_policy(
            LogBucketAccess(
                bucket="org-logs",
                account_trails=(TRAIL,),
                organization_id=ORGANIZATION,
                backup_roles=(BACKUP,),
                **EXEMPT,
            )
        )
    )
)
LOG_KEY = Policy(
    json.dumps(log_key_policy(LogKeyAccess(account=ACCOUNT, trails=(TRAIL,), **EXEMPT)))
)


def policies(document: Document | None, boundary: Policy | None = None) -> Policies:
    """All that allows, and this one document or boundary."""
    return Policies(
        service_control=[[SCP if document is Document.SCP else EVERYTHING]],
        resource_control=[RCP] if document is Document.RCP else [],
        identity=[IAM if document is Document.IAM else EVERYTHING],
        boundary=boundary,
        session=None,
        resource=BUCKET
        if document is Document.BUCKET_POLICY
        else LOG_KEY
        if document is Document.KEY_POLICY
        else None,
        elsewhere=False,
        leaves_to_identity=True,
    )


def is_denied(  # noqa: PLR0913 - what may differ between requests
    role: str,
    operation: Operation,
    document: Document | None,
    *,
    boundary: Policy | None = None,
    resource: str = "",
    more: Mapping[str, str] | None = None,
) -> bool:
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
        **(more or {}),
    }
    principal = Principal(account_id=ACCOUNT, arns=(role, session))
    named = resource or RESOURCES[operation.target]
    request = Request(principal, operation.action, named, context)
    refused = authorize(request, policies(document, boundary))
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

    managed = operation.allowed in (Allowed.DEPLOYER, Allowed.BACKUP)
    # Who has the IAM form becomes no exempt role, whomever that role trusts.
    trusted = operation.allowed is Allowed.TRUSTED and document is not Document.IAM

    assert is_denied(ADMINISTRATOR, operation, document) is not trusted
    assert is_denied(DEPLOYER, operation, document) is not managed
    # The IAM form is attached to people, not to the roles of AWS Backup.
    copies = trusted or (operation.allowed is Allowed.BACKUP and document is not Document.IAM)
    assert is_denied(BACKUP, operation, document) is not copies
    assert is_denied(BREAK_GLASS, operation, document) is not passes_break_glass


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if Document.IAM in each.denied_in], ids=str
)
@pytest.mark.parametrize("role", [ADMINISTRATOR, DEPLOYER, BREAK_GLASS])
def test_the_boundary_denies_every_operation_to_those_who_have_it_whoever_they_are(
    role: str, operation: Operation
) -> None:
    assert is_denied(role, operation, None, boundary=BOUNDARY)


DEPLOYERS_OWN = [each for each in OPERATIONS if each.target is Target.EXEMPT_ROLE]


@pytest.mark.parametrize("operation", DEPLOYERS_OWN, ids=str)
@pytest.mark.parametrize("document", [Document.SCP, Document.IAM])
def test_a_deployer_does_not_widen_its_own_role(operation: Operation, document: Document) -> None:
    assert is_denied(DEPLOYER, operation, document, resource=DEPLOYER)
    assert not is_denied(BREAK_GLASS, operation, document, resource=DEPLOYER)


@pytest.mark.parametrize(
    "role",
    [
        "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admins_0123456789abcdef",
        "role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty",
        "role/application",
    ],
)
@pytest.mark.parametrize("document", [Document.SCP, Document.IAM])
def test_roles_of_aws_and_of_others_are_changed_as_before(role: str, document: Document) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:{role}"

    denied = [
        each.action
        for each in DEPLOYERS_OWN
        if is_denied(ADMINISTRATOR, each, document, resource=arn)
    ]

    # The IAM form keeps its policies and its boundary where they are; here the role has both.
    own = ["iam:DeleteRolePermissionsBoundary", "iam:DetachRolePolicy"]
    assert denied == ([] if document is Document.SCP else own)


@pytest.mark.parametrize(
    ("deployers", "who", "denied"),
    [
        ((DEPLOYER,), DEPLOYER, True),
        ((DEPLOYER,), ADMINISTRATOR, False),
        ((DEPLOYER,), BREAK_GLASS, False),
        # One role for both is locked out of nothing.
        ((BREAK_GLASS,), BREAK_GLASS, False),
        ((BREAK_GLASS, DEPLOYER), BREAK_GLASS, False),
        ((BREAK_GLASS, DEPLOYER), DEPLOYER, True),
        ((), DEPLOYER, False),
    ],
)
@pytest.mark.parametrize("document", [Document.SCP, Document.RCP])
def test_a_deployer_does_not_become_break_glass_unless_it_is_that(
    document: Document, deployers: tuple[str, ...], who: str, *, denied: bool
) -> None:
    protected = replace(PROTECTED, deployers=deployers)
    statements = (
        scp_statements(protected)
        if document is Document.SCP
        else rcp_statements(protected, ORGANIZATION)
    )
    request = Request(
        Principal(account_id=ACCOUNT, arns=(who,)),
        "sts:AssumeRole",
        BREAK_GLASS,
        {"aws:PrincipalArn": who, "aws:PrincipalAccount": ACCOUNT},
    )
    allowing = policies(None)
    refused = authorize(
        request,
        replace(allowing, service_control=[[text([ALLOW_ALL, *statements])]])
        if document is Document.SCP
        else replace(allowing, resource_control=[text(statements)]),
    )

    assert (refused is not None and refused.explicit) is denied


KEY_DOCUMENTS = (Document.SCP, Document.RCP, Document.IAM, Document.KEY_POLICY)


@pytest.mark.parametrize(
    ("action", "days", "window", "refused"),
    [
        ("kms:DisableKey", "0", "", True),
        ("kms:DisableKey", "29", "", True),
        ("kms:DisableKey", "30", "", False),
        ("kms:ScheduleKeyDeletion", "29", "30", True),
        ("kms:ScheduleKeyDeletion", "400", "7", True),
        ("kms:ScheduleKeyDeletion", "400", "30", False),
        # Without a window KMS takes 30 days.
        ("kms:ScheduleKeyDeletion", "400", "", False),
        ("kms:ScheduleKeyDeletion", "0", "", True),
    ],
)
@pytest.mark.parametrize("document", KEY_DOCUMENTS)
def test_break_glass_destroys_only_a_key_that_is_out_of_use_and_never_at_once(
    document: Document, action: str, days: str, window: str, *, refused: bool
) -> None:
    operation = next(each for each in OPERATIONS if each.action == action)
    facts = {"kms:TrailingDaysWithoutKeyUsage": days}
    if window:
        facts["kms:ScheduleKeyDeletionPendingWindowInDays"] = window

    assert is_denied(BREAK_GLASS, operation, document, more=facts) is refused


def user_is_denied(action: str, resource: str, **more: str) -> bool:
    """Whether the IAM policies, with all that allows, deny a user of theirs a call."""
    user = f"arn:aws:iam::{ACCOUNT}:user/developers/me"
    context = {"aws:PrincipalArn": user, "aws:PrincipalAccount": ACCOUNT, "aws:username": "me"}
    request = Request(
        Principal(account_id=ACCOUNT, arns=(user,)), action, resource, {**context, **more}
    )
    refused = authorize(request, policies(Document.IAM))
    return refused is not None and refused.explicit


BOUND = {"iam:PermissionsBoundary": f"{OWN_POLICY}-boundary"}


@pytest.mark.parametrize(
    ("action", "resource", "more", "denied"),
    [
        ("iam:CreateRole", "role/mine", {}, True),
        ("iam:CreateRole", "role/mine", BOUND, False),
        ("iam:CreateUser", "user/mine", {"iam:PermissionsBoundary": OWN_POLICY}, True),
        ("iam:UpdateAssumeRolePolicy", "role/Administrator", {}, True),
        ("iam:UpdateAssumeRolePolicy", "role/mine", BOUND, False),
        ("iam:AttachRolePolicy", "role/Administrator", {}, True),
        ("iam:PutRolePolicy", "role/mine", BOUND, False),
        ("iam:DeleteRolePermissionsBoundary", "role/mine", BOUND, True),
        ("iam:DeleteRole", "role/mine", BOUND, False),
        ("iam:CreateAccessKey", "user/Administrator", {}, True),
        ("iam:CreateLoginProfile", "user/staff/Administrator", {}, True),
        ("iam:CreateAccessKey", "user/developers/me", {}, False),
        ("iam:CreateAccessKey", "user/me", {}, False),
        ("iam:CreatePolicy", "policy/mine", {}, False),
        ("iam:DetachUserPolicy", "user/developers/me", {"iam:PolicyARN": OWN_POLICY}, True),
        ("iam:DetachUserPolicy", "user/developers/me", {"iam:PolicyARN": f"{OWN_POLICY}2"}, True),
        ("iam:RemoveUserFromGroup", "group/Developers", {}, True),
        ("iam:RemoveUserFromGroup", "group/Readers", {}, False),
        ("iam:PassRole", "role/cloudtrail-guard-response", {}, True),
        ("iam:PassRole", "role/mine", {}, False),
        ("sts:AssumeRole", "role/Deploy", {}, True),
        ("sts:AssumeRole", "role/AdminRole", {}, True),
        ("sts:AssumeRole", "role/mine", {}, False),
    ],
)
def test_who_has_the_iam_policies_becomes_no_one_who_has_them_not(
    action: str, resource: str, more: dict[str, str], *, denied: bool
) -> None:
    assert user_is_denied(action, f"arn:aws:iam::{ACCOUNT}:{resource}", **more) is denied
