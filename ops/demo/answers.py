"""What AWS itself answers about what was deployed, read with plain boto3."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Answer:
    """One thing that AWS says.

    Attributes:
        of: the resource.
        what: the setting.
        value: its value, for people.
    """

    of: str
    what: str
    value: str


def ask(security: Mapping[str, Any], management: Mapping[str, Any]) -> list[Answer]:
    """Read everything back.

    Args:
        security: outputs of the security stack.
        management: outputs of the management stack.
    """
    return [
        *_trail(management["trailArn"]),
        *_bucket(security["bucketName"]),
        *_key(security["keyArn"]),
        *_guardrails(),
    ]


def _trail(arn: str) -> list[Answer]:
    cloudtrail = _client("management", "cloudtrail")
    trail = cloudtrail.get_trail(Name=arn)["Trail"]
    status = cloudtrail.get_trail_status(Name=arn)
    selectors = cloudtrail.get_event_selectors(TrailName=arn)
    of = f"trail {trail['Name']}"
    return [
        Answer(of, "is logging", _yes(status["IsLogging"])),
        Answer(of, "whole organization", _yes(trail["IsOrganizationTrail"])),
        Answer(of, "every region", _yes(trail["IsMultiRegionTrail"])),
        Answer(of, "global services", _yes(trail["IncludeGlobalServiceEvents"])),
        Answer(of, "log file validation", _yes(trail["LogFileValidationEnabled"])),
        Answer(of, "encrypted with", trail["KmsKeyId"]),
        Answer(of, "logs go to", trail["S3BucketName"]),
        Answer(of, "records", _list(s["Name"] for s in selectors["AdvancedEventSelectors"])),
    ]


def _bucket(bucket: str) -> list[Answer]:
    s3 = _client("security", "s3")
    of = f"bucket {bucket}"
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
    default = encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]
    access = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    owner = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    logging = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    period = f"{retention['Days']} days" if "Days" in retention else f"{retention['Years']} years"
    return [
        Answer(of, "versioning", s3.get_bucket_versioning(Bucket=bucket)["Status"]),
        Answer(of, "object lock", f"{retention['Mode']}, {period}"),
        Answer(of, "encryption", f"{default['SSEAlgorithm']} with {default['KMSMasterKeyID']}"),
        Answer(of, "public access blocked", _yes(all(access.values()))),
        Answer(of, "ownership", owner["Rules"][0]["ObjectOwnership"]),
        Answer(of, "access logs go to", logging["TargetBucket"]),
        Answer(of, "policy statements", _sids(policy)),
    ]


def _key(arn: str) -> list[Answer]:
    kms = _client("security", "kms")
    policy = json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"])
    metadata = kms.describe_key(KeyId=arn)["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"]
    of = f"key {metadata['KeyId']}"
    return [
        Answer(of, "enabled", _yes(metadata["Enabled"])),
        Answer(of, "rotation", _yes(rotation)),
        Answer(of, "policy statements", _sids(policy)),
    ]


def _guardrails() -> list[Answer]:
    organizations = _client("management", "organizations")
    answers: list[Answer] = []
    for summary in organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]:
        if summary["AwsManaged"]:
            continue
        content = organizations.describe_policy(PolicyId=summary["Id"])["Policy"]["Content"]
        targets = organizations.list_targets_for_policy(PolicyId=summary["Id"])["Targets"]
        of = f"SCP {summary['Name']}"
        answers += [
            Answer(of, "statements", _sids(json.loads(content))),
            Answer(of, "size", f"{len(content):,} characters"),
            Answer(of, "attached to", _list(f"{t['Type']} {t['TargetId']}" for t in targets)),
        ]
    return answers


def _client(profile: str, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    return boto3.Session(profile_name=profile).client(service)


def _yes(value: object) -> str:
    return "yes" if value else "NO"


def _list(values: Any) -> str:  # noqa: ANN401 - anything iterable
    return ", ".join(values)


def _sids(policy: Mapping[str, Any]) -> str:
    return _list(str(statement["Sid"]) for statement in policy["Statement"])
