"""AWS CloudTrail: trails, event data stores and the organization's delegated administrators.

Sources: `internal/service/cloudtrail` of terraform-provider-aws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.plugin.api import Api, Tags
from sandbox.plugin.resource import AutoName, ResourceError, conflict
from sandbox.plugin.services.organizations import DELEGATED_ADMINISTRATOR
from sandbox.plugin.validators import account_id, arn, between, items, length, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_FIELDS: Final = (
    *("eventCategory", "eventName", "eventSource", "readOnly", "resources.ARN", "resources.type"),
)
"""What the real provider lets an advanced selector select by."""

_TAGS: Final = Tags(
    target="ResourceId",
    list="ListTags",
    answer="ResourceTagList[0].TagsList",
    tag="AddTags",
    untag="RemoveTags",
)

# Trails

_LOG_GROUP: Final = frozenset({"cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"})
_SELECTORS: Final = ("eventSelectors", "advancedEventSelectors", "insightSelectors")
_DEFAULT_SELECTOR: Final = {"IncludeManagementEvents": True, "ReadWriteType": "All"}


class _Trails(Api):
    def where(self, call: Call, operation: str) -> Properties:
        names = {self.read: "trailNameList"}
        put = "TrailName" if "Selectors" in operation else "Name"
        return {names[operation]: [call.id]} if operation in names else {put: call.id}

    def request(self, call: Call, operation: str, names: Iterable[str] | None = None) -> Properties:
        if names is not None and not _LOG_GROUP.isdisjoint(names):
            names = {*names, *_LOG_GROUP}  # AWS takes both or none
        return Api.request(self, call, operation, names)


def _configure_trail(call: Call) -> None:
    client = call.client("cloudtrail")
    if call.has_changed("enableLogging"):
        if call.inputs.get("enableLogging"):
            client.start_logging(Name=call.id)
        elif not call.creating:
            client.stop_logging(Name=call.id)
    for name in _SELECTORS:
        if call.has_changed(name):
            put = "PutInsightSelectors" if name == "insightSelectors" else "PutEventSelectors"
            request = _TRAILS.request(call, put, {name})
            if request.get("EventSelectors") == []:
                # A trail without selectors has the default one: that is how they are removed.
                request["EventSelectors"] = [{**_DEFAULT_SELECTOR, "DataResources": []}]
            _TRAILS.send(call, put, TrailName=call.id, **request)


def _live_trail(call: Call, trail: Properties) -> Properties:
    logging = call.client("cloudtrail").get_trail_status(Name=call.id)["IsLogging"]
    return {
        "enableLogging": logging,
        "snsTopicName": _topic_name(call, trail),
        **_live_selectors(call, trail),
    }


def _live_selectors(call: Call, trail: Properties) -> Properties:
    """The selectors of a trail as DescribeTrails answers it.

    AWS says whether a trail has selectors of its own; where it has none, the real provider leaves
    in the state what is there.
    """
    found: Properties = {name: call.value(name) for name in _SELECTORS}
    if trail.get("HasCustomEventSelectors"):
        live = _TRAILS.send(call, "GetEventSelectors", TrailName=call.id)
        empty: Properties = {"eventSelectors": [], "advancedEventSelectors": []}
        found |= empty | _TRAILS.properties(call, live)
        if _is_default(found["eventSelectors"]):
            found["eventSelectors"] = []
    if trail.get("HasInsightSelectors"):
        insights = _TRAILS.find(call, "GetInsightSelectors", TrailName=call.id)
        read = _TRAILS.properties(call, insights or {})
        found["insightSelectors"] = read.get("insightSelectors", [])
    return {name: found[name] for name in _SELECTORS}


def _is_default(selectors: Sequence[Properties]) -> bool:
    """Whether this is the selector of a trail for which none was ever put."""
    return (
        len(selectors) == 1
        and selectors[0].get("readWriteType") == "All"
        and not selectors[0].get("dataResources")
        and not selectors[0].get("excludeManagementEventSources")
    )


def _topic_name(call: Call, trail: Properties) -> str | None:
    """A topic's name if it is of the trail's region and account, else its ARN."""
    topic = trail.get("SnsTopicARN")
    if not topic:
        return None
    *_, region, account, name = str(topic).split(":")
    here = (region, account) == (trail.get("HomeRegion"), call.account.account_id)
    return name if here else str(topic)


_TRAILS: Final = _Trails(
    service="cloudtrail",
    create="CreateTrail",
    read="DescribeTrails",
    update="UpdateTrail",
    delete="DeleteTrail",
    made="TrailARN",
    names={"arn": "TrailARN", "cloudWatchLogsGroupArn": "CloudWatchLogsLogGroupArn"},
    answer="trailList[].merge(@, {EnableLogFileValidation: LogFileValidationEnabled})",
    outputs=_live_trail,
    gone=("TrailNotFoundException", "InsightNotEnabledException"),
    tags=_TAGS,
)
TRAIL = _TRAILS.row(
    type="aws:cloudtrail/trail:Trail",
    noun="CloudTrail Trail",
    configure=_configure_trail,
    name=AutoName(),
    replace={"name"},
    defaults={
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "eventSelectors.*.includeManagementEvents": True,
        "eventSelectors.*.readWriteType": "All",
    },
    sets={
        "advancedEventSelectors.*.fieldSelectors",
        "eventSelectors.*.excludeManagementEventSources",
        "insightSelectors",
    },
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
        "advancedEventSelectors.*.fieldSelectors.*.field": (one_of(*_FIELDS),),
        "insightSelectors.*.insightType": (one_of("ApiCallRateInsight", "ApiErrorRateInsight"),),
    },
    relations=(conflict("eventSelectors", "advancedEventSelectors"),),
)

# Event data stores: CloudTrail Lake, closed to new customers since 31 May 2026


class _Stores(Api):
    def change(self, call: Call) -> None:
        if call.changed - {"tags", "tagsAll", "suspend"}:
            Api.change(self, call)
            status = self.send(call, self.read, EventDataStore=call.id)["Status"]
            if status != "ENABLED":
                # The real provider waits for this one state, in vain for a suspended store.
                raise ResourceError(f"unexpected state '{status}', wanted target 'ENABLED'")


def _store(call: Call) -> Properties:
    started = call.creating and "suspend" in call.inputs
    return {"StartIngestion": call.inputs["suspend"] != "true"} if started else {}


def _suspend(call: Call) -> None:
    if call.creating or not call.has_changed("suspend"):
        return
    verb = {"true": "Stop", "false": "Start"}.get(call.inputs.get("suspend", ""))
    if verb:
        _STORES.send(call, f"{verb}EventDataStoreIngestion", EventDataStore=call.id)


_STORES: Final = _Stores(
    service="cloudtrail",
    create="CreateEventDataStore",
    read="GetEventDataStore",
    update="UpdateEventDataStore",
    delete="DeleteEventDataStore",
    made="EventDataStoreArn",
    key="EventDataStore",
    names={"arn": "EventDataStoreArn"},
    more=_store,
    # One that is pending deletion counts as gone.
    answer="Status != 'PENDING_DELETION' && @",
    gone=("EventDataStoreNotFoundException", "InactiveEventDataStoreException"),
    tags=_TAGS,
)
EVENT_DATA_STORE = _STORES.row(
    type="aws:cloudtrail/eventDataStore:EventDataStore",
    noun="CloudTrail Event Data Store",
    configure=_suspend,
    name=AutoName(),
    replace={"kmsKeyId", "name"},
    defaults={
        "billingMode": "EXTENDABLE_RETENTION_PRICING",
        "multiRegionEnabled": True,
        "retentionPeriod": 2555,
        "terminationProtectionEnabled": True,
    },
    sets={"advancedEventSelectors.*.fieldSelectors"},
    state_only={"suspend": "never read back"},
    validate={
        "name": (length(3, 128),),
        "retentionPeriod": (between(7, 2555),),
        "suspend": (one_of("true", "false"),),
        "advancedEventSelectors.*.fieldSelectors.*.field": (one_of(*_FIELDS),),
    },
)

# Delegated administrators for CloudTrail. Runs in the organization's management account.

_PRINCIPAL: Final = "cloudtrail.amazonaws.com"


class _Admins(Api):
    """They are registered by CloudTrail, and looked up in Organizations."""

    def look_up(self, call: Call) -> Properties | None:
        administrators: Any = DELEGATED_ADMINISTRATOR.api
        found = administrators.look_up(call.at(f"{call.id}/{_PRINCIPAL}"))
        return found and {"accountId": call.id, **found}

    def where(self, call: Call, operation: str) -> Properties:  # noqa: ARG002 - of Api
        return {"DelegatedAdminAccountId": call.id}


DELEGATED_ADMIN = _Admins(
    service="cloudtrail",
    create="RegisterOrganizationDelegatedAdmin",
    read="ListDelegatedAdministrators",
    delete="DeregisterOrganizationDelegatedAdmin",
    id="{accountId}",
    names={"accountId": "MemberAccountId"},
    gone=("AccountNotRegisteredException",),
).row(
    type="aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount",
    noun="CloudTrail Organization Delegated Admin Account",
    validate={"accountId": (account_id,)},
)
