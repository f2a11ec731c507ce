"""The questions to AWS, each of which raises `LookupFailedError` where AWS does not answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from cloudtrail_guard.arns import is_permission_set, stands_for

from stacks.lookups.found import (
    NO_ANSWER,
    FoundBucket,
    FoundKey,
    FoundRole,
    FoundTrail,
    LookupFailedError,
)
from stacks.lookups.session import AwsClients

T = TypeVar("T")
ItemT = TypeVar("ItemT")

_AT_ONCE = 8
"""Calls; botocore keeps ten connections a client."""


def side_by_side(ask: Callable[[ItemT], T], items: Iterable[ItemT]) -> list[T]:
    """What AWS answers of each item, in their order; it is asked of several at once."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(ask, items))


def error_code(error: ClientError) -> str:
    """The code of an AWS error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def list_trails(aws: AwsClients) -> tuple[FoundTrail, ...]:
    """The trails of a region: its own, those of all regions, and the organization's."""
    try:
        listed = aws.client("cloudtrail").describe_trails(includeShadowTrails=True)
    except NO_ANSWER as error:
        raise LookupFailedError(str(error)) from error
    return tuple(
        FoundTrail(arn=trail["TrailARN"], organization=trail.get("IsOrganizationTrail", False))
        for trail in listed["trailList"]
    )


def describe_roles(aws: AwsClients, names: Sequence[str]) -> dict[str, FoundRole | None]:
    """The roles of the account by their names or patterns; None for one that it lacks.

    A pattern is that of a permission set's roles, of which an account has one or none.
    """

    def describe(name: str) -> FoundRole | None:
        found = _permission_set_role if is_permission_set(name) else _describe_role
        return found(aws, name)

    return dict(zip(names, side_by_side(describe, names), strict=True))


def _permission_set_role(aws: AwsClients, pattern: str) -> FoundRole | None:
    path = pattern.partition(":role")[2].partition("*")[0].rpartition("/")[0]
    try:
        pages = aws.client("iam").get_paginator("list_roles").paginate(PathPrefix=f"{path}/")
        roles = [role for page in pages for role in page["Roles"]]
    except NO_ANSWER as error:
        raise LookupFailedError(str(error)) from error
    found = (role for role in roles if stands_for(pattern, role["Arn"]))
    return next((FoundRole(trust=role["AssumeRolePolicyDocument"]) for role in found), None)


def _describe_role(aws: AwsClients, name: str) -> FoundRole | None:
    try:
        iam = aws.client("iam")
        try:
            role = iam.get_role(RoleName=name)["Role"]
        except iam.exceptions.NoSuchEntityException:
            return None
    except NO_ANSWER as error:
        raise LookupFailedError(str(error)) from error
    return FoundRole(
        trust=role["AssumeRolePolicyDocument"],
        boundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
    )


def missing_identities(
    aws: AwsClients, wanted: Mapping[str, Iterable[str]]
) -> tuple[tuple[str, str], ...]:
    """Those of the IAM identities that do not exist.

    Args:
        aws: clients of the account.
        wanted: names by the setting's key, which ends in groups, users or roles.

    Returns:
        Key and name of each that is missing.
    """
    identities = [(key, name) for key, names in wanted.items() for name in names]
    exist = side_by_side(lambda each: _exists(aws, *each), identities)
    return tuple(each for each, exists in zip(identities, exist, strict=True) if not exists)


def _exists(aws: AwsClients, key: str, name: str) -> bool:
    kind = key.removeprefix("mfa").lower().removesuffix("s")
    try:
        iam = aws.client("iam")
        try:
            getattr(iam, f"get_{kind}")(**{f"{kind.capitalize()}Name": name})
        except iam.exceptions.NoSuchEntityException:
            return False
    except NO_ANSWER as error:
        raise LookupFailedError(str(error)) from error
    return True


def describe_bucket(aws: AwsClients, bucket: str) -> FoundBucket | None:
    """Where a bucket is, what it replicates, notifies and grants by ACL; None: no bucket."""
    try:
        region = _bucket_region(aws, bucket)
        if region is None:
            return None
        s3 = aws.client("s3", region)
        configured = s3.get_bucket_notification_configuration(Bucket=bucket)
        return FoundBucket(
            region=region,
            replication_rules=_replication_rules(s3, bucket),
            notifications=tuple(
                each["Id"] for kind in _NOTIFICATIONS for each in configured.get(kind, ())
            ),
            grantees=_grantees(s3, bucket),
        )
    except NO_ANSWER as error:
        raise LookupFailedError(str(error)) from error


_NOTIFICATIONS = ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations")


def _bucket_region(aws: AwsClients, bucket: str) -> str | None:
    """Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html."""
    try:
        found = aws.client("s3").get_bucket_location(Bucket=bucket)["LocationConstraint"]
    except ClientError as error:
        if error_code(error) == "NoSuchBucket":
            return None
        raise
    return {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(found, found)


def _replication_rules(s3: Any, bucket: str) -> tuple[str, ...]:  # noqa: ANN401 - boto3 has no types
    try:
        found = s3.get_bucket_replication(Bucket=bucket)
    except ClientError as error:
        if error_code(error) == "ReplicationConfigurationNotFoundError":
            return ()
        raise
    return tuple(rule["ID"] for rule in found["ReplicationConfiguration"]["Rules"])


def _grantees(s3: Any, bucket: str) -> tuple[str, ...]:  # noqa: ANN401 - boto3 has no types
    acl = s3.get_bucket_acl(Bucket=bucket)
    granted = [each["Grantee"] for each in acl["Grants"]]
    named = dict.fromkeys(each.get("URI") or each.get("ID") for each in granted)
    return tuple(name for name in named if name and name != acl["Owner"]["ID"])


def describe_key(aws: AwsClients, arn: str) -> FoundKey | None:
    """A KMS key of the provider's region; None if there is none."""
    try:
        found = aws.client("kms").describe_key(KeyId=arn)["KeyMetadata"]
    except ClientError as error:
        if error_code(error) == "NotFoundException":
            return None
        raise LookupFailedError(str(error)) from error
    except NO_ANSWER as error:
        raise LookupFailedError(str(error)) from error
    return FoundKey(
        state=found["KeyState"],
        spec=found.get("KeySpec", "SYMMETRIC_DEFAULT"),
        usage=found["KeyUsage"],
        manager=found.get("KeyManager", "CUSTOMER"),
    )


def attached_policies(aws: AwsClients, target: str, policy_type: str) -> tuple[str, ...]:
    """Names of the policies of one type that a root, OU or account has attached.

    A target that does not exist, which is a finding of its own, has none.
    """
    try:
        pages = aws.client("organizations").get_paginator("list_policies_for_target")
        listed = pages.paginate(TargetId=target, Filter=policy_type)
        return tuple(policy["Name"] for page in listed for policy in page["Policies"])
    except NO_ANSWER as error:
        if isinstance(error, ClientError) and error_code(error) == "TargetNotFoundException":
            return ()
        raise LookupFailedError(str(error)) from error
