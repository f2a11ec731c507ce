"""Calls as the event records that CloudTrail delivers.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.operations import is_modeled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.aws.call import Call, Reply
    from sandbox.aws.identity import Caller

TIME = "%Y-%m-%dT%H:%M:%SZ"
GLOBAL_SERVICES = ("iam", "organizations", "sts")
"""Services whose events are of us-east-1 wherever they are called
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html). STS is for
its global endpoint; the sandbox has no other."""

_READS = re.compile(
    r"^(BatchGet|Decrypt|Describe|Encrypt|GenerateDataKey|Get|Head|List|Lookup|ReEncrypt|Search"
    r"|Select|Verify|AssumeRole)"
)
_DATA_OPERATIONS = {
    *("DeleteObjects", "HeadBucket", "ListMultipartUploads"),
    *("ListObjects", "ListObjectsV2", "ListObjectVersions"),
}
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
_EVENT_NAMES = {
    "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
    "GetBucketLifecycleConfiguration": "GetBucketLifecycle",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "ListObjectsV2": "ListObjects",
    "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
"""Names of events that are not those of S3's operations."""

_LAMBDA_NAMES = {
    "AddPermission": "AddPermission20150331v2",
    "CreateFunction": "CreateFunction20150331",
    "DeleteFunction": "DeleteFunction20150331",
    "PutFunctionConcurrency": "PutFunctionConcurrency20171031",
    "RemovePermission": "RemovePermission20150331v2",
    "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
    "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
}
"""Names of Lambda's events, with the date of the API's version
(https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html)."""

_S3_NAMES = {"Bucket": "bucketName", "Key": "key", "VersionId": "versionId"}
_DEPARTURES = {"RemoveAccountFromOrganization": "REMOVED"}
"""How accounts can leave here: LeaveOrganization is not emulated."""

_CODE = re.compile(rb'"__type": ?"([^"]+)"|<Code>([^<]+)</Code>')
_MESSAGE = re.compile(rb'"[Mm]essage": ?"((?:[^"\\]|\\.)*)"|<Message>([^<]+)</Message>')


def record(call: Call, reply: Reply, at: datetime) -> dict[str, Any] | None:
    """The event record of an answered call; None for what CloudTrail does not record.

    Args:
        call: a call that its caller signed.
        reply: what the caller got.
        at: when CloudTrail recorded it.
    """
    if call.caller is None or not is_modeled(call.service, call.action):
        return None
    resources = _resources(call)
    category = "Data" if resources else "Management"
    resources = resources or _keys(call)
    made = {
        "eventVersion": "1.11",
        "userIdentity": _identity(call.caller, call.access_key or ""),
        "eventTime": f"{at:{TIME}}",
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": _event_name(call),
        "awsRegion": "us-east-1" if call.service in GLOBAL_SERVICES else call.region,
        "sourceIPAddress": str(call.environ.get("REMOTE_ADDR", "127.0.0.1")),
        "userAgent": f"[{call.header('user-agent')}]",
        "requestParameters": _parameters(call) or None,
        "responseElements": None,
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": _READS.match(call.action) is not None,
        "resources": resources,
        "eventType": "AwsApiCall",
        "managementEvent": category == "Management",
        "recipientAccountId": call.caller.account_id,
        "eventCategory": category,
    }
    if not resources:
        del made["resources"]
    return made if reply.ok else made | _error(reply)


def recipients(call: Call, reply: Reply) -> set[str]:
    """The accounts in which a call is recorded: the caller's, and those of its resources.

    KMS records what it refuses to another account in the caller's alone
    (https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html).
    """
    if call.service == "kms" and not reply.ok:
        return {call.signer.account_id}
    return {call.signer.account_id, *call.owners}


def service_events(call: Call, reply: Reply, at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events that a service makes because of a call, each with the account that gets it.

    An account that is removed is reported to the management account; which fields there are
    besides ``departureMethod`` is not known
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html).
    """
    method = _DEPARTURES.get(call.action) if call.service == "organizations" else None
    organization = lookups.organization_of(call.signer.account_id)
    if method is None or not reply.ok or organization is None:
        return
    yield (
        organization.account_id,
        {
            "eventVersion": "1.11",
            "userIdentity": {
                "accountId": organization.account_id,
                "invokedBy": "organizations.amazonaws.com",
            },
            "eventTime": f"{at:{TIME}}",
            "eventSource": "organizations.amazonaws.com",
            "eventName": "AccountDepartedOrganization",
            "awsRegion": "us-east-1",
            "sourceIPAddress": "organizations.amazonaws.com",
            "userAgent": "organizations.amazonaws.com",
            "requestParameters": None,
            "responseElements": None,
            "eventID": str(uuid.uuid4()),
            "readOnly": False,
            "eventType": "AwsServiceEvent",
            "managementEvent": True,
            "recipientAccountId": organization.account_id,
            "serviceEventDetails": {"departureMethod": method},
            "eventCategory": "Management",
        },
    )


def _event_name(call: Call) -> str:
    names = _LAMBDA_NAMES if call.service == "lambda" else _EVENT_NAMES
    return names.get(call.action, call.action)


def _keys(call: Call) -> list[dict[str, str]]:
    """The keys that a call of KMS names, which CloudTrail adds by ARN."""
    if call.service != "kms":
        return []
    named = [call.text(name) for name in ("KeyId", "TargetKeyId", "AliasName") if call.text(name)]
    found = [
        lookups.key(each, account_id=call.signer.account_id, region=call.region) for each in named
    ]
    return [
        {"accountId": key.account_id, "type": "AWS::KMS::Key", "ARN": key.arn}
        for key in found
        if key is not None
    ]


def _error(reply: Reply) -> dict[str, str]:
    found = {"errorCode": _CODE.search(reply.body), "errorMessage": _MESSAGE.search(reply.body)}
    return {
        name: (match[1] or match[2]).decode(errors="replace")
        for name, match in found.items()
        if match
    }


def _identity(caller: Caller, access_key: str) -> dict[str, Any]:
    """Who called.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    identity: dict[str, Any] = {
        "type": "IAMUser",
        "principalId": caller.user_id,
        "arn": caller.arn,
        "accountId": caller.account_id,
        "accessKeyId": access_key,
    }
    mfa = {"mfaAuthenticated": str(caller.mfa_at is not None).lower()}
    name = caller.principal_arn.rpartition("/")[2]
    if caller.is_root:
        return identity | {"type": "Root"}
    if caller.arn == caller.principal_arn:
        session = {"sessionContext": {"attributes": mfa}} if caller.temporary else {}
        return identity | {"userName": name} | session
    issuer = {
        "type": "Role",
        "principalId": caller.user_id.partition(":")[0],
        "arn": caller.principal_arn,
        "accountId": caller.account_id,
        "userName": name,
    }
    context = {"sessionIssuer": issuer, "attributes": mfa}
    return identity | {"type": "AssumedRole", "sessionContext": context}


def _resources(call: Call) -> list[dict[str, str]]:
    """The resources of a data event: an object of S3, or the objects of a bucket."""
    bucket, key = call.labels.get("Bucket", ""), call.labels.get("Key", "")
    if call.service != "s3" or not (key or call.action in _DATA_OPERATIONS):
        return []
    arn = f"arn:{call.partition}:s3:::{bucket}"
    return [
        {"type": "AWS::S3::Object", "ARN": f"{arn}/{key}"},
        {"type": "AWS::S3::Bucket", "ARN": arn},
    ]


def _parameters(call: Call) -> dict[str, Any]:
    """The parameters without contents and secrets, named as CloudTrail names them."""
    shape: Any = call.operation.input_shape
    if shape is None:
        return {}
    payload = shape.serialization.get("payload")
    return {
        _S3_NAMES.get(name, name[:1].lower() + name[1:]): _plain(value)
        for name, value in call.params.items()
        if name in shape.members
        and value is not None
        and not (name == payload and shape.members[name].type_name == "blob")
        and not shape.members[name].metadata.get("sensitive")
    }


def _plain(value: object) -> object:
    """A value that JSON can hold."""
    if isinstance(value, Mapping):
        return {str(name)[:1].lower() + str(name)[1:]: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=UTC):{TIME}}"
    if isinstance(value, bytes):
        return "HIDDEN_DUE_TO_SECURITY_REASONS"
    return value
