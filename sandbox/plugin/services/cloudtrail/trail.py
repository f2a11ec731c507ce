"""Trails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import ignoring
from sandbox.plugin.resource import AutoName, ResourceError, ResourceType, conflict
from sandbox.plugin.services.cloudtrail.selectors import FIELDS, put_selectors, read_selectors
from sandbox.plugin.tagging import tag_list, tag_map
from sandbox.plugin.validators import arn, items, length, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_SETTINGS: Final = {
    "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn",
    "cloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "enableLogFileValidation": "EnableLogFileValidation",
    "includeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "isMultiRegionTrail": "IsMultiRegionTrail",
    "isOrganizationTrail": "IsOrganizationTrail",
    "kmsKeyId": "KmsKeyId",
    "s3BucketName": "S3BucketName",
    "s3KeyPrefix": "S3KeyPrefix",
    "snsTopicName": "SnsTopicName",
}
"""Inputs that CreateTrail and UpdateTrail take, with the names they have there."""

_SWITCHES: Final = frozenset(
    {
        "enableLogFileValidation",
        "includeGlobalServiceEvents",
        "isMultiRegionTrail",
        "isOrganizationTrail",
    }
)
_LOG_GROUP: Final = ("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")


def _create(call: Call) -> str:
    wanted = call.inputs
    settings = {theirs: wanted[ours] for ours, theirs in _SETTINGS.items() if wanted.get(ours)}
    settings["IncludeGlobalServiceEvents"] = wanted.get("includeGlobalServiceEvents", False)
    made = call.client("cloudtrail").create_trail(
        Name=wanted["name"], TagsList=tag_list(call.tags), **settings
    )
    return str(made["TrailARN"])


def _update(call: Call) -> None:
    changed = {name for name in _SETTINGS if call.has_changed(name)}
    if changed.intersection(_LOG_GROUP):
        changed.update(_LOG_GROUP)  # AWS takes both or none
    settings = {
        _SETTINGS[name]: call.inputs.get(name, False if name in _SWITCHES else "")
        for name in changed
    }
    if settings:
        call.client("cloudtrail").update_trail(Name=call.id, **settings)


def _configure(call: Call) -> None:
    client = call.client("cloudtrail")
    if call.has_changed("enableLogging"):
        if call.inputs.get("enableLogging"):
            client.start_logging(Name=call.id)
        elif not call.creating:
            client.stop_logging(Name=call.id)
    put_selectors(call)


def _read(call: Call) -> Properties | None:
    client = call.client("cloudtrail")
    trails = client.describe_trails(trailNameList=[call.id])["trailList"]
    if len(trails) > 1:
        raise ResourceError(f"too many results: wanted 1, got {len(trails)}")
    if not trails:
        return None
    trail: Properties = trails[0]
    tags = client.list_tags(ResourceIdList=[trail["TrailARN"]])["ResourceTagList"]
    return {
        "arn": trail["TrailARN"],
        "cloudWatchLogsGroupArn": trail.get("CloudWatchLogsLogGroupArn"),
        "cloudWatchLogsRoleArn": trail.get("CloudWatchLogsRoleArn"),
        "enableLogFileValidation": trail.get("LogFileValidationEnabled", False),
        "enableLogging": client.get_trail_status(Name=call.id)["IsLogging"],
        "homeRegion": trail.get("HomeRegion"),
        "includeGlobalServiceEvents": trail.get("IncludeGlobalServiceEvents", False),
        "isMultiRegionTrail": trail.get("IsMultiRegionTrail", False),
        "isOrganizationTrail": trail.get("IsOrganizationTrail", False),
        "kmsKeyId": trail.get("KmsKeyId"),
        "name": trail["Name"],
        "s3BucketName": trail.get("S3BucketName"),
        "s3KeyPrefix": trail.get("S3KeyPrefix"),
        "snsTopicArn": trail.get("SnsTopicARN"),
        "snsTopicName": _topic_name(call, trail),
        "tags": tag_map(tags[0]["TagsList"]) if tags else {},
        **read_selectors(call, trail),
    }


def _topic_name(call: Call, trail: Properties) -> str | None:
    """A topic's name if it is of the trail's region and account, else its ARN."""
    topic = trail.get("SnsTopicARN")
    if not topic:
        return None
    *_, region, account, name = str(topic).split(":")
    here = (region, account) == (trail.get("HomeRegion"), call.account.account_id)
    return name if here else str(topic)


def _delete(call: Call) -> None:
    with ignoring("TrailNotFoundException"):
        call.client("cloudtrail").delete_trail(Name=call.id)


def tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    """Tag a trail, or anything else of CloudTrail that has an ARN for id."""
    client = call.client("cloudtrail")
    if removed:
        gone = [{"Key": key} for key in removed]
        client.remove_tags(ResourceId=call.id, TagsList=gone)
    if new:
        client.add_tags(ResourceId=call.id, TagsList=tag_list(new))


def _identify(id_: str) -> Properties:
    for problem in arn("id", id_):
        raise ResourceError(f"{problem}: a trail is imported by its ARN")
    return {"region": id_.split(":")[3]}


TRAIL = ResourceType(
    type="aws:cloudtrail/trail:Trail",
    noun="CloudTrail Trail",
    create=_create,
    update=_update,
    configure=_configure,
    read=_read,
    delete=_delete,
    tag=tag,
    name=AutoName(),
    replace=frozenset({"name"}),
    defaults={
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "eventSelectors.*.includeManagementEvents": True,
        "eventSelectors.*.readWriteType": "All",
    },
    sets=frozenset(
        {
            "advancedEventSelectors.*.fieldSelectors",
            "eventSelectors.*.excludeManagementEventSources",
            "insightSelectors",
        }
    ),
    validate={
        "name": (length(3, 128),),
        "s3KeyPrefix": (length(0, 2000),),
        "cloudWatchLogsGroupArn": (arn,),
        "cloudWatchLogsRoleArn": (arn,),
        "kmsKeyId": (arn,),
        "eventSelectors": (items(0, 5),),
        "eventSelectors.*.readWriteType": (one_of("ReadOnly", "WriteOnly", "All"),),
        "eventSelectors.*.dataResources.*.type": (
            one_of("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"),
        ),
        "eventSelectors.*.dataResources.*.values": (items(0, 250),),
        "advancedEventSelectors.*.name": (length(0, 1000),),
        "advancedEventSelectors.*.fieldSelectors": (items(1),),
        "advancedEventSelectors.*.fieldSelectors.*.field": (one_of(*FIELDS),),
        "insightSelectors.*.insightType": (one_of("ApiCallRateInsight", "ApiErrorRateInsight"),),
    },
    relations=(conflict("eventSelectors", "advancedEventSelectors"),),
    identify=_identify,
)

RESOURCES = (TRAIL,)
