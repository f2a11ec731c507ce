"""The guide's console steps, with plain boto3 calls."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.session import Sandbox

BUCKET = "aws-cloudtrail-logs-youraccount"
TRAIL = "SecurityAuditTrail"


@dataclass(frozen=True)
class ByHand:
    """What the steps made.

    Attributes:
        key: the key's ARN.
        trail: the trail's ARN.
        policies: ids of the two service control policies, by name.
    """

    key: str
    trail: str
    policies: dict[str, str]


def follow_the_guide(sandbox: Sandbox) -> ByHand:
    """Log destination, protection and trail, in the order of the guide's steps."""
    organization = sandbox.organization
    key = _destination(sandbox)
    policies = _guardrails(sandbox)
    cloudtrail: Any = sandbox.session("management").client("cloudtrail")
    trail = cloudtrail.create_trail(
        Name=TRAIL,
        S3BucketName=BUCKET,
        IsMultiRegionTrail=True,
        IsOrganizationTrail=True,
        EnableLogFileValidation=True,
        KmsKeyId=key,
    )
    cloudtrail.start_logging(Name=TRAIL)
    assert organization.management_account_id in trail["TrailARN"]
    return ByHand(key, trail["TrailARN"], policies)


def let_through(sandbox: Sandbox, by_hand: ByHand) -> None:
    """Exempt the security account's deploying role from the guide's policy on the bucket.

    The guide's policy has no exemption: no principal of the account could change the policy.
    """
    organizations: Any = sandbox.session("management").client("organizations")
    policy = by_hand.policies["ProtectCloudTrailBucket"]
    content = json.loads(organizations.describe_policy(PolicyId=policy)["Policy"]["Content"])
    role = sandbox.organization.roles["security"]
    content["Statement"][0]["Condition"] = {"ArnNotLike": {"aws:PrincipalArn": role}}
    organizations.update_policy(PolicyId=policy, Content=json.dumps(content))


def _destination(sandbox: Sandbox) -> str:
    account = sandbox.organization.security_account_id
    session = sandbox.session("security")
    s3: Any = session.client("s3")
    kms: Any = session.client("kms")
    s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    s3.put_object_lock_configuration(
        Bucket=BUCKET,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 365}},
        },
    )
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(_bucket_policy(sandbox)))
    key = kms.create_key(Policy=json.dumps(_key_policy(account)))["KeyMetadata"]["Arn"]
    s3.put_bucket_encryption(
        Bucket=BUCKET,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": key,
                    }
                }
            ]
        },
    )
    return str(key)


def _bucket_policy(sandbox: Sandbox) -> dict[str, Any]:
    account = sandbox.organization.security_account_id
    service = {"Service": "cloudtrail.amazonaws.com"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AWSCloudTrailAclCheck20150319",
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:GetBucketAcl",
                "Resource": f"arn:aws:s3:::{BUCKET}",
            },
            {
                "Sid": "AWSCloudTrailWrite20150319",
                "Effect": "Allow",
                "Principal": service,
                "Action": "s3:PutObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/AWSLogs/*",
                "Condition": {
                    "StringEquals": {
                        "s3:x-amz-acl": "bucket-owner-full-control",
                        "aws:SourceOrgID": sandbox.organization.id,
                    }
                },
            },
            {
                "Sid": "DenyDeleteCloudTrailLogs",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
                "Resource": f"arn:aws:s3:::{BUCKET}/*",
                "Condition": {
                    "StringNotEquals": {
                        "aws:PrincipalArn": f"arn:aws:iam::{account}:role/AdminRole"
                    }
                },
            },
        ],
    }


def _key_policy(account: str) -> dict[str, Any]:
    """What the console writes for a trail's new key, in its essence."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Enable IAM User Permissions",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Sid": "Allow CloudTrail to encrypt logs",
                "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": ["kms:GenerateDataKey*", "kms:DescribeKey"],
                "Resource": "*",
            },
        ],
    }


def _guardrails(sandbox: Sandbox) -> dict[str, str]:
    organizations: Any = sandbox.session("management").client("organizations")
    denied = {
        "ProtectCloudTrail": (
            [
                "cloudtrail:DeleteTrail",
                "cloudtrail:StopLogging",
                "cloudtrail:UpdateTrail",
                "cloudtrail:PutEventSelectors",
            ],
            ["*"],
        ),
        "ProtectCloudTrailBucket": (
            [
                "s3:DeleteObject",
                "s3:DeleteObjectVersion",
                "s3:DeleteBucket",
                "s3:DeleteBucketPolicy",
                "s3:PutBucketPolicy",
            ],
            [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
        ),
    }
    made: dict[str, str] = {}
    for name, (actions, resources) in denied.items():
        statement = {"Sid": name, "Effect": "Deny", "Action": actions, "Resource": resources}
        policy = organizations.create_policy(
            Name=name,
            Description="Made in the console",
            Type="SERVICE_CONTROL_POLICY",
            Content=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )["Policy"]["PolicySummary"]["Id"]
        organizations.attach_policy(PolicyId=policy, TargetId=sandbox.organization.root_id)
        made[name] = policy
    return made
