"""What an administrator with plain boto3 tries against the logs, and what AWS says to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Attempt:
    """One attack.

    Attributes:
        what: what is tried.
        answer: the error code that AWS answered; empty when it went through.
        expected: whether it had to be refused.
    """

    what: str
    answer: str
    expected: str

    @property
    def as_expected(self) -> bool:
        """Whether it was refused with the code that AWS has for it."""
        return self.answer == self.expected


def attack(security: Mapping[str, Any]) -> list[Attempt]:
    """Try to get rid of the logs and of what protects them.

    Args:
        security: outputs of the security stack.
    """
    session = boto3.Session(profile_name="security")
    s3: Any = session.client("s3")
    organizations: Any = boto3.Session(profile_name="management").client("organizations")
    bucket = security["bucketName"]
    log = {"Bucket": bucket, "Key": f"AWSLogs/{security['organizationId']}/log.json.gz"}
    version = s3.put_object(**log, Body=b"{}")["VersionId"]
    policy = next(
        summary["Id"]
        for summary in organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
        if not summary["AwsManaged"]
    )
    return [
        _try(
            "delete a locked log file for good",
            "AccessDenied",
            lambda: s3.delete_object(**log, VersionId=version),
        ),
        _try(
            "suspend the bucket's versioning",
            "InvalidBucketState",
            lambda: s3.put_bucket_versioning(
                Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}
            ),
        ),
        _try(
            "delete the bucket",
            "BucketNotEmpty",
            lambda: s3.delete_bucket(Bucket=bucket),
        ),
        _try(
            "open the bucket to the public with an ACL",
            "AccessControlListNotSupported",
            lambda: s3.put_bucket_acl(Bucket=bucket, ACL="public-read"),
        ),
        _try(
            "delete the guardrails while they hang",
            "PolicyInUseException",
            lambda: organizations.delete_policy(PolicyId=policy),
        ),
    ]


def _try(what: str, expected: str, call: Callable[[], object]) -> Attempt:
    try:
        call()
    except ClientError as error:
        return Attempt(what, str(error.response["Error"]["Code"]), expected)
    return Attempt(what, "", expected)
