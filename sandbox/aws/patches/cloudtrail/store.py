"""Which trails there are, and which of them a caller may see or change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.cloudtrail.models import cloudtrail_backends

from sandbox.aws import lookups
from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.cloudtrail.models import CloudTrailBackend, Trail

    from sandbox.aws.call import Call

SERVICE = "cloudtrail.amazonaws.com"
_ARN = re.compile(
    r"^arn:aws[a-z-]*:cloudtrail:(?P<region>[^:]+):(?P<account>\d{12}):trail/(?P<name>[^/]+)$"
)


def backend(account_id: str, region: str) -> CloudTrailBackend:
    """Moto's CloudTrail of an account in a region."""
    return cloudtrail_backends[account_id][region]


def trails_of(account_id: str) -> Iterator[Trail]:
    """The trails whose home is an account, in all regions."""
    for regional in list(cloudtrail_backends[account_id].values()):
        yield from list(regional.trails.values())


def all_trails() -> list[Trail]:
    """The trails of all accounts."""
    return [trail for account_id in list(cloudtrail_backends) for trail in trails_of(account_id)]


def visible(call: Call) -> list[Trail]:
    """The trails that the caller sees in its region.

    These are the account's trails of the region, its multi-Region trails of other regions, and the
    organization's trails.
    Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
    """
    found = list(trails_of(call.signer.account_id))
    organization = lookups.organization_of(call.signer.account_id)
    if organization and organization.account_id != call.signer.account_id:
        found += [trail for trail in trails_of(organization.account_id) if trail.is_org_trail]
    return [trail for trail in found if trail.is_multi_region or trail.region_name == call.region]


def named(call: Call, name: str) -> Trail | None:
    """The visible trail of a name or ARN.

    A name finds only trails of the caller's account and region; all others need the ARN.

    Raises:
        AwsError: the text looks like an ARN, and is none of a trail.
    """
    if name.startswith("arn:"):
        if _ARN.match(name) is None:
            raise AwsError("CloudTrailARNInvalidException", f"{name} is not the ARN of a trail")
        return next((trail for trail in visible(call) if trail.arn == name), None)
    return backend(call.signer.account_id, call.region).trails.get(name)


def readable(call: Call, parameter: str) -> Trail:
    """The trail that a call names, to read it.

    Raises:
        AwsError: the caller sees no such trail.
    """
    name = call.text(parameter)
    trail = named(call, name)
    if trail is None:
        # moto tells bad names from unknown ones.
        backend(call.signer.account_id, call.region).get_trail(name)
        raise AwsError(
            "TrailNotFoundException",
            f"Unknown trail: {name} for the user: {call.signer.account_id}",
        )
    return trail


def writable(call: Call, parameter: str) -> Trail:
    """The trail that a call names, to change it.

    Raises:
        AwsError: the caller sees no such trail, may only look at it, or is in another region than
            the trail's home.
    """
    trail = readable(call, parameter)
    if trail.region_name != call.region:
        raise AwsError(
            "InvalidHomeRegionException",
            f"Trail {trail.arn} can only be changed in its home region {trail.region_name}, not in "
            f"{call.region}",
        )
    if trail.account_id != call.signer.account_id:
        administered_account(call)
    return trail


def administered_account(call: Call) -> str:
    """The management account, for a caller that administers organization trails.

    Raises:
        AwsError: there is no organization, CloudTrail has no trusted access to it, or the caller is
            neither its management account nor a delegated administrator for CloudTrail.
    """
    organization = lookups.organization_of(call.signer.account_id)
    if organization is None or organization.org is None:
        message = "The account is not a member of an organization."
        raise AwsError("OrganizationsNotInUseException", message)
    if organization.org.feature_set != "ALL":
        message = "The organization does not have all features enabled."
        raise AwsError("OrganizationNotInAllFeaturesModeException", message)
    if not lookups.is_trusted(organization, SERVICE):
        raise AwsError(
            "CloudTrailAccessNotEnabledException",
            f"Trusted access for {SERVICE} is not enabled in organization {organization.org.id}; "
            "the management account enables it with organizations:EnableAWSServiceAccess.",
        )
    caller = call.signer.account_id
    if not lookups.administers(organization, caller, SERVICE):
        raise AwsError(
            "NotOrganizationMasterAccountException",
            f"Account {caller} is neither the management account {organization.account_id} nor a "
            "delegated administrator for CloudTrail.",
        )
    return organization.account_id


def describe(trail: Trail) -> dict[str, Any]:
    """A trail as AWS describes it: what is unset is left out."""
    topic = trail.sns_topic_name
    optional = {
        "S3KeyPrefix": trail.s3_key_prefix,
        "SnsTopicName": topic,
        "SnsTopicARN": topic and topic_arn(trail),
        "CloudWatchLogsLogGroupArn": trail.cw_log_group_arn,
        "CloudWatchLogsRoleArn": trail.cw_role_arn,
        "KmsKeyId": trail.kms_key_id,
    }
    return {
        "Name": trail.trail_name,
        "TrailARN": trail.arn,
        "HomeRegion": trail.region_name,
        "S3BucketName": trail.bucket_name,
        "IncludeGlobalServiceEvents": trail.include_global_service_events,
        "IsMultiRegionTrail": trail.is_multi_region,
        "IsOrganizationTrail": trail.is_org_trail,
        "LogFileValidationEnabled": trail.log_validation,
        "HasCustomEventSelectors": bool(trail.event_selectors or trail.advanced_event_selectors),
        "HasInsightSelectors": bool(trail.insight_selectors),
        **{name: value for name, value in optional.items() if value},
    }


def topic_arn(trail: Trail) -> str:
    """The ARN of a trail's topic, which may have been given by name."""
    topic = trail.sns_topic_name
    if topic.startswith("arn:"):
        return topic
    return f"arn:{trail.partition}:sns:{trail.region_name}:{trail.account_id}:{topic}"
