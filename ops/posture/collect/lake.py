"""CloudTrail Lake: the event data stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.collect.answers import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from posture.collect.access import Clients
    from posture.collect.answers import Answer

_KEPT = (
    "Name",
    "EventDataStoreArn",
    "Status",
    "MultiRegionEnabled",
    "OrganizationEnabled",
    "RetentionPeriod",
    "TerminationProtectionEnabled",
    "KmsKeyId",
    "AdvancedEventSelectors",
)


def ask_about_event_data_stores(clients: Clients, region: str) -> Answer:
    """The event data stores of an account and region, with their settings.

    A listing has names and ARNs alone
    (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventDataStore.html).
    """
    client = clients("cloudtrail", region)

    def arns() -> Iterator[str]:
        # boto3 has no paginator for it.
        page = client.list_event_data_stores()
        yield from (each["EventDataStoreArn"] for each in page["EventDataStores"])
        while token := page.get("NextToken"):
            page = client.list_event_data_stores(NextToken=token)
            yield from (each["EventDataStoreArn"] for each in page["EventDataStores"])

    def question() -> list[dict[str, Any]]:
        found = (client.get_event_data_store(EventDataStore=arn) for arn in sorted(arns()))
        return [{key: store[key] for key in _KEPT if key in store} for store in found]

    return ask("cloudtrail:GetEventDataStore", region, question)
