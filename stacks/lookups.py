"""AWS look-ups that pulumi_aws lacks, made with boto3."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar

import boto3
import pulumi
from botocore.exceptions import BotoCoreError, ClientError

P = ParamSpec("P")
T = TypeVar("T")


class LookupFailedError(Exception):
    """AWS did not answer."""


@dataclass(frozen=True, kw_only=True)
class FoundTrail:
    """A trail that exists.

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
class FoundBucket:
    """A bucket that exists.

    Attributes:
        replication_rules: ids of its replication rules.
        notifications: ids of its event notifications.
    """

    replication_rules: tuple[str, ...]
    notifications: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Lookups:
    """What AWS answered; None where it did not.

    Attributes:
        trails: the trails of the region, with those of all regions and of the organization.
        missing_roles: names of exempt roles that the account lacks.
        existing_bucket: the log bucket, if it exists already and is not the stack's own.
        units: ids of the organization's OUs.
    """

    trails: tuple[FoundTrail, ...] | None = None
    missing_roles: tuple[str, ...] | None = ()
    existing_bucket: FoundBucket | None = None
    units: tuple[str, ...] = ()


def answer(ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What AWS answers, or None where it does not."""
    try:
        return ask(*args, **kwargs)
    except LookupFailedError:
        return None


def list_trails(region: str) -> tuple[FoundTrail, ...]:
    """The trails of a region: its own, and those of all regions.

    Raises:
        LookupFailedError: AWS refused, or there are no credentials.
    """
    try:
        listed = _client("cloudtrail", region).describe_trails(includeShadowTrails=True)
    except (BotoCoreError, ClientError) as error:
        raise LookupFailedError(str(error)) from error
    return tuple(
        FoundTrail(arn=trail["TrailARN"], organization=trail.get("IsOrganizationTrail", False))
        for trail in listed["trailList"]
    )


def missing_roles(region: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that no role of the account has.

    Raises:
        LookupFailedError: AWS refused, or there are no credentials.
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
        raise LookupFailedError(str(error)) from error
    return tuple(missing)


def describe_bucket(region: str, bucket: str) -> FoundBucket:
    """What a bucket of this account replicates, and where its notifications go.

    Raises:
        LookupFailedError: AWS refused, there is no such bucket, or there are no credentials.
    """
    try:
        s3 = _client("s3", region)
        configured = s3.get_bucket_notification_configuration(Bucket=bucket)
        return FoundBucket(
            replication_rules=_replication_rules(s3, bucket),
            notifications=tuple(
                each["Id"] for kind in _NOTIFICATIONS for each in configured.get(kind, ())
            ),
        )
    except (BotoCoreError, ClientError) as error:
        raise LookupFailedError(str(error)) from error


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
