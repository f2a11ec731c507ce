"""Attacks on trail and logs with plain boto3, and how AWS answers them.

Three principals try: an administrator of the security account, who also forges a log; the
management account's administrator, to whom no service control policy applies; and the break-glass
role.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_POLICY = re.compile(r"explicit deny in an? ([a-z -]+ policy)")
_ADMINISTRATOR = "SomeAdministrator"
_BREAK_GLASS = "AdminRole"
SCP = "service control policy"
RCP = "resource control policy"
ALLOWED = ""


@dataclass(frozen=True)
class Attempt:
    """One attack.

    Attributes:
        who: the principal.
        what: the call.
        denied_by: the kind of policy that denied it, as AWS names it, or another error of AWS;
            empty when it was allowed.
        expected: the expected value of `denied_by`.
    """

    who: str
    what: str
    denied_by: str
    expected: str

    @property
    def as_expected(self) -> bool:
        """Whether it ended as it had to."""
        return self.denied_by == self.expected


def attack(security: Mapping[str, Any], management: Mapping[str, Any]) -> list[Attempt]:
    """Try the most harmful calls, as each kind of principal.

    Args:
        security: outputs of the security stack.
        management: outputs of the management stack.
    """
    home = boto3.Session(profile_name="security")
    # Where no trail writes: below AWSLogs only AWS's services may.
    bucket: Any = home.client("s3")
    logs = [{"Bucket": security["bucketName"], "Key": f"log-{n}.json.gz"} for n in range(2)]
    for log in logs:
        log["VersionId"] = bucket.put_object(**log, Body=b"{}")["VersionId"]
    administrator = _new_administrator(home)
    return [
        *_administrator(administrator, security, management["trailArn"], logs[0]),
        *_manager(boto3.Session(profile_name="management"), management["trailArn"], logs[0]),
        # The profile is the deploying role's, which does not become break-glass.
        *_break_glass(_assume(administrator, _BREAK_GLASS), logs[1]),
    ]


def _administrator(
    session: boto3.Session, security: Mapping[str, Any], trail: str, log: Mapping[str, str]
) -> Iterator[Attempt]:
    """The calls that the guide's policies deny, with every permission that IAM has."""
    who = "an administrator of the security account"
    cloudtrail: Any = session.client("cloudtrail")
    s3: Any = session.client("s3")
    kms: Any = session.client("kms")
    bucket = {"Bucket": security["bucketName"]}
    forged = f"AWSLogs/{security['organizationId']}/forged.json.gz"
    calls: list[tuple[str, str, Callable[[], object]]] = [
        ("stop the trail", SCP, lambda: cloudtrail.stop_logging(Name=trail)),
        ("delete the trail", SCP, lambda: cloudtrail.delete_trail(Name=trail)),
        ("delete a log for good", SCP, lambda: s3.delete_object(**log)),
        (
            "delete it and bypass its lock",
            SCP,
            lambda: s3.delete_object(**log, BypassGovernanceRetention=True),
        ),
        ("delete the bucket", SCP, lambda: s3.delete_bucket(**bucket)),
        (
            "replace the bucket's policy",
            SCP,
            lambda: s3.put_bucket_policy(**bucket, Policy=json.dumps({"Statement": []})),
        ),
        (
            "suspend the bucket's versioning",
            SCP,
            lambda: s3.put_bucket_versioning(
                **bucket, VersioningConfiguration={"Status": "Suspended"}
            ),
        ),
        (
            "schedule the key's deletion",
            SCP,
            lambda: kms.schedule_key_deletion(KeyId=security["keyArn"], PendingWindowInDays=7),
        ),
        (
            "write a forged log file",
            SCP,
            lambda: s3.put_object(**bucket, Key=forged, Body=b"{}"),
        ),
    ]
    for what, expected, call in calls:
        yield _try(who, what, expected, call)


def _manager(session: boto3.Session, trail: str, log: Mapping[str, str]) -> Iterator[Attempt]:
    """Service control policies do not apply here; the bucket is another account's."""
    who = "the management account's administrator"
    cloudtrail: Any = session.client("cloudtrail")
    s3: Any = session.client("s3")
    yield _try(who, "stop the trail", ALLOWED, lambda: cloudtrail.stop_logging(Name=trail))
    cloudtrail.start_logging(Name=trail)
    yield _try(who, "delete a log for good", RCP, lambda: s3.delete_object(**log))
    forged = {"Bucket": log["Bucket"], "Key": "AWSLogs/forged.json.gz", "Body": b"{}"}
    yield _try(who, "write a forged log file", RCP, lambda: s3.put_object(**forged))


def _break_glass(session: boto3.Session, log: Mapping[str, str]) -> Iterator[Attempt]:
    s3: Any = session.client("s3")
    yield _try(
        "the break-glass role",
        "delete a log and bypass its lock",
        ALLOWED,
        lambda: s3.delete_object(**log, BypassGovernanceRetention=True),
    )


def _new_administrator(home: boto3.Session) -> boto3.Session:
    """A new administrator of the account, who is not exempt."""
    iam: Any = home.client("iam")
    account = home.client("sts").get_caller_identity()["Account"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": account}}
    iam.create_role(
        RoleName=_ADMINISTRATOR,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    iam.attach_role_policy(
        RoleName=_ADMINISTRATOR, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    return _assume(home, _ADMINISTRATOR)


def _assume(home: boto3.Session, role: str) -> boto3.Session:
    sts: Any = home.client("sts")
    account = sts.get_caller_identity()["Account"]
    key = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{role}", RoleSessionName="attack")[
        "Credentials"
    ]
    return boto3.Session(
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
        region_name=home.region_name,
    )


def _try(who: str, what: str, expected: str, call: Callable[[], object]) -> Attempt:
    try:
        call()
    except ClientError as error:
        text = error.response["Error"]["Message"]
        named = _POLICY.search(text)
        return Attempt(who, what, named[1] if named else str(error), expected)
    return Attempt(who, what, ALLOWED, expected)
