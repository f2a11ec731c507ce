"""The services that watch beside CloudTrail: Config and GuardDuty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.collect.answers import ask

if TYPE_CHECKING:
    from posture.collect.access import Clients
    from posture.collect.answers import Answer


def ask_about_services(clients: Clients, account: str, region: str) -> dict[str, Answer]:
    """Whether Config records and GuardDuty detects in an account and region."""

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

    where = f"{account} {region}"
    return {
        f"config.{account}": ask("config:DescribeConfigurationRecorderStatus", where, recorders),
        f"guardduty.{account}": ask("guardduty:ListDetectors", where, detectors),
    }
