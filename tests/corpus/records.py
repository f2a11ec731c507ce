"""CloudTrail records in values of our own: AWS's example account ids, and no one's names.

Fields: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

Record = dict[str, Any]

SECURITY, MANAGEMENT, MEMBER = "111122223333", "444455556666", "777788889999"
ACCOUNTS = (SECURITY, MANAGEMENT, MEMBER)
STRANGER = "123456789012"
"""An account that is not of the organization."""
ORGANIZATION = "o-a1b2c3d4e5"
REGION, GLOBAL_REGION = "eu-west-1", "us-east-1"
BUCKET = "org-logs"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:{REGION}:{SECURITY}:key/{KEY_ID}"
TRAIL_NAME = "SecurityAuditTrail"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/{TRAIL_NAME}"
BREAK_GLASS_USER = f"arn:aws:iam::{SECURITY}:user/break-glass"
BREAK_GLASS = f"arn:aws:iam::{SECURITY}:role/AdminRole"
EMERGENCY_ROLES = (
    f"arn:aws:iam::{SECURITY}:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Emergency_*"
)
"""The roles of a permission set that is exempt, too."""
EMERGENCY = EMERGENCY_ROLES.replace("*/", "eu-west-1/").replace("_*", "_0123456789abcdef")
DEPLOYER = f"arn:aws:iam::{SECURITY}:role/Deploy"
ADDRESS = "192.0.2.10"
TIME = "%Y-%m-%dT%H:%M:%SZ"

_NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def user(account: str, name: str, *, key: str = "AKIAIOSFODNN7EXAMPLE") -> Record:
    """An IAM user as ``userIdentity``.

    Source of all of these: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    return {
        "type": "IAMUser",
        "principalId": f"AIDAEXAMPLE{name.upper()}",
        "arn": f"arn:aws:iam::{account}:user/{name}",
        "accountId": account,
        "accessKeyId": key,
        "userName": name,
    }


def session(role: str, name: str, *, key: str = "ASIAIOSFODNN7EXAMPLE") -> Record:
    """A session of a role, which is given by its ARN."""
    account, role_name = role.split(":")[4], role.rpartition("/")[2]
    return {
        "type": "AssumedRole",
        "principalId": f"AROAEXAMPLE{role_name.upper()}:{name}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role_name}/{name}",
        "accountId": account,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": f"AROAEXAMPLE{role_name.upper()}",
                "arn": role,
                "accountId": account,
                "userName": role_name,
            },
            "attributes": {"creationDate": "2026-11-30T08:00:00Z", "mfaAuthenticated": "false"},
        },
    }


def root(account: str, **more: str) -> Record:
    """The root user of an account."""
    return {
        "type": "Root",
        "principalId": account,
        "arn": f"arn:aws:iam::{account}:root",
        "accountId": account,
        **more,
    }


def of_account(account: str, principal: str) -> Record:
    """A principal of another account, as the owner's copy of a record has it: without its ARN."""
    return {"type": "AWSAccount", "principalId": principal, "accountId": account}


def service(name: str) -> Record:
    """An AWS service."""
    return {"type": "AWSService", "invokedBy": name}


def record(  # noqa: PLR0913 - the fields of a record
    source: str,
    event: str,
    *,
    identity: Mapping[str, Any],
    at: datetime,
    account: str = SECURITY,
    region: str = REGION,
    parameters: Mapping[str, Any] | None = None,
    resources: Sequence[Mapping[str, str]] = (),
    category: str = "Management",
    **fields: Any,
) -> Record:
    """A record.

    Args:
        source: the service's part of ``eventSource``.
        event: ``eventName``.
        identity: ``userIdentity``.
        at: ``eventTime``.
        account: ``recipientAccountId``.
        region: ``awsRegion``.
        parameters: ``requestParameters``.
        resources: ``resources``.
        category: ``eventCategory``.
        fields: further fields, such as ``errorCode``; they replace the others.
    """
    what = (source, event, account, region, parameters, identity, fields, f"{at:{TIME}}")
    made: Record = {
        "eventVersion": "1.11",
        "userIdentity": dict(identity),
        "eventTime": f"{at:{TIME}}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": event,
        "awsRegion": region,
        "sourceIPAddress": ADDRESS,
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": None if parameters is None else dict(parameters),
        "responseElements": None,
        "requestID": str(uuid5(_NAMESPACE, f"request {what}")),
        "eventID": str(uuid5(_NAMESPACE, f"event {what}")),
        "readOnly": event.startswith(("Get", "List", "Describe", "AssumeRole", "Decrypt", "Head")),
        "eventType": "AwsApiCall",
        "managementEvent": category == "Management",
        "recipientAccountId": account,
        "eventCategory": category,
    }
    if resources:
        made["resources"] = [dict(each) for each in resources]
    return made | fields


def refused(identity: Mapping[str, Any], action: str, resource: str) -> dict[str, Any]:
    """The fields of a call that was refused.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    return {
        "errorCode": "AccessDenied",
        "errorMessage": (
            f"User: {identity['arn']} is not authorized to perform: {action} on resource: "
            f"{resource} with an explicit deny in a service control policy"
        ),
    }
