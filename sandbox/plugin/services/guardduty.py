"""GuardDuty: the detector of a region, its protection plans, and those of the organization.

Sources: `internal/service/guardduty` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from sandbox.plugin.aws import error_code
from sandbox.plugin.resource import ResourceError, ResourceType, split_id
from sandbox.plugin.validators import one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.plugin.resource import Call, Function
    from sandbox.plugin.values import Properties

_NOT_OWNED: Final = "the input detectorId is not owned by the current account"
_PLANS: Final = (
    *("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS"),
    *("LAMBDA_NETWORK_LOGS", "EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"),
)
_MEMBERS: Final = ("ALL", "NEW", "NONE")
_FORM: Final = "<detector id>/<feature name>"
_AGENTS: Final = "agents of runtime monitoring: leave additionalConfigurations out"


def _create(call: Call) -> str:
    wanted: dict[str, Any] = {"Enable": call.inputs.get("enable", False)}
    if "findingPublishingFrequency" in call.inputs:
        wanted["FindingPublishingFrequency"] = call.inputs["findingPublishingFrequency"]
    if call.tags:
        wanted["Tags"] = call.tags
    return str(call.client("guardduty").create_detector(**wanted)["DetectorId"])


def _read(call: Call) -> Properties | None:
    found = _get(call, call.id)
    if found is None:
        return None
    account = call.account.account_id
    return {
        "accountId": account,
        "arn": _arn(call),
        "enable": found["Status"] == "ENABLED",
        "findingPublishingFrequency": found["FindingPublishingFrequency"],
        "tags": found.get("Tags", {}),
    }


def _update(call: Call) -> None:
    call.client("guardduty").update_detector(
        DetectorId=call.id,
        Enable=call.inputs.get("enable", False),
        FindingPublishingFrequency=call.inputs["findingPublishingFrequency"],
    )


def _delete(call: Call) -> None:
    if _get(call, call.id) is not None:
        call.client("guardduty").delete_detector(DetectorId=call.id)


def _tag(call: Call, new: Mapping[str, str], removed: list[str]) -> None:
    client, arn = call.client("guardduty"), _arn(call)
    if removed:
        client.untag_resource(ResourceArn=arn, TagKeys=removed)
    if new:
        client.tag_resource(ResourceArn=arn, Tags=dict(new))


def _arn(call: Call) -> str:
    return call.arn("guardduty", f"{call.region}:{call.account.account_id}:detector/{call.id}")


def _get(call: Call, detector: str) -> Any | None:  # noqa: ANN401 - botocore's
    """The detector, if the account has it: GuardDuty has one error code for everything."""
    try:
        return call.client("guardduty").get_detector(DetectorId=detector)
    except ClientError as error:
        if error_code(error) == "BadRequestException" and _NOT_OWNED in str(error):
            return None
        raise


DETECTOR: Final = ResourceType(
    type="aws:guardduty/detector:Detector",
    noun="GuardDuty Detector",
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    tag=_tag,
    defaults={"enable": True},
    computed=frozenset({"findingPublishingFrequency"}),
    validate={"findingPublishingFrequency": (one_of("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"),)},
    not_emulated={"datasources": "deprecated: use aws.guardduty.DetectorFeature"},
)


def _put_feature(call: Call) -> None:
    call.client("guardduty").update_detector(
        DetectorId=call.inputs["detectorId"],
        Features=[{"Name": call.inputs["name"], "Status": call.inputs["status"]}],
    )


def _create_feature(call: Call) -> str:
    _put_feature(call)
    return f"{call.inputs['detectorId']}/{call.inputs['name']}"


def _read_feature(call: Call) -> Properties | None:
    detector, name = split_id(call.id, "/", _FORM)
    found = _get(call, detector)
    features: list[dict[str, Any]] = found["Features"] if found else []
    status = next((each["Status"] for each in features if each["Name"] == name), None)
    return status and {"detectorId": detector, "name": name, "status": status}


def _keep(_call: Call) -> None:
    """Deleting it changes nothing: the real provider leaves the plan as it is."""


def _names(id_: str) -> Properties:
    detector, name = split_id(id_, "/", _FORM)
    return {"detectorId": detector, "name": name}


DETECTOR_FEATURE: Final = ResourceType(
    type="aws:guardduty/detectorFeature:DetectorFeature",
    noun="GuardDuty Detector Feature",
    create=_create_feature,
    read=_read_feature,
    update=_put_feature,
    delete=_keep,
    replace=frozenset({"detectorId", "name"}),
    validate={"name": (one_of(*_PLANS),), "status": (one_of("ENABLED", "DISABLED"),)},
    not_emulated={"additionalConfigurations": _AGENTS},
    identify=_names,
)


def _put_members(call: Call) -> None:
    call.client("guardduty").update_organization_configuration(
        DetectorId=call.inputs["detectorId"],
        AutoEnableOrganizationMembers=call.inputs["autoEnableOrganizationMembers"],
    )


def _create_members(call: Call) -> str:
    _put_members(call)
    return str(call.inputs["detectorId"])


def _read_members(call: Call) -> Properties | None:
    if _get(call, call.id) is None:
        return None
    found = call.client("guardduty").describe_organization_configuration(DetectorId=call.id)
    return {
        "autoEnableOrganizationMembers": found["AutoEnableOrganizationMembers"],
        "detectorId": call.id,
    }


ORGANIZATION_CONFIGURATION: Final = ResourceType(
    type="aws:guardduty/organizationConfiguration:OrganizationConfiguration",
    noun="GuardDuty Organization Configuration",
    create=_create_members,
    read=_read_members,
    update=_put_members,
    delete=_keep,
    replace=frozenset({"detectorId"}),
    validate={"autoEnableOrganizationMembers": (one_of(*_MEMBERS),)},
    not_emulated={"datasources": "deprecated: use OrganizationConfigurationFeature"},
)


def _put_members_feature(call: Call) -> None:
    client, detector = call.client("guardduty"), call.inputs["detectorId"]
    found = client.describe_organization_configuration(DetectorId=detector)
    client.update_organization_configuration(
        DetectorId=detector,
        AutoEnableOrganizationMembers=found["AutoEnableOrganizationMembers"],
        Features=[{"Name": call.inputs["name"], "AutoEnable": call.inputs["autoEnable"]}],
    )


def _create_members_feature(call: Call) -> str:
    _put_members_feature(call)
    return f"{call.inputs['detectorId']}/{call.inputs['name']}"


def _read_members_feature(call: Call) -> Properties | None:
    detector, name = split_id(call.id, "/", _FORM)
    if _get(call, detector) is None:
        return None
    found = call.client("guardduty").describe_organization_configuration(DetectorId=detector)
    how = next((each["AutoEnable"] for each in found["Features"] if each["Name"] == name), None)
    if how is None:
        raise ResourceError(f"couldn't find the feature {name}")
    return {"autoEnable": how, "detectorId": detector, "name": name}


ORGANIZATION_CONFIGURATION_FEATURE: Final = ResourceType(
    type="aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature",
    noun="GuardDuty Organization Configuration Feature",
    create=_create_members_feature,
    read=_read_members_feature,
    update=_put_members_feature,
    delete=_keep,
    replace=frozenset({"detectorId", "name"}),
    validate={"autoEnable": (one_of(*_MEMBERS),), "name": (one_of(*_PLANS),)},
    not_emulated={"additionalConfigurations": _AGENTS},
    identify=_names,
)

RESOURCES = (
    DETECTOR,
    DETECTOR_FEATURE,
    ORGANIZATION_CONFIGURATION,
    ORGANIZATION_CONFIGURATION_FEATURE,
)
FUNCTIONS: Final[tuple[Function, ...]] = ()
