"""Acts on the trail, on event data stores and on the delegated administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import Target

from tests.drift.act import Act, found

if TYPE_CHECKING:
    from tests.drift.act import Stage

_TRAIL = "Trail organization-trail"
_STORE = "EventDataStore cloudtrail-guard-store"


def _trail(aws: Any, stage: Stage) -> Any:
    return found(lambda: aws.get_trail(Name=stage.trail)["Trail"])


def _selectors(aws: Any, stage: Stage) -> Any:
    return found(lambda: aws.get_event_selectors(TrailName=stage.trail))


def _all(aws: Any, stage: Stage) -> Any:
    logging = found(lambda: aws.get_trail_status(Name=stage.trail)["IsLogging"])
    return _trail(aws, stage), _selectors(aws, stage), logging


def _insights(aws: Any, stage: Stage) -> Any:
    return found(lambda: aws.get_insight_selectors(TrailName=stage.trail)["InsightSelectors"])


def _update(name: str, posture: str = "", **change: Any) -> Act:
    return Act(
        name=name,
        on=Target.TRAIL,
        calls="cloudtrail:UpdateTrail",
        service="cloudtrail",
        do=lambda aws, stage: aws.update_trail(Name=stage.trail, **change),
        look=_trail,
        shows=_TRAIL,
        posture=posture,
    )


def _record_writes_alone(aws: Any, stage: Stage) -> None:
    before = _selectors(aws, stage)["AdvancedEventSelectors"]
    fields = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "readOnly", "Equals": ["false"]},
    ]
    writes = {"Name": "Management events selector", "FieldSelectors": fields}
    kept = [each for each in before if each["Name"] != writes["Name"]]
    aws.put_event_selectors(TrailName=stage.trail, AdvancedEventSelectors=[writes, *kept])


def _reset_selectors(aws: Any, stage: Stage) -> None:
    aws.put_event_selectors(
        TrailName=stage.trail,
        EventSelectors=[
            {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}
        ],
    )


def _store(aws: Any, stage: Stage) -> Any:
    answer = found(
        lambda: aws.get_event_data_store(EventDataStore=stage.outputs["eventDataStoreArn"])
    )
    if answer is None or answer["Status"] == "PENDING_DELETION":
        return None
    return {key: value for key, value in answer.items() if not key.endswith("Timestamp")}


def _update_store(name: str, posture: str, **change: Any) -> Act:
    return Act(
        name=name,
        on=Target.CLOUDTRAIL,
        calls="cloudtrail:UpdateEventDataStore",
        service="cloudtrail",
        do=lambda aws, stage: aws.update_event_data_store(
            EventDataStore=stage.outputs["eventDataStoreArn"], **change
        ),
        look=_store,
        shows=_STORE,
        posture=posture,
    )


def _administrators(_aws: Any, stage: Stage) -> list[str]:
    organizations = stage.client("management", "organizations")
    listed = organizations.list_delegated_administrators(
        ServicePrincipal="cloudtrail.amazonaws.com"
    )["DelegatedAdministrators"]
    return sorted(each["Id"] for each in listed)


def _delete_store(aws: Any, stage: Stage) -> None:
    store = stage.outputs["eventDataStoreArn"]
    aws.update_event_data_store(EventDataStore=store, TerminationProtectionEnabled=False)
    aws.delete_event_data_store(EventDataStore=store)


def _restore_store(aws: Any, stage: Stage, _before: Any) -> None:
    aws.restore_event_data_store(EventDataStore=stage.outputs["eventDataStoreArn"])


TRAIL = (
    Act(
        name="stop the trail",
        on=Target.TRAIL,
        calls="cloudtrail:StopLogging",
        service="cloudtrail",
        do=lambda aws, stage: aws.stop_logging(Name=stage.trail),
        look=lambda aws, stage: aws.get_trail_status(Name=stage.trail)["IsLogging"],
        shows=_TRAIL,
        posture="trail.logging",
    ),
    Act(
        name="delete the trail",
        on=Target.TRAIL,
        calls="cloudtrail:DeleteTrail",
        service="cloudtrail",
        do=lambda aws, stage: aws.delete_trail(Name=stage.trail),
        look=_all,
        shows=_TRAIL,
        alone=True,
    ),
    _update("record one region", "trail.regions", IsMultiRegionTrail=False),
    _update("record one account", "trail.organization", IsOrganizationTrail=False),
    _update("leave log files without digests", "trail.validation", EnableLogFileValidation=False),
    _update("write log files without the key", "drift.keyArn", KmsKeyId=""),
    _update(
        "take the trail from its log group",
        "trail.log-group",
        CloudWatchLogsLogGroupArn="",
        CloudWatchLogsRoleArn="",
    ),
    Act(
        name="record writes alone",
        on=Target.TRAIL,
        calls="cloudtrail:PutEventSelectors",
        service="cloudtrail",
        do=_record_writes_alone,
        look=_selectors,
        shows=_TRAIL,
        posture="trail.management-events",
    ),
    Act(
        name="record no data events",
        on=Target.TRAIL,
        calls="cloudtrail:PutEventSelectors",
        service="cloudtrail",
        do=_reset_selectors,
        look=_selectors,
        shows=_TRAIL,
        note=(
            "the provider reads selectors only while AWS reports `HasCustomEventSelectors`: should "
            "it deny that after such a call, a preview shows nothing"
        ),
        posture="trail.data-events",
    ),
    Act(
        name="report no insights",
        on=Target.TRAIL,
        calls="cloudtrail:PutInsightSelectors",
        service="cloudtrail",
        do=lambda aws, stage: aws.put_insight_selectors(TrailName=stage.trail, InsightSelectors=[]),
        look=_insights,
        undo=lambda aws, stage, before: aws.put_insight_selectors(
            TrailName=stage.trail, InsightSelectors=before
        ),
        why=(
            "the provider reads insight selectors only while AWS reports `HasInsightSelectors`, "
            "and keeps in the state those that were"
        ),
        posture="trail.insights",
    ),
)

CLOUDTRAIL = (
    _update_store("keep events for a week", "lake.retention", RetentionPeriod=7),
    _update_store(
        "record writes alone in the event data store",
        "lake.management-events",
        AdvancedEventSelectors=[
            {
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Management"]},
                    {"Field": "readOnly", "Equals": ["false"]},
                ]
            }
        ],
    ),
    Act(
        name="delete the event data store",
        on=Target.CLOUDTRAIL,
        calls="cloudtrail:UpdateEventDataStore cloudtrail:DeleteEventDataStore",
        service="cloudtrail",
        do=_delete_store,
        look=_store,
        shows=_STORE,
        undo=_restore_store,
        why=(
            "an `up` would make an empty one of the same name: restore the store within seven days "
            "(`aws cloudtrail restore-event-data-store`), then `up` protects it again"
        ),
        alone=True,
        posture="lake.ingestion lake.protection",
    ),
    Act(
        name="stop the event data store",
        on=Target.CLOUDTRAIL,
        calls="cloudtrail:StopEventDataStoreIngestion",
        service="cloudtrail",
        do=lambda aws, stage: aws.stop_event_data_store_ingestion(
            EventDataStore=stage.outputs["eventDataStoreArn"]
        ),
        look=_store,
        undo=lambda aws, stage, _: aws.start_event_data_store_ingestion(
            EventDataStore=stage.outputs["eventDataStoreArn"]
        ),
        why="the provider writes `suspend`, and never reads it",
        posture="lake.ingestion",
    ),
    Act(
        name="take the delegated administrator away",
        on=Target.CLOUDTRAIL,
        calls="cloudtrail:DeregisterOrganizationDelegatedAdmin",
        service="cloudtrail",
        do=lambda aws, stage: aws.deregister_organization_delegated_admin(
            DelegatedAdminAccountId=stage.security
        ),
        look=_administrators,
        shows="OrganizationDelegatedAdminAccount cloudtrail-administrator",
        posture="organization.administrators",
    ),
    Act(
        name="appoint another administrator",
        on=Target.CLOUDTRAIL,
        calls="cloudtrail:RegisterOrganizationDelegatedAdmin",
        service="cloudtrail",
        do=lambda aws, stage: aws.register_organization_delegated_admin(
            MemberAccountId=stage.workload
        ),
        look=_administrators,
        undo=lambda aws, stage, _: aws.deregister_organization_delegated_admin(
            DelegatedAdminAccountId=stage.workload
        ),
        why="an administrator that no stack appointed is no resource of a stack",
        posture="organization.administrators",
    ),
)
