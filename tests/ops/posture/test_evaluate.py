"""What answers of AWS mean: one thing changed in an organization where all is as meant."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from botocore.parsers import ResponseParserError
from cloudtrail_guard.arns import Location
from cloudtrail_guard.policies.bucket_guard import BucketGuard
from cloudtrail_guard.policies.replica import replica_bucket_policy, replica_key_policy
from jsonschema import Draft202012Validator
from posture.collect.alerts import receiver
from posture.collect.answers import Place, ask
from posture.compare import OldReportError, changes, read_report
from posture.evaluate.alerts import covers
from posture.evaluate.coverage import make_coverage
from posture.evaluate.denials import Principal, Request, denies
from posture.evaluate.drift import exemption_rows
from posture.evaluate.meant import differences
from posture.evaluate.storage import encryption, lifecycle, object_lock
from posture.evaluate.trail import data_events, management_events
from posture.report import State

from tests.support.checkout import CHECKOUT
from tests.support.posture import (
    BREAK_GLASS,
    DEPLOYER,
    KEY,
    LOGS,
    MANAGEMENT,
    ORGANIZATION,
    OUTPUTS,
    REPLICA,
    REPLICATION_ROLE,
    ROOT,
    STANDARD,
    STORE,
    TOPICS,
    UNIT,
    WORKLOAD,
    answer,
    changed,
    good_facts,
    refused,
    report,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = report(good_facts())
OPTIONAL = {"bucket.policy.readers", "key.policy.readers"}
OPEN = {"guardrails.management"}
SCHEMA: dict[str, Any] = json.loads((CHECKOUT / "docs/posture-report.schema.json").read_text())


def test_where_all_is_as_meant_only_optional_things_are_not_good() -> None:
    assert {check.id for check in GOOD.checks if check.state is State.OFF} == OPTIONAL
    assert {check.id for check in GOOD.checks if check.state is State.ATTENTION} == OPEN
    assert GOOD.exit_code == 0
    assert len({check.id for check in GOOD.checks}) == len(GOOD.checks)


def test_what_is_meant_can_be_read_from_the_policies_themselves() -> None:
    alone = report(good_facts(), {})

    with_outputs = {check.id: check.state for check in GOOD.checks if check.subject != "drift"}
    assert {check.id: check.state for check in alone.checks} == with_outputs


def without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda value: {**value, key: None}


def without_statement(sid: str) -> Callable[[Any], Any]:
    return lambda policy: {
        **policy,
        "Statement": [each for each in policy["Statement"] if each["Sid"] != sid],
    }


def with_statement(**statement: Any) -> Callable[[Any], Any]:
    return lambda policy: {**policy, "Statement": [*policy["Statement"], statement]}


def exempting(arn: str) -> Callable[[Any], Any]:
    """Every deny of the first policy exempts one more principal."""

    def add(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
        text = json.dumps(policies).replace(f'"{BREAK_GLASS}"', f'"{BREAK_GLASS}", "{arn}"')
        # One value is no list.
        for key in ("aws:PrincipalArn", "Resource"):
            text = text.replace(
                f'"{key}": "{BREAK_GLASS}", "{arn}"', f'"{key}": ["{BREAK_GLASS}", "{arn}"]'
            )
        return json.loads(text)

    return add


def first(**values: Any) -> Callable[[Any], Any]:
    return lambda found: [{**found[0], **values}, *found[1:]]


def replicating(**values: Any) -> Callable[[Any], Any]:
    """The rule of the log bucket's replication, changed."""
    return lambda found: {**found, "Rules": first(**values)(found["Rules"])}


def copied_to(bucket: str) -> dict[str, Any]:
    """A rule that copies to another bucket."""
    return {"Status": "Enabled", "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"}}


def store(check: str) -> str:
    """The id of a check of the event data store."""
    return f"lake.{check}.{STORE.rpartition('/')[2]}"


def lock(mode: str, days: int) -> dict[str, Any]:
    retention = {"Mode": mode, "Days": days}
    return {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}


PATTERN = "arn:aws:iam::*:role/Admin*"
STRANGER = f"arn:aws:iam::{WORKLOAD}:role/Stranger"

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


@pytest.mark.parametrize(
    ("named", "state"),
    [({"readerArns": [STRANGER]}, State.GOOD), ({"readerArns": []}, State.BAD), ({}, State.GOOD)],
)
def test_readers_are_those_that_the_stack_names_where_it_names_any(
    named: dict[str, Any], state: State
) -> None:
    reader = with_statement(
        Sid="AllowLogReadersGet",
        Effect="Allow",
        Principal={"AWS": STRANGER},
        Action="s3:GetObject",
    )

    found = report(changed("bucket.policy", reader), named)

    [check] = [check for check in found.checks if check.id == "bucket.policy.readers"]
    assert check.state is state


def test_an_event_data_store_that_is_gone_is_bad_where_the_stack_has_one() -> None:
    gone = changed("lake", lambda _: [])

    found = report(gone)

    assert {check.id: check.state for check in found.checks if check.subject == "lake"} == {
        "lake.stores": State.BAD
    }
    [drift] = [check for check in found.checks if check.id == "drift.eventDataStoreArn"]
    assert drift.state is State.BAD
    [without] = [check for check in report(gone, {}).checks if check.subject == "lake"]
    assert without.state is State.OFF


def test_a_store_of_other_events_is_no_line_of_the_report() -> None:
    other = {"Field": "eventCategory", "Equals": ["ConfigurationItem"]}
    facts = changed("lake", first(AdvancedEventSelectors=[{"FieldSelectors": [other]}]))

    found = report(facts, {})

    [check] = [check for check in found.checks if check.subject == "lake"]
    assert (check.id, check.state) == ("lake.stores", State.OFF)


@pytest.mark.parametrize(
    ("region", "state"),
    [("us-west-2", State.GOOD), ("us-east-1", State.ATTENTION), (None, State.BAD)],
)
def test_a_replica_is_another_bucket_in_another_region(region: str | None, state: State) -> None:
    found = report(changed("replica.region", lambda _: region), {})

    [check] = [check for check in found.checks if check.id == "replica.replication"]
    assert check.state is state


def test_without_a_replica_there_is_one_line_that_says_so() -> None:
    facts = changed("bucket.replication", lambda _: None)
    answers = {key: each for key, each in facts.answers.items() if not key.startswith("replica.")}

    found = report(replace(facts, answers=answers), {})

    [check] = [check for check in found.checks if check.subject == "replica"]
    assert (check.id, check.state) == ("replica.replication", State.OFF)
    assert any("no copy in a second one" in sentence for sentence in found.unprotected)


ARCHIVE_ADMIN = f"arn:aws:iam::{WORKLOAD}:role/ArchiveAdmin"


@pytest.mark.parametrize(
    ("named", "state"),
    [
        ({}, State.GOOD),
        ({"replicaBreakGlassRoleArns": [ARCHIVE_ADMIN]}, State.GOOD),
        ({"replicaBreakGlassRoleArns": [BREAK_GLASS]}, State.BAD),
    ],
)
def test_a_replica_in_an_account_of_its_own_has_exempt_roles_of_its_own(
    named: dict[str, Any], state: State
) -> None:
    admin = ARCHIVE_ADMIN
    key = f"arn:aws:kms:us-west-2:{WORKLOAD}:key/abcd1234-12ab-34cd-56ef-1234567890ab"
    documents: dict[str, Any] = {
        "replica.policy": replica_bucket_policy(
            BucketGuard(
                partition="aws",
                bucket=REPLICA,
                organization_id=ORGANIZATION,
                break_glass=(admin,),
                deployers=(),
            ),
            account=WORKLOAD,
            replication_role=REPLICATION_ROLE,
        ),
        "replica.key.policy": replica_key_policy(
            Location(partition="aws", region="us-west-2", account=WORKLOAD),
            bucket=REPLICA,
            replication_role=REPLICATION_ROLE,
            break_glass=(admin,),
            deployers=(),
        ),
    }
    facts = good_facts()
    answers = {**facts.answers, **{name: answer(each) for name, each in documents.items()}}
    outputs = {**OUTPUTS, "replicaKeyArn": key, **named}

    found = report(replace(facts, answers=answers), outputs)

    policies = {
        check.id.rpartition(".")[2]: check.state
        for check in found.checks
        if check.id.startswith(("replica.policy.", "replica.key.policy."))
    }
    assert {"AllowReplication", "AllowReplicationEncrypt"} <= policies.keys()
    assert policies["DenyDeleteCloudTrailLogs"] is state
    assert (set(policies.values()) == {State.GOOD}) is (state is State.GOOD)


def test_a_detached_guardrail_leaves_every_member_account_unbound() -> None:
    found = report(changed("scps", first(Targets=[])))

    worse = {each.check.id for each in changes(GOOD, found)}
    denials = {check.id for check in GOOD.checks if check.id.startswith("guardrails.deny.")}
    assert worse == denials | {
        "guardrails.scps.protect-cloudtrail",
        "guardrails.accounts",
        "drift.guardrail.p-scp",
    }
    assert not any(account.bound for account in found.accounts)


def test_accounts_outside_the_unit_are_named_as_not_bound() -> None:
    found = report(changed("scps", first(Targets=[UNIT])), {})

    assert {account.id for account in found.accounts if account.bound} == {WORKLOAD}
    [check] = [check for check in found.checks if check.id == "guardrails.accounts"]
    assert (check.state, LOGS in check.says) == (State.ATTENTION, True)
    assert any(LOGS in sentence for sentence in found.unprotected)


def test_a_suspended_account_is_shown_and_counts_as_no_member() -> None:
    found = report(
        changed("accounts", lambda all_of: [*all_of[:2], {**all_of[2], "State": "SUSPENDED"}])
    )

    [row] = [account for account in found.accounts if account.id == WORKLOAD]
    assert row.why.startswith("not active")
    assert found.exit_code == 0


NO_CHECK = {"bucket.size", "caller.trail"}
"""What is shown and decides nothing."""


@pytest.mark.parametrize("key", sorted(good_facts().answers.keys() - NO_CHECK))
def test_what_aws_refuses_to_answer_is_unknown_and_never_good(key: str) -> None:
    found = report(refused(key))

    unknown = [check for check in found.checks if check.state is State.UNKNOWN]
    assert unknown
    assert found.exit_code != 0
    saw = [
        check
        for check in found.checks
        for each in check.evidence
        # Not the VpceAccessDenied of an event rule's pattern.
        if re.search(r"\bAccessDenied", each.saw)
    ]
    assert {check.state for check in saw} <= {State.UNKNOWN, State.BAD, State.ATTENTION}


def test_a_trail_that_is_gone_is_one_finding_beside_what_stays() -> None:
    found = report(changed("trail", lambda _: None))

    assert [check.id for check in found.checks if check.subject == "trail"] == ["trail.exists"]
    assert found.exit_code == 1


@pytest.mark.parametrize("organization", [None, {"Id": ORGANIZATION, "FeatureSet": "ALL"}])
def test_of_an_accounts_own_trail_the_guardrails_are_iam_policies(organization: Any) -> None:
    facts = changed("organization", lambda _: organization)
    trail = facts.answers["trail"]
    alone = {**trail.value, "IsOrganizationTrail": False}
    refusals = dict.fromkeys(("accounts", "scps", "rcps"), answer(None, "AccessDenied"))
    answers = {**facts.answers, **refusals, "trail": replace(trail, value=alone)}

    found = report(replace(facts, answers=answers), {})

    guardrails = {check.id: check.state for check in found.checks if check.subject == "guardrails"}
    assert guardrails == {"guardrails.identity": State.GOOD, "guardrails.mfa": State.GOOD}
    assert not any(check.subject == "organization" for check in found.checks)
    assert State.UNKNOWN not in {check.state for check in found.checks}


MANAGEMENT_EVENTS = [
    ({"Field": "eventCategory", "Equals": ["Management"]}, None, State.GOOD),
    (
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "readOnly", "Equals": ["false"]},
        State.BAD,
    ),
    (
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
        State.BAD,
    ),
    ({"Field": "eventCategory", "Equals": ["Data"]}, None, State.BAD),
]


@pytest.mark.parametrize(("category", "narrowed", "state"), MANAGEMENT_EVENTS)
def test_management_events_are_all_recorded_or_it_is_bad(
    category: dict[str, Any], narrowed: dict[str, Any] | None, state: State
) -> None:
    fields = [category, *([narrowed] if narrowed else [])]

    assert management_events({"AdvancedEventSelectors": [{"FieldSelectors": fields}]})[0] is state


@pytest.mark.parametrize(
    ("selector", "state"),
    [
        ({"IncludeManagementEvents": True, "ReadWriteType": "All"}, State.GOOD),
        ({"IncludeManagementEvents": True, "ReadWriteType": "WriteOnly"}, State.BAD),
        (
            {
                "IncludeManagementEvents": True,
                "ReadWriteType": "All",
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
            },
            State.BAD,
        ),
        ({"IncludeManagementEvents": False, "ReadWriteType": "All"}, State.BAD),
    ],
)
def test_basic_selectors_are_read_as_well(selector: dict[str, Any], state: State) -> None:
    assert management_events({"EventSelectors": [selector]})[0] is state


def test_no_selector_records_nothing() -> None:
    assert management_events(None)[0] is State.BAD
    assert data_events(None)[0] is State.OFF


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (lock("GOVERNANCE", 365), State.GOOD),
        ({**lock("GOVERNANCE", 365), "ObjectLockEnabled": None}, State.BAD),
        ({"ObjectLockEnabled": "Enabled"}, State.BAD),
        (
            {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7}},
            },
            State.GOOD,
        ),
        (lock("GOVERNANCE", 364), State.ATTENTION),
        (None, State.BAD),
    ],
)
def test_object_lock_needs_a_default_retention(found: Any, state: State) -> None:
    assert object_lock(found)[0] is state


def test_the_default_encryption_is_with_the_log_key() -> None:
    def rules(algorithm: str, key: str | None) -> list[dict[str, Any]]:
        default = {"SSEAlgorithm": algorithm, "KMSMasterKeyID": key}
        return [{"ApplyServerSideEncryptionByDefault": default}]

    assert encryption(rules("aws:kms", KEY), KEY)[0] is State.GOOD
    assert encryption(rules("aws:kms", "other"), KEY)[0] is State.BAD
    assert encryption(rules("aws:kms", "other"), None)[0] is State.GOOD
    assert encryption(rules("AES256", None), KEY)[0] is State.BAD
    assert encryption(None, KEY)[0] is State.BAD


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (None, State.GOOD),
        ({"Status": "Disabled", "Expiration": {"Days": 1}}, State.GOOD),
        ({"Status": "Enabled", "Expiration": {"Days": 364}}, State.BAD),
        ({"Status": "Enabled", "Expiration": {"Days": 365}}, State.GOOD),
        ({"Status": "Enabled", "Expiration": {"Date": "2030-01-01"}}, State.BAD),
        ({"Status": "Enabled", "Expiration": {"ExpiredObjectDeleteMarker": True}}, State.GOOD),
    ],
)
def test_nothing_expires_before_its_lock_ends(rule: Any, state: State) -> None:
    assert lifecycle([rule] if rule else None, lock("GOVERNANCE", 365))[0] is state


WANTED: dict[str, Any] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:DeleteObject", "s3:PutObjectAcl"],
    "Resource": "arn:aws:s3:::logs/*",
    "Condition": {"StringNotEquals": {"aws:PrincipalArn": BREAK_GLASS}},
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"Principal": {"AWS": "*"}}, ""),
        ({"Action": ["s3:putobjectacl", "S3:DeleteObject", "s3:More"]}, ""),
        ({"Condition": {"StringNotEquals": {"AWS:principalarn": [BREAK_GLASS]}}}, ""),
        ({"Action": "s3:DeleteObject"}, "Action lacks s3:putobjectacl"),
        ({"Resource": "arn:aws:s3:::logs/a/*"}, "Resource lacks"),
        ({"Principal": {"AWS": DEPLOYER}}, "its principal is"),
        ({"Effect": "Allow"}, "its effect is Allow"),
        ({"Condition": {}}, "it lacks the condition"),
        ({"Condition": WANTED["Condition"] | {"Bool": {"a": "true"}}}, "its condition Bool a"),
        ({"NotAction": "s3:x"}, "it has a NotAction"),
    ],
)
def test_a_deny_that_is_weaker_than_meant_says_in_what(change: Any, words: str) -> None:
    found = differences(WANTED, {**WANTED, **change})

    assert "; ".join(found).startswith(words) if words else not found


def test_an_allow_of_more_than_meant_is_a_difference() -> None:
    allow = {**WANTED, "Effect": "Allow"}

    assert not differences(allow, allow)
    assert differences(allow, {**allow, "Action": [*WANTED["Action"], "s3:*"]})


@pytest.mark.parametrize(
    ("condition", "denied"),
    [
        ({}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": BREAK_GLASS}}, True),
        ({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{LOGS}:role/Some*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, False),
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-other"}}, True),
        ({"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        ({"StringEquals": {"aws:SourceArn": "x"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "x"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, False),
        ({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, False),
    ],
)
def test_a_deny_counts_only_where_its_conditions_certainly_hold(
    condition: Any, denied: bool
) -> None:
    who = Principal(arn=f"arn:aws:iam::{LOGS}:role/Someone", organization=ORGANIZATION)
    asked = Request(who=who, action="s3:DeleteObject", resource="arn:aws:s3:::logs/key")
    statement = {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*", "Condition": condition}

    assert denies({"Statement": statement}, asked) is denied


@pytest.mark.parametrize(
    ("statement", "denied"),
    [
        ({"Action": "s3:deleteobject", "Resource": "arn:aws:s3:::logs/*"}, True),
        ({"NotAction": "s3:Get*", "Resource": "*"}, True),
        ({"NotAction": "s3:*", "Resource": "*"}, False),
        ({"Action": "*", "NotResource": "arn:aws:s3:::logs/*"}, False),
        ({"Action": "*", "Resource": "arn:aws:s3:::other/*"}, False),
        ({"Action": "*", "Resource": "*", "Principal": {"AWS": BREAK_GLASS}}, False),
        ({"Action": "*", "Resource": "*", "NotPrincipal": {"AWS": BREAK_GLASS}}, True),
        ({"Action": "*", "Resource": "*", "Effect": "Allow"}, False),
    ],
)
def test_a_deny_counts_for_its_actions_resources_and_principals(
    statement: Any, denied: bool
) -> None:
    who = Principal(arn=f"arn:aws:iam::{LOGS}:role/Someone", organization=None)
    asked = Request(who=who, action="s3:DeleteObject", resource="arn:aws:s3:::logs/key")

    assert denies({"Statement": [{"Effect": "Deny", **statement}]}, asked) is denied


def test_the_matrix_says_who_is_denied_what() -> None:
    cells = {
        (row.who, column): cell
        for row in GOOD.matrix.rows
        for column, cell in zip(GOOD.matrix.columns, row.cells, strict=True)
    }

    assert cells["Administrators of member accounts", "Trail"].state == "denied"
    assert cells["Administrators of the log account", "Log files"].state == "denied"
    assert cells["Administrators of the management account", "Trail"].state == "open"
    assert cells["Administrators of the management account", "Log files"].state == "denied"
    assert cells["Those who have the IAM form of the guardrails", "Trail"].state == "denied"
    assert cells["Deploying roles", "Bucket"].state == "exempt"
    assert cells["Deploying roles", "Log files"].state == "denied"
    assert cells["Break-glass roles", "Log files"].state == "exempt"
    assert {cells["Anyone outside", column].state for column in GOOD.matrix.columns} == {"denied"}


@pytest.mark.parametrize(
    ("unread", "who", "column"),
    [
        ("bucket.policy", "Administrators of the management account", "Log files"),
        ("key.policy", "Administrators of the management account", "Key"),
        ("scps", "Administrators of the log account", "Membership"),
    ],
)
def test_the_matrix_does_not_know_what_a_document_says_that_was_not_read(
    unread: str, who: str, column: str
) -> None:
    facts = refused(unread)
    answers = {**facts.answers, "rcps": answer([])}

    matrix = report(replace(facts, answers=answers)).matrix

    at = matrix.columns.index(column)
    assert {row.who: row.cells[at].state for row in matrix.rows}[who] == "unknown"


LATE = "2026-03-01T16:20:00+00:00"


@pytest.mark.parametrize(
    ("hours", "status", "expected", "state"),
    [
        ("1" * 21, {}, "#" * 21 + "---", State.GOOD),
        ("1" * 10 + "0" + "1" * 10, {}, "#" * 10 + "." + "#" * 10 + "---", State.BAD),
        ("0" * 21, {}, "." * 21 + "---", State.BAD),
        ("0" * 4 + "1" * 17, {"StartLoggingTime": LATE}, "-" * 4 + "#" * 17 + "---", State.GOOD),
        (
            "0" * 4 + "1" * 17,
            {"StartLoggingTime": LATE, "StopLoggingTime": "2026-02-01T00:00:00+00:00"},
            "." * 4 + "#" * 17 + "---",
            State.BAD,
        ),
        (
            "1" + "0" * 3 + "1" * 17,
            {"StartLoggingTime": LATE},
            "#..." + "#" * 17 + "---",
            State.BAD,
        ),
    ],
)
def test_an_hour_without_a_digest_is_a_gap_once_it_is_due_and_the_trail_was_there(
    hours: str, status: dict[str, str], expected: str, state: State
) -> None:
    facts = changed("trail.status", lambda found: {**found, **status})
    place = Place(account=LOGS, region="eu-west-1", hours=int(hours[::-1], 2))

    [covered] = make_coverage(replace(facts, places=(place,))).places

    assert (covered.hours, covered.state) == (expected, state)


def test_digests_that_cannot_be_listed_are_unknown() -> None:
    place = Place(account=LOGS, region="eu-west-1", error="AccessDenied: no")

    found = report(replace(good_facts(), places=(*good_facts().places, place)))

    [check] = [check for check in found.checks if check.id == "coverage.digests"]
    assert check.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("found", "covered"),
    [
        ({"source": ["aws.kms"], "detail": {"eventName": ["A", "B"]}}, True),
        ({"source": ["aws.kms"], "detail": {"eventName": ["A", "B", "C"]}}, True),
        ({"source": ["aws.kms"]}, True),
        ({"source": ["aws.kms"], "detail": {"eventName": ["A"]}}, False),
        ({"source": ["aws.kms"], "detail": {"eventName": ["A", "B"], "x": ["y"]}}, False),
        ({"source": [{"prefix": "aws."}]}, False),
    ],
)
def test_a_rule_sees_all_events_or_it_is_not_the_one(found: Any, covered: bool) -> None:
    wanted = {"source": ["aws.kms"], "detail": {"eventName": ["A", "B"]}}

    assert covers(json.dumps(found), json.dumps(wanted)) is covered


def test_a_rule_that_names_more_keys_in_an_alternative_sees_those_of_fewer() -> None:
    def pattern(*keys: str) -> str:
        either = [{"resources": {"ARN": [*keys]}}, {"requestParameters": {"keyId": [*keys]}}]
        return json.dumps({"detail": {"$or": either}})

    assert covers(pattern("one", "two"), pattern("one"))
    assert not covers(pattern("two"), pattern("one"))


def test_a_rule_whose_pattern_is_no_json_sees_nothing() -> None:
    assert not covers("", "{}")


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        ("2026-03-01", State.BAD),
        ("2026-03-02", State.ATTENTION),
        ("2026-04-01", State.ATTENTION),
        ("2026-04-02", State.GOOD),
    ],
)
def test_an_exemption_of_the_pack_holds_to_its_last_day(expires: str, state: State) -> None:
    exemption = {"resource": "legacy-*", "reason": "CHG-1", "expires": expires}
    settings = {"all": "mandatory", "a-rule": {"exemptions": [exemption]}}

    [row], [check] = exemption_rows(settings, date(2026, 3, 2))

    assert (row.state, check.state) == (state, state)


def test_outputs_that_aws_does_not_confirm_are_drift() -> None:
    found = report(
        good_facts(), {"trailName": "Other", "keyArn": KEY, "guardrailPolicyIds": ["p-x"]}
    )

    states = {check.id: check.state for check in found.checks if check.subject == "drift"}
    assert states == {
        "drift.trailName": State.BAD,
        "drift.keyArn": State.GOOD,
        "drift.guardrail.p-x": State.BAD,
    }


def test_the_secret_in_a_webhooks_url_is_not_shown_and_another_one_is_another_receiver() -> None:
    one, other = (receiver(f"https://user:pass@hooks.example.com/{n}?token={n}") for n in "ab")

    assert one.startswith("https://hooks.example.com/…")
    assert not any(secret in one for secret in ("pass", "/a", "token"))
    assert one != other
    assert receiver("soc@example.com") == "soc@example.com"


def test_an_answer_of_a_proxy_in_place_of_aws_is_no_answer() -> None:
    def proxied() -> None:
        raise ResponseParserError("<html>")

    answered = ask("sts:GetCallerIdentity", "someone", proxied)

    assert (answered.value, answered.error) == (None, "<html>")


def test_every_line_of_the_guide_has_a_check() -> None:
    assert all(line.checks for line in GOOD.guide)


def test_every_check_that_is_not_optional_shows_what_aws_answered() -> None:
    assert all(check.evidence for check in GOOD.checks)
    assert all(each.saw for check in GOOD.checks for each in check.evidence)


def test_a_report_meets_the_published_schema_and_is_read_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(GOOD.plain())

    Draft202012Validator(SCHEMA).validate(json.loads(file.read_text()))
    assert read_report(file) == GOOD
    assert changes(read_report(file), GOOD) == []


def test_a_report_with_another_key_does_not_meet_the_schema() -> None:
    found = json.loads(GOOD.plain()) | {"surprise": 1}

    assert not Draft202012Validator(SCHEMA).is_valid(found)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "other"}'])
def test_what_is_no_report_is_not_compared_with(tmp_path: Path, text: str) -> None:
    file = tmp_path / "old.json"
    file.write_text(text)

    with pytest.raises(OldReportError, match="is no report of"):
        read_report(file)


def test_reports_on_two_trails_are_not_compared() -> None:
    subject = GOOD.subject.model_copy(update={"trail_arn": "another"})

    with pytest.raises(OldReportError, match="another"):
        changes(GOOD.model_copy(update={"subject": subject}), GOOD)


def test_the_management_account_is_named_as_not_protected() -> None:
    assert any(MANAGEMENT in sentence for sentence in GOOD.unprotected)
    assert ROOT not in {account.id for account in GOOD.accounts}
