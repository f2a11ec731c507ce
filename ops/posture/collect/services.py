"""The services that watch beside CloudTrail: Config, GuardDuty and Security Hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.collect.answers import ask

if TYPE_CHECKING:
    from posture.collect.access import Clients
    from posture.collect.answers import Answer


def ask_about_services(clients: Clients, account: str, region: str) -> dict[str, Answer]:
    """Whether Config, GuardDuty and Security Hub are on in an account and region."""

    def recorders() -> list[str]:
        found = clients("config", region).describe_configuration_recorder_status()
        return [each["name"] for each in found["ConfigurationRecordersStatus"] if each["recording"]]

    def detectors() -> list[str]:
        guardduty = clients("guardduty", region)
        pages = guardduty.get_paginator("list_detectors").paginate()
        listed = [each for page in pages for each in page["DetectorIds"]]
        return [
            each
            for each in listed
            if guardduty.get_detector(DetectorId=each)["Status"] == "ENABLED"
        ]

    def hub() -> dict[str, Any]:
        client = clients("securityhub", region)
        arn = client.describe_hub()["HubArn"]
        pages = client.get_paginator("get_enabled_standards").paginate()
        standards = {
            each["StandardsArn"]: each["StandardsStatus"]
            for page in pages
            for each in page["StandardsSubscriptions"]
        }
        return {"hub": arn, "standards": dict(sorted(standards.items()))}

    where = f"{account} {region}"
    return {
        f"config.{account}": ask("config:DescribeConfigurationRecorderStatus", where, recorders),
        f"guardduty.{account}": ask("guardduty:ListDetectors", where, detectors),
        # Of an account that is not subscribed, Security Hub refuses every call as invalid
        # (https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html).
        f"securityhub.{account}": ask(
            "securityhub:GetEnabledStandards",
            where,
            hub,
            absent=("InvalidAccessException", "ResourceNotFoundException"),
        ),
    }
