"""One thing changed in an organization where all is as meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from posture.compare import changes
from posture.report import State

from tests.support.posture import (
    BREAK_GLASS,
    DEPLOYER,
    LOGS,
    STANDARD,
    TOPICS,
    WORKLOAD,
    changed,
    report,
)
from tests.support.posture_changes import (
    GOOD,
    STRANGER,
    copied_to,
    exempting,
    first,
    lock,
    replicating,
    store,
    with_statement,
    without,
    without_statement,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERN = "arn:aws:iam::*:role/Admin*"
CHANGED: list[tuple[str, Callable[[Any], Any], dict[str, State]]] = [
    ("trail.status", without("IsLogging"), {"trail.logging": State.BAD}),
    ("trail", without("IsMultiRegionTrail"), {"trail.regions": State.BAD}),
    ("trail", without("IncludeGlobalServiceEvents"), {"trail.global-services": State.BAD}),
    (
        "trail.status",
        lambda status: {**status, "LatestDeliveryError": "AccessDenied"},
        {"trail.delivery": State.BAD},
    ),
    (
        "trail.selectors",
        lambda _: {"EventSelectors": [{"IncludeManagementEvents": True, "ReadWriteType": "All"}]},
        {"trail.data-events": State.OFF},
    ),
    ("bucket.versioning", lambda _: "Suspended", {"bucket.versioning": State.BAD}),
    ("bucket.lock", lambda _: lock("GOVERNANCE", 1), {"bucket.lock": State.ATTENTION}),
    ("bucket.lock", lambda _: lock("COMPLIANCE", 365), {"bucket.lock": State.GOOD}),
    ("bucket.lock", lambda _: None, {"bucket.lock": State.BAD}),
    ("bucket.public-access", lambda _: None, {"bucket.public-access": State.BAD}),
    ("bucket.ownership", lambda _: "ObjectWriter", {"bucket.ownership": State.BAD}),
    ("bucket.payer", lambda _: "Requester", {"bucket.payer": State.BAD}),
    ("bucket.access-logs", lambda _: None, {"bucket.access-logs": State.ATTENTION}),
    (
        "bucket.lifecycle",
        lambda _: [{"Status": "Enabled", "Expiration": {"Days": 1}}],
        {"bucket.lifecycle": State.BAD},
    ),
    (
        "bucket.policy",
        without_statement("DenyLogForgery"),
        {"bucket.policy.DenyLogForgery": State.BAD},
    ),
    (
        "bucket.policy",
        with_statement(Sid="Mine", Effect="Allow", Principal="*", Action="s3:GetObject"),
        {"bucket.policy.others": State.ATTENTION},
    ),
    (
        "bucket.policy",
        with_statement(
            Sid="AllowLogReadersGet",
            Effect="Allow",
            Principal={"AWS": STRANGER},
            Action="s3:GetObject",
        ),
        {"bucket.policy.readers": State.BAD},
    ),
    ("key.state", lambda _: "PendingDeletion", {"key.state": State.BAD}),
    ("key.rotation", lambda _: False, {"key.rotation": State.ATTENTION}),
    ("key.grants", lambda _: [STRANGER], {"key.grants": State.ATTENTION}),
    (
        "key.policy",
        without_statement("DenyKeyDestruction"),
        {"key.policy.DenyKeyDestruction": State.BAD},
    ),
    (
        "bucket.replication",
        lambda _: None,
        {
            "replica.replication": State.BAD,
            "drift.replicaBucketName": State.BAD,
            "drift.replicaKeyArn": State.BAD,
        },
    ),
    ("bucket.replication", replicating(Status="Disabled"), {"replica.replication": State.BAD}),
    (
        "bucket.replication",
        replicating(Filter={"Prefix": "AWSLogs/none"}),
        {"replica.replication": State.BAD},
    ),
    (
        "bucket.replication",
        replicating(Filter={"And": {"Prefix": "", "Tags": [{"Key": "a", "Value": "b"}]}}),
        {"replica.replication": State.BAD},
    ),
    (
        "bucket.replication",
        replicating(SourceSelectionCriteria={}),
        {"replica.replication": State.BAD},
    ),
    (
        "bucket.replication",
        lambda found: {**found, "Rules": [*found["Rules"], copied_to("elsewhere")]},
        {"replica.replication": State.ATTENTION},
    ),
    (
        "bucket.replication",
        lambda found: {**found, "Rules": [copied_to("elsewhere")]},
        {
            "replica.replication": State.BAD,
            "drift.replicaBucketName": State.BAD,
            "drift.replicaKeyArn": State.BAD,
        },
    ),
    (
        "bucket.replication",
        lambda found: {**found, "Role": f"arn:aws:iam::{LOGS}:role/Another"},
        {
            "replica.policy.DenyOutsideOrganization": State.BAD,
            "replica.policy.DenyReplicationByOthers": State.BAD,
        },
    ),
    ("replica.versioning", lambda _: "Suspended", {"replica.versioning": State.BAD}),
    ("replica.lock", lambda _: None, {"replica.lock": State.BAD}),
    ("replica.lock", lambda _: lock("GOVERNANCE", 1), {"replica.lock": State.ATTENTION}),
    (
        "replica.encryption",
        lambda _: [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
        {"replica.encryption": State.BAD},
    ),
    ("replica.public-access", lambda _: None, {"replica.public-access": State.BAD}),
    (
        "replica.policy",
        without_statement("DenyDeleteCloudTrailLogs"),
        {"replica.policy.DenyDeleteCloudTrailLogs": State.BAD},
    ),
    (
        "replica.policy",
        with_statement(
            Sid="AllowLogReadersGet",
            Effect="Allow",
            Principal={"AWS": STRANGER},
            Action="s3:GetObject",
        ),
        {"replica.policy.others": State.ATTENTION},
    ),
    (
        "replica.copies",
        lambda found: {**found, "copied": False},
        {"replica.copies": State.BAD},
    ),
    (
        "replica.copies",
        lambda _: {"newest": None, "copied": False},
        {"replica.copies": State.ATTENTION},
    ),
    ("replica.key.state", lambda _: "Disabled", {"replica.key.state": State.BAD}),
    ("replica.key.rotation", lambda _: False, {"replica.key.rotation": State.ATTENTION}),
    ("replica.key.grants", lambda _: [STRANGER], {"replica.key.grants": State.ATTENTION}),
    (
        "replica.key.policy",
        without_statement("DenyKeyDestruction"),
        {"replica.key.policy.DenyKeyDestruction": State.BAD},
    ),
    ("lake", first(Status="STOPPED_INGESTION"), {store("ingestion"): State.BAD}),
    ("lake", first(TerminationProtectionEnabled=False), {store("protection"): State.BAD}),
    ("lake", first(MultiRegionEnabled=False), {store("scope"): State.BAD}),
    ("lake", first(OrganizationEnabled=False), {store("scope"): State.BAD}),
    ("lake", first(RetentionPeriod=7), {store("retention"): State.ATTENTION}),
    ("lake", first(AdvancedEventSelectors=[]), {store("management-events"): State.BAD}),
    (
        f"securityhub.{LOGS}",
        lambda _: None,
        {
            f"services.securityhub.{LOGS}": State.OFF,
            f"drift.securityHubStandardArns.{LOGS}": State.BAD,
        },
    ),
    (
        f"securityhub.{LOGS}",
        lambda found: {**found, "standards": {}},
        {
            f"services.securityhub.{LOGS}": State.ATTENTION,
            f"drift.securityHubStandardArns.{LOGS}": State.BAD,
        },
    ),
    (
        f"securityhub.{LOGS}",
        lambda found: {**found, "standards": {STANDARD: "INCOMPLETE"}},
        {f"services.securityhub.{LOGS}": State.ATTENTION},
    ),
    ("trails", lambda found: found * 5, {"trail.count": State.ATTENTION}),
    (
        f"guardduty.{LOGS}",
        lambda _: [],
        {
            f"services.guardduty.{LOGS}": State.OFF,
            f"drift.guardDutyDetectorId.{LOGS}": State.BAD,
        },
    ),
    ("trusted-access", lambda _: False, {"organization.trusted-access": State.BAD}),
    ("administrators", lambda _: [WORKLOAD], {"organization.administrators": State.ATTENTION}),
    (
        "rcps",
        first(Targets=[]),
        {"guardrails.rcps.protect-logs": State.BAD, "drift.guardrail.p-rcp": State.BAD},
    ),
    ("scps", exempting(STRANGER), {f"exempt.{STRANGER}": State.BAD}),
    ("scps", exempting(PATTERN), {f"exempt.{PATTERN}": State.BAD}),
    (f"role.{BREAK_GLASS}", lambda _: None, {f"exempt.{BREAK_GLASS}": State.BAD}),
    (
        f"role.{DEPLOYER}",
        lambda _: {"trust": {"Statement": {"Effect": "Allow", "Principal": "*"}}},
        {f"exempt.{DEPLOYER}": State.BAD},
    ),
    (
        "alarms",
        first(ActionsEnabled=False),
        {"alerts.alarm.UnauthorizedApiCalls": State.BAD},
    ),
    ("filters", first(pattern="{ $.x = 1 }"), {"alerts.alarm.UnauthorizedApiCalls": State.BAD}),
    (
        f"rules.{LOGS}.us-east-1",
        first(State="DISABLED"),
        {f"alerts.rule.trail.{LOGS}": State.BAD},
    ),
    (
        f"topic.{TOPICS[LOGS]}",
        lambda topic: {**topic, "subscriptions": []},
        {
            f"alerts.topic.us-east-1:{LOGS}:cloudtrail-guard-alerts": State.ATTENTION,
            f"alerts.subscription.us-east-1:{LOGS}:cloudtrail-guard-alerts.email soc@example.com": (
                State.GOOD
            ),
        },
    ),
    (
        "log-group",
        lambda group: {**group, "retentionInDays": 7},
        {"alerts.log-group": State.ATTENTION},
    ),
]


@pytest.mark.parametrize(("key", "change", "expected"), CHANGED)
def test_one_change_shows_as_itself_and_nothing_else(
    key: str, change: Callable[[Any], Any], expected: dict[str, State]
) -> None:
    found = changes(GOOD, report(changed(key, change)))

    assert {each.check.id: each.check.state for each in found} == expected
