"""What Pulumi has no function for, asked of AWS with boto3 as the stack's provider would."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import boto3
import pulumi
from botocore.exceptions import BotoCoreError, ClientError

MOST_TRAILS = 5
"""Trails in a region (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html)."""


class LiveError(Exception):
    """AWS did not answer."""


@dataclass(frozen=True, kw_only=True)
class LiveTrail:
    """A trail that is there already.

    Attributes:
        arn: its ARN.
        organization: whether it is an organization trail.
    """

    arn: str
    organization: bool

    @property
    def name(self) -> str:
        """Its name."""
        return self.arn.rsplit("/", maxsplit=1)[-1]

    @property
    def account(self) -> str:
        """The account that it belongs to."""
        return self.arn.split(":")[4]


@dataclass(frozen=True, kw_only=True)
class LiveBucket:
    """A bucket that is there already.

    Attributes:
        replication_rules: ids of its replication rules.
        notifications: ids of its event notifications.
    """

    replication_rules: tuple[str, ...]
    notifications: tuple[str, ...]


def list_trails(region: str) -> tuple[LiveTrail, ...]:
    """The trails that count in a region: its own, and those of all regions.

    Raises:
        LiveError: AWS refused, or there are no credentials.
    """
    try:
        listed = _client("cloudtrail", region).describe_trails(includeShadowTrails=True)
    except (BotoCoreError, ClientError) as error:
        raise LiveError(str(error)) from error
    return tuple(
        LiveTrail(arn=trail["TrailARN"], organization=trail.get("IsOrganizationTrail", False))
        for trail in listed["trailList"]
    )


def missing_roles(region: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that no role of the account has.

    Raises:
        LiveError: AWS refused, or there are no credentials.
    """
    missing: list[str] = []
    try:
        iam = _client("iam", region)
        for name in names:
            try:
                iam.get_role(RoleName=name)
            except iam.exceptions.NoSuchEntityException:
                missing.append(name)
    except (BotoCoreError, ClientError) as error:
        raise LiveError(str(error)) from error
    return tuple(missing)


def describe_bucket(region: str, bucket: str) -> LiveBucket:
    """What a bucket of this account replicates, and whom it notifies.

    Raises:
        LiveError: AWS refused, there is no such bucket, or there are no credentials.
    """
    try:
        s3 = _client("s3", region)
        told = s3.get_bucket_notification_configuration(Bucket=bucket)
        return LiveBucket(
            replication_rules=_replication_rules(s3, bucket),
            notifications=tuple(
                each["Id"] for kind in _NOTIFICATIONS for each in told.get(kind, ())
            ),
        )
    except (BotoCoreError, ClientError) as error:
        raise LiveError(str(error)) from error


_NOTIFICATIONS = ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations")


def _replication_rules(s3: Any, bucket: str) -> tuple[str, ...]:  # noqa: ANN401 - boto3 has no types
    try:
        found = s3.get_bucket_replication(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ReplicationConfigurationNotFoundError":
            return ()
        raise
    return tuple(rule["ID"] for rule in found["ReplicationConfiguration"]["Rules"])


def _client(service: Literal["cloudtrail", "iam", "s3"], region: str) -> Any:  # noqa: ANN401 - boto3 has no types
    profile = pulumi.Config("aws").get("profile")
    return boto3.Session(profile_name=profile, region_name=region).client(service)
