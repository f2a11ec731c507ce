"""Records as the events that EventBridge delivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.corpus.records import Record


_KINDS = {
    "AwsApiCall": "API Call",
    "AwsConsoleSignIn": "Console Signin",
    "AwsServiceEvent": "Service Event",
    "AwsVpceEvent": "Network Activity Event",
}


def event(record: Record) -> dict[str, Any]:
    """The event of a record.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """
    return {
        "version": "0",
        "id": record["eventID"],
        "detail-type": f"AWS {_KINDS[record['eventType']]} via CloudTrail",
        "source": f"aws.{record['eventSource'].removesuffix('.amazonaws.com')}",
        "account": record["recipientAccountId"],
        "time": record["eventTime"],
        "region": record["awsRegion"],
        "resources": [],
        "detail": record,
    }
