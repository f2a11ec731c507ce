"""What is in AWS already, and the id by which `pulumi import` takes it.

The ids are those of the import section of each resource's page in the Pulumi Registry
(https://www.pulumi.com/registry/packages/aws/api-docs/). A resource in another region than the
stack's has that region behind its id
(https://www.pulumi.com/registry/packages/aws/how-to-guides/aws-v7-enhanced-region-support/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard.policies.document import parse_document, sids_of

from adoption.buckets import BUCKET, SETTINGS, Buckets
from adoption.clients import Clients, ask
from adoption.keys import ALIAS, KEY, Keys
from adoption.named import NAMED, find
from adoption.policies import POLICY, OrganizationPolicies
from adoption.roles import ROLE, ROLE_POLICY, Roles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from adoption.planned import Planned
    from stacks.lookups.session import AwsClients

TRAIL = "aws:cloudtrail/trail:Trail"
EVENT_DATA_STORE = "aws:cloudtrail/eventDataStore:EventDataStore"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
SERVICE_ACCESS = "aws:organizations/awsServiceAccess:AwsServiceAccess"
ADMINISTRATOR = "aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount"
NAMED_QUERY = "aws:athena/namedQuery:NamedQuery"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
PERMISSION = "aws:lambda/permission:Permission"
DETECTOR = "aws:guardduty/detector:Detector"
SECURITY_HUB = "aws:securityhub/account:Account"


class Existing:
    """What one account has of what a stack would make."""

    def __init__(
        self, aws: AwsClients, planned: Sequence[Planned], policies: Sequence[str] = ()
    ) -> None:
        """Look with the credentials of the stack's provider.

        Args:
            aws: its clients.
            planned: what the stack would make.
            policies: ids of the organization policies to adopt; empty: those with most of the same
                statements.
        """
        self._clients = Clients(aws)
        self._planned = planned
        self.policies = OrganizationPolicies(self._clients, planned, policies)
        buckets = Buckets(self._clients, planned)
        keys = Keys(self._clients, planned, buckets.key_of)
        self._queries: dict[tuple[object, str], dict[tuple[object, object], str]] = {}
        roles = Roles(self._clients, planned)
        self._finders: dict[str, Callable[[Planned], str | None]] = {
            **dict.fromkeys(SETTINGS, buckets.setting),
            **dict.fromkeys(NAMED, lambda planned: find(self._clients, planned)),
            BUCKET: buckets.bucket,
            KEY: keys.key,
            ALIAS: keys.alias,
            TRAIL: self._trail,
            EVENT_DATA_STORE: self._event_data_store,
            POLICY: lambda planned: self.policies.chosen.get(planned.name),
            ATTACHMENT: self.policies.attachment,
            SERVICE_ACCESS: self.policies.service_access,
            ADMINISTRATOR: self.policies.administrator,
            ROLE: roles.role,
            ROLE_POLICY: roles.policy,
            NAMED_QUERY: self._named_query,
            LOG_GROUP: self._log_group,
            PERMISSION: self._permission,
            DETECTOR: self._detector,
            SECURITY_HUB: self._security_hub,
        }

    def ids(self) -> dict[tuple[str, str], str]:
        """The import id of everything that is there, by type and logical name.

        Raises:
            AdoptionError: something cannot be adopted as it is.
        """
        found: dict[tuple[str, str], str] = {}
        for each in self._planned:
            find = self._finders.get(each.type)
            if find is not None and (id_ := find(each)) is not None:
                found[each.type, each.name] = id_ + self._region_suffix(each)
        return found

    def _region_suffix(self, planned: Planned) -> str:
        region = self._clients.region_of(planned)
        return "" if region == self._clients.region else f"@{region}"

    def _trail(self, planned: Planned) -> str | None:
        listed = self._clients.client("cloudtrail", planned).describe_trails(
            trailNameList=[planned.inputs["name"]], includeShadowTrails=False
        )["trailList"]
        return str(listed[0]["TrailARN"]) if listed else None

    def _event_data_store(self, planned: Planned) -> str | None:
        cloudtrail = self._clients.client("cloudtrail", planned)
        page: dict[str, str] = {}
        while True:  # boto3 has no paginator for it
            listed = cloudtrail.list_event_data_stores(**page)
            for store in listed["EventDataStores"]:
                if store["Name"] != planned.inputs["name"]:
                    continue
                found = cloudtrail.get_event_data_store(EventDataStore=store["EventDataStoreArn"])
                if found["Status"] != "PENDING_DELETION":
                    return str(found["EventDataStoreArn"])
            if not listed.get("NextToken"):
                return None
            page = {"NextToken": listed["NextToken"]}

    def _named_query(self, planned: Planned) -> str | None:
        """A query of the workgroup with the name and the text: Athena makes any number of them."""
        workgroup = str(planned.inputs.get("workgroup", "primary"))
        place = planned.inputs.get("region"), workgroup
        if place not in self._queries:
            self._queries[place] = self._named_queries(workgroup, planned)
        return self._queries[place].get((planned.inputs.get("name"), planned.inputs.get("query")))

    def _named_queries(self, workgroup: str, planned: Planned) -> dict[tuple[object, object], str]:
        """The ids of a workgroup's queries, by name and text; the first, if several are alike."""
        athena = self._clients.client("athena", planned)
        try:
            pages = athena.get_paginator("list_named_queries").paginate(WorkGroup=workgroup)
            ids = [str(id_) for page in pages for id_ in page["NamedQueryIds"]]
        except athena.exceptions.InvalidRequestException:  # there is no such workgroup
            return {}
        found = {id_: athena.get_named_query(NamedQueryId=id_)["NamedQuery"] for id_ in ids}
        return {(q["Name"], q["QueryString"]): id_ for id_, q in reversed(found.items())}

    def _log_group(self, planned: Planned) -> str | None:
        name = str(planned.inputs["name"])
        logs = self._clients.client("logs", planned)
        listed = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        return name if name in {each["logGroupName"] for each in listed} else None

    def _permission(self, planned: Planned) -> str | None:
        function, statement = (planned.inputs.get(key) for key in ("function", "statementId"))
        get = self._clients.client("lambda", planned).get_policy
        found = function and ask(get, FunctionName=str(function))
        sids = sids_of(parse_document(found["Policy"])) if found else ()
        return f"{function}/{statement}" if statement in sids else None

    def _detector(self, planned: Planned) -> str | None:
        """A region has at most one detector."""
        listed = self._clients.client("guardduty", planned).list_detectors()["DetectorIds"]
        return str(listed[0]) if listed else None

    def _security_hub(self, planned: Planned) -> str | None:
        hub = self._clients.client("securityhub", planned)
        try:
            arn = hub.describe_hub()["HubArn"]
        except (hub.exceptions.InvalidAccessException, hub.exceptions.ResourceNotFoundException):
            return None
        return str(arn).split(":")[4]
