"""What Pulumi has no function for, asked of AWS with boto3 as the stack's provider would."""

from dataclasses import dataclass
from typing import Any

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


def list_trails(region: str) -> tuple[LiveTrail, ...]:
    """The trails that count in a region: its own, and those of all regions.

    Raises:
        LiveError: AWS refused, or there are no credentials.
    """
    profile = pulumi.Config("aws").get("profile")
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        cloudtrail: Any = session.client("cloudtrail")
        listed = cloudtrail.describe_trails(includeShadowTrails=True)["trailList"]
    except (BotoCoreError, ClientError) as error:
        raise LiveError(str(error)) from error
    return tuple(
        LiveTrail(arn=trail["TrailARN"], organization=trail.get("IsOrganizationTrail", False))
        for trail in listed
    )
