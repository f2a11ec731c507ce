"""Records of shapes that no operation of the table has: sign-ins, service events, copies.

Each with what sees it, as `tests.corpus.coverage` names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.corpus.records import (
    BREAK_GLASS,
    BUCKET,
    GLOBAL_REGION,
    KEY,
    MANAGEMENT,
    MEMBER,
    REGION,
    SECURITY,
    STRANGER,
    of_account,
    record,
    refused,
    root,
    session,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.corpus.records import Record

_AT = datetime.now(UTC) - timedelta(hours=2)
_ADMINISTRATOR = session(f"arn:aws:iam::{MANAGEMENT}:role/Administrator", "session")
_ROOT_SESSION = {
    **root(SECURITY),
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
    "sessionContext": {
        "attributes": {"creationDate": "2026-11-30T08:00:00Z", "mfaAuthenticated": "false"},
        "assumedRoot": "true",
    },
}
_ANOTHER_REGION = "ap-southeast-2"


@dataclass(frozen=True)
class Shape:
    """A record, and the names of what sees it.

    Attributes:
        record: the record.
        detail_type: that of its event.
        rules: the event rules of its account and region.
        alarms: the alarms of the organization's trail.
        queries: the named queries whose answers have its id.
    """

    record: Record
    detail_type: str
    rules: frozenset[str] = frozenset()
    alarms: frozenset[str] = frozenset()
    queries: frozenset[str] = frozenset()


API_CALL = "AWS API Call via CloudTrail"
SIGN_IN = "AWS Console Signin via CloudTrail"
SERVICE_EVENT = "AWS Service Event via CloudTrail"
NETWORK_ACTIVITY = "AWS Network Activity Event via CloudTrail"


def _sign_in(data: Mapping[str, str], **identity: str) -> Record:
    """Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html"""
    return record(
        "signin",
        "ConsoleLogin",
        at=_AT,
        identity=root(MEMBER, **identity),
        account=MEMBER,
        region=GLOBAL_REGION,
        responseElements={"ConsoleLogin": "Success"},
        additionalEventData={"LoginTo": "https://console.aws.amazon.com", **data},
        eventType="AwsConsoleSignIn",
    )


def _shape(made: Record, kind: str, rules: str, alarms: str, queries: str) -> Shape:
    return Shape(made, kind, *(frozenset(each.split()) for each in (rules, alarms, queries)))


SHAPES: Mapping[str, Shape] = {
    "root signs in with MFA": _shape(
        _sign_in({"MFAUsed": "YES"}), SIGN_IN, "", "RootUsage", "root-use"
    ),
    "root signs in, recorded with invokedBy": _shape(
        _sign_in({"MFAUsed": "Yes"}, invokedBy="signin.amazonaws.com"),
        SIGN_IN,
        "",
        "RootSignIns",
        "root-use",
    ),
    "root signs in, recorded without MFAUsed": _shape(
        _sign_in({}),
        SIGN_IN,
        "",
        "RootUsage SignInsWithoutMfaRecord",
        "root-use console-logins-without-mfa",
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html
    "a root session is started": _shape(
        record(
            "sts",
            "AssumeRoot",
            at=_AT,
            identity=_ADMINISTRATOR,
            account=MANAGEMENT,
            parameters={
                "targetPrincipal": SECURITY,
                "taskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy"},
            },
        ),
        API_CALL,
        "root",
        "RootSessions",
        "root-use",
    ),
    "a root session is started in a region without rules": _shape(
        record(
            "sts",
            "AssumeRoot",
            at=_AT,
            identity=_ADMINISTRATOR,
            account=MANAGEMENT,
            region=_ANOTHER_REGION,
            parameters={"targetPrincipal": SECURITY},
        ),
        API_CALL,
        "",
        "RootSessions",
        "root-use",
    ),
    "a root session deletes the log bucket's policy": _shape(
        record(
            "s3",
            "DeleteBucketPolicy",
            at=_AT,
            identity=_ROOT_SESSION,
            parameters={"bucketName": BUCKET},
        ),
        API_CALL,
        "bucket root",
        "BucketPolicyChanges RootSessions RootUsage",
        "changes-of-bucket-or-key root-use",
    ),
    "the root user makes itself a key, in the region of IAM": _shape(
        record("iam", "CreateAccessKey", at=_AT, identity=root(SECURITY), region=GLOBAL_REGION),
        API_CALL,
        "root-global",
        "RootUsage",
        "root-use",
    ),
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
    "an account departs": _shape(
        record(
            "organizations",
            "AccountDepartedOrganization",
            at=_AT,
            identity={"accountId": MANAGEMENT, "invokedBy": "organizations.amazonaws.com"},
            account=MANAGEMENT,
            region=GLOBAL_REGION,
            eventType="AwsServiceEvent",
            serviceEventDetails={"departureMethod": "LEFT"},
        ),
        SERVICE_EVENT,
        "organization",
        "Departures",
        "who-stopped-logging",
    ),
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
    "an endpoint refuses to disable the key": _shape(
        record(
            "kms",
            "DisableKey",
            at=_AT,
            identity=session(f"arn:aws:iam::{SECURITY}:role/Administrator", "session"),
            resources=[{"accountId": SECURITY, "type": "AWS::KMS::Key", "ARN": KEY}],
            category="NetworkActivity",
            eventType="AwsVpceEvent",
            errorCode="VpceAccessDenied",
            errorMessage="The request was denied due to a VPC endpoint policy",
        ),
        NETWORK_ACTIVITY,
        "endpoints",
        "EndpointDenials KeyDisabledOrDeleted",
        "changes-of-bucket-or-key",
    ),
    "break-glass is assumed from another account": _shape(
        record(
            "sts",
            "AssumeRole",
            at=_AT,
            identity=of_account(STRANGER, "AIDAEXAMPLESTRANGER"),
            parameters={"roleArn": BREAK_GLASS, "roleSessionName": "session"},
        ),
        API_CALL,
        "break-glass",
        "BreakGlassUse",
        "use-of-break-glass",
    ),
    "break-glass reads in a region without rules": _shape(
        record(
            "ec2",
            "DescribeInstances",
            at=_AT,
            identity=session(BREAK_GLASS, "session"),
            region=_ANOTHER_REGION,
        ),
        API_CALL,
        "",
        "BreakGlassUse",
        "use-of-break-glass",
    ),
    "the role that forwards is broken": _shape(
        record(
            "iam",
            "DeleteRolePolicy",
            at=_AT,
            identity=_ADMINISTRATOR,
            account=MANAGEMENT,
            region=GLOBAL_REGION,
            parameters={"roleName": "cloudtrail-guard-forward", "policyName": "forward"},
        ),
        API_CALL,
        "identity",
        "IamPolicyChanges",
        "changes-of-who-is-exempt",
    ),
    "the default event bus gets a key": _shape(
        record(
            "events",
            "UpdateEventBus",
            at=_AT,
            identity=_ADMINISTRATOR,
            account=MANAGEMENT,
            parameters={"name": "default", "kmsKeyIdentifier": "alias/own"},
        ),
        API_CALL,
        "rules watch",
        "",
        "who-silenced-the-watch",
    ),
    "a key for the default event bus is refused": _shape(
        record(
            "events",
            "UpdateEventBus",
            at=_AT,
            identity=_ADMINISTRATOR,
            account=MANAGEMENT,
            **refused(
                _ADMINISTRATOR,
                "events:UpdateEventBus",
                f"arn:aws:events:{REGION}:{MANAGEMENT}:event-bus/default",
            ),
        ),
        API_CALL,
        "rules watch",
        "UnauthorizedApiCalls",
        "who-silenced-the-watch",
    ),
}
"""Shapes by what happened."""
