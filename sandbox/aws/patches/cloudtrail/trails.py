"""Trails: create, read, update, delete, start and stop."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, cast

from moto.cloudtrail.models import Trail

from sandbox.aws.call import AwsError
from sandbox.aws.patches.cloudtrail import store
from sandbox.aws.patches.cloudtrail.delivery_checks import check_delivery, key_arn
from sandbox.aws.patches.cloudtrail.delivery_state import delivery_of, forget
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
_MAX_TRAILS_PER_REGION = 5

_ATTRIBUTES = {
    "S3BucketName": "bucket_name",
    "S3KeyPrefix": "s3_key_prefix",
    "SnsTopicName": "sns_topic_name",
    "IncludeGlobalServiceEvents": "include_global_service_events",
    "IsMultiRegionTrail": "is_multi_region",
    "EnableLogFileValidation": "log_validation",
    "IsOrganizationTrail": "is_org_trail",
    "CloudWatchLogsLogGroupArn": "cw_log_group_arn",
    "CloudWatchLogsRoleArn": "cw_role_arn",
    "KmsKeyId": "kms_key_id",
}
"""The settings of a trail, and moto's attributes for them."""

_CHECKS = (
    "moto checks only that the bucket exists; AWS tries the policies of bucket, key and topic out, "
    "and asks for trusted access and the right account for an organization trail"
)
_LIMIT = "LookupEvents is not emulated; see python -m sandbox deliver for what is delivered"


@patch(
    "cloudtrail",
    "CreateTrail",
    f"{_CHECKS}; moto overwrites a trail of the same name, and counts none",
    limit=_LIMIT,
)
def create_trail(call: Call) -> Answer:
    """Create a trail; that of an organization belongs to the management account."""
    organization = call.flag("IsOrganizationTrail")
    account = store.administered_account(call) if organization else call.signer.account_id
    backend = store.backend(account, call.region)
    trail = _with_settings(_new_trail(call, account), call.params)
    if trail.trail_name in backend.trails:
        message = f"Trail {trail.trail_name} already exists for customer: {account}"
        raise AwsError("TrailAlreadyExistsException", message)
    here = [
        other
        for other in store.trails_of(account)
        if other.is_multi_region or other.region_name == call.region
    ]
    if len(here) >= _MAX_TRAILS_PER_REGION:
        raise AwsError(
            "MaximumNumberOfTrailsExceededException",
            f"User: {account} already has {_MAX_TRAILS_PER_REGION} trails in {call.region}.",
        )
    _check(trail)
    backend.trails[trail.trail_name] = trail
    backend.tagging_service.tag_resource(trail.arn, call.params.get("TagsList", []))
    return store.describe(trail)


@patch("cloudtrail", "UpdateTrail", f"{_CHECKS}; moto checks nothing at all here", limit=_LIMIT)
def update_trail(call: Call) -> Answer:
    """Change what is given; a trail that fails the checks stays as it was."""
    trail = store.writable(call, "Name")
    changed = _with_settings(copy(trail), call.params)
    if changed.is_org_trail or trail.is_org_trail:
        store.administered_account(call)
    _check(changed)
    store.backend(trail.account_id, trail.region_name).trails[trail.trail_name] = changed
    return store.describe(changed)


@patch(
    "cloudtrail",
    "DeleteTrail",
    "moto finds trails by name only, ignores what it does not find, and keeps the tags",
)
def delete_trail(call: Call) -> Answer:
    """Delete a trail, by name or ARN."""
    trail = store.writable(call, "Name")
    backend = store.backend(trail.account_id, trail.region_name)
    del backend.trails[trail.trail_name]
    forget(trail)
    backend.tagging_service.delete_all_tags_for_resource(trail.arn)
    return {}


@patch(
    "cloudtrail",
    "DescribeTrails",
    "moto ignores trailNameList, never tells that there are selectors, reads a cleared key as an "
    'empty one (""), and hides organization trails from member accounts',
)
def describe_trails(call: Call) -> Answer:
    """Describe the trails that are named, or all that are visible."""
    names = call.params.get("trailNameList")
    if names:
        found = [trail for trail in (store.named(call, name) for name in names) if trail]
    else:
        found = store.visible(call)
    if not call.flag("includeShadowTrails", default=True):
        home = (call.signer.account_id, call.region)
        found = [trail for trail in found if (trail.account_id, trail.region_name) == home]
    return {"trailList": [store.describe(trail) for trail in found]}


@patch(
    "cloudtrail",
    "GetTrail",
    "moto knows no ARNs of trails at home in another region, and leaves HomeRegion out",
)
def get_trail(call: Call) -> Answer:
    """Describe one trail."""
    return {"Trail": store.describe(store.readable(call, "Name"))}


@patch("cloudtrail", "GetTrailStatus", "moto hides organization trails from member accounts")
def get_trail_status(call: Call) -> Answer:
    """Report whether a trail logs."""
    trail = store.readable(call, "Name")
    return trail.status.description() | delivery_of(trail).status


@patch("cloudtrail", "ListTrails", "moto lists the trails of one region; AWS those of all")
def list_trails(call: Call) -> Answer:
    """List the account's trails, and the organization's."""
    found = {trail.arn: trail for trail in store.visible(call)}
    found |= {trail.arn: trail for trail in store.trails_of(call.signer.account_id)}
    return {
        "Trails": [
            {"TrailARN": arn, "Name": trail.trail_name, "HomeRegion": trail.region_name}
            for arn, trail in found.items()
        ]
    }


@patch(
    "cloudtrail",
    ("StartLogging", "StopLogging"),
    "moto answers TrailNotFoundException outside the trail's home region; AWS "
    "InvalidHomeRegionException, and refuses members that touch the organization's trail",
)
def switch_logging(call: Call) -> Answer:
    """Start or stop a trail."""
    trail = store.writable(call, "Name")
    if call.action == "StartLogging":
        trail.start_logging()
        delivery_of(trail).start()
    else:
        trail.stop_logging()
        delivery_of(trail).stop()
    return {}


def _new_trail(call: Call, account_id: str) -> Trail:
    """A trail with nothing but name and bucket, checked by moto."""
    trail = Trail(
        account_id=account_id,
        region_name=call.region,
        trail_name=call.text("Name"),
        bucket_name=call.text("S3BucketName"),
        s3_key_prefix="",
        sns_topic_name="",
        is_global=True,
        is_multi_region=False,
        log_validation=False,
        is_org_trail=False,
        cw_log_group_arn="",
        cw_role_arn="",
        kms_key_id="",
    )
    # moto's models say that they construct a BaseModel.
    return cast("Trail", trail)


def _with_settings(trail: Trail, params: dict[str, Any]) -> Trail:
    """Put the settings of a call into a trail."""
    for parameter, attribute in _ATTRIBUTES.items():
        if params.get(parameter) is not None:
            setattr(trail, attribute, params[parameter])
    if params.get("KmsKeyId"):
        trail.kms_key_id = key_arn(trail, params["KmsKeyId"])
    return trail


def _check(trail: Trail) -> None:
    if trail.is_multi_region and not trail.include_global_service_events:
        message = "Multi-Region trail must include global service events."
        raise AwsError("InvalidParameterCombinationException", message)
    check_delivery(trail)
