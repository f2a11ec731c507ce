"""The two stacks as one: what the first exports is what the second builds on."""

import json
import re
from typing import Any

import pulumi
import pytest
from cloudtrail_guard.detection.metric_filters import ALARMS

from stacks.outputs import LinkError
from stacks.preflight.findings import PreflightError
from tests.support.deployment import (
    ACCOUNT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATION,
    ROOT,
    deploy,
)
from tests.support.stacks import (
    GET_ORGANIZATION,
    MANAGEMENTS_VIEW,
    MEMBERS_VIEW,
    READ_STACK,
    management,
    run,
    security,
    workload,
)


def test_the_security_stack_makes_key_and_bucket_and_exports_what_management_needs() -> None:
    deployment = security(bucketName="org-logs")

    assert deployment.only("Key", "logs-key")
    assert deployment.only("Bucket", "logs-bucket").inputs["bucket"] == "org-logs"
    trail = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT_ACCOUNT}:trail/SecurityAuditTrail"
    assert deployment.outputs == {
        "accountId": ACCOUNT,
        "organizationId": ORGANIZATION,
        "bucketName": "org-logs",
        "bucketArn": "arn:aws:s3:::org-logs",
        "accessLogBucketName": "org-logs-access-logs",
        "keyArn": deployment.outputs["keyArn"],
        "trailName": "SecurityAuditTrail",
        "trailArn": trail,
        "accountTrailArns": [],
        "memberTrailNames": [],
        "queryWorkgroup": "cloudtrail-guard",
        "queryDatabase": "cloudtrail_guard",
        "queryResultsKeyArn": deployment.outputs["queryResultsKeyArn"],
        "alertBusArn": f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/cloudtrail-guard-watch",
        "integrityRoleArn": f"arn:aws:iam::{ACCOUNT}:role/CloudTrailLogIntegrity",
        "breakGlassRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/AdminRole"],
        "deployerRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/pipeline/Deploy"],
        "alertKeyArn": deployment.outputs["alertKeyArn"],
        "backupRoleArns": [],
        "ownRoleArns": [f"arn:aws:iam::{ACCOUNT}:role/CloudTrailLogIntegrity"],
        "readerArns": [],
    }


def test_keys_and_roles_of_the_security_stack_are_guarded_by_the_management_stack() -> None:
    exported = security(
        bucketName="org-logs",
        logFeed='{"enabled": true}',
        replica='{"region": "eu-central-1"}',
        readers='[{"roleName": "Investigator"}]',
    ).outputs

    deployment = management(exported)

    policies = {
        each.name: each.inputs.get("content") or each.inputs["policy"]
        for each in deployment.of_type("Policy")
    }
    keys = ("keyArn", "replicaKeyArn", "alertKeyArn", "logFeedKeyArn", "queryResultsKeyArn")
    scps = "".join(
        text for name, text in policies.items() if name.startswith("protect-cloudtrail-")
    )
    for document in (scps, policies["cloudtrail-guard"], policies["cloudtrail-guard-boundary"]):
        for key in keys:
            assert exported[key] in document, key
    # IAM acts on the roles of its own account alone.
    assert f"arn:aws:iam::{ACCOUNT}:role/Investigator" in scps
    for document in (
        scps,
        policies["cloudtrail-guard-access"],
        policies["cloudtrail-guard-boundary"],
    ):
        assert "arn:aws:iam::*:role/cloudtrail-guard*" in document
        assert "function:cloudtrail-guard*" in document
        assert "arn:aws:sqs:*:*:cloudtrail-guard*" in document


def test_every_key_denies_its_destruction_and_is_kept_in_aws() -> None:
    logs = security(
        bucketName="org-logs",
        logFeed='{"enabled": true}',
        replica='{"region": "eu-central-1"}',
    )
    organization = management(logs.outputs)

    keys = [*logs.of_type("Key"), *organization.of_type("Key")]
    # Logs, replica, alerts, feed, results; alerts in both regions of the management stack.
    assert len(keys) == 7
    for key in keys:
        assert key.retain_on_delete, key.name
        for sid in ("DenyKeyTampering", "DenyKeyDestruction", "DenyDestructionInUse"):
            assert sid in key.inputs["policy"], (key.name, sid)


def test_the_size_of_the_guardrails_is_shown_in_the_preview() -> None:
    exported = security(bucketName="org-logs").outputs

    shown = " ".join(str(each) for each in management(exported, preview=True).messages)

    assert re.search(r"protect-cloudtrail-1 [0-9,]+ of 10,240 characters", shown)
    assert re.search(r"protect-cloudtrail-resources-1 [0-9,]+ of 5,120 characters", shown)


def test_the_management_stack_builds_on_exactly_what_security_exports() -> None:
    exported = security(bucketName="org-logs").outputs

    deployment = management(exported)

    assert deployment.only("StackReference").read
    trail = deployment.only("Trail", "organization-trail").inputs
    assert trail["name"] == "SecurityAuditTrail"
    assert trail["s3BucketName"] == "org-logs"
    assert trail["kmsKeyId"] == exported["keyArn"]
    assert trail["isOrganizationTrail"] is True
    for name in ("protect-cloudtrail-1", "protect-cloudtrail-resources-1"):
        content = deployment.only("Policy", name).inputs["content"]
        assert "arn:aws:s3:::org-logs/*" in content
        assert exported["keyArn"] in content
    assert {r.inputs["targetId"] for r in deployment.of_type("PolicyAttachment")} == {ROOT}
    assert deployment.outputs["trailArn"] == exported["trailArn"]


def test_previews_know_every_policy_document() -> None:
    first = security(preview=True)
    second = management(security().outputs, preview=True)

    documents = [
        first.only("Key", "logs-key").inputs["policy"],
        first.only("BucketPolicy", "logs-policy").inputs["policy"],
        first.only("BucketPolicy", "logs-access-logs-policy").inputs["policy"],
        second.only("Policy", "protect-cloudtrail-1").inputs["content"],
        second.only("Policy", "protect-cloudtrail-resources-1").inputs["content"],
        second.only("Policy", "cloudtrail-guard").inputs["policy"],
        second.only("Key", "cloudtrail-guard-alerts-key").inputs["policy"],
        second.only("TopicPolicy", "cloudtrail-guard-alerts-policy").inputs["policy"],
        second.only("RolePolicy", "cloudtrail-guard-delivery").inputs["policy"],
        second.only("RolePolicy", "cloudtrail-guard-forward").inputs["policy"],
        first.only("EventBusPolicy").inputs["policy"],
    ]
    assert all(json.loads(document)["Statement"] for document in documents)


def test_without_a_name_the_bucket_is_called_as_in_the_guide() -> None:
    assert security().outputs["bucketName"] == f"aws-cloudtrail-logs-{ACCOUNT}"


def test_the_trail_and_the_guardrails_are_protected_too() -> None:
    exported = security().outputs

    for resource in management(exported).resources:
        if resource.type.startswith("aws:"):
            assert resource.protect, resource.name
    for resource in management(exported, protect="false").resources:
        assert not resource.protect, resource.name


def test_data_events_never_loop_through_either_log_bucket() -> None:
    exported = security(bucketName="org-logs").outputs

    trail = management(exported, dataEvents='{"s3": true}').only("Trail", "organization-trail")

    assert "arn:aws:s3:::org-logs/" in str(trail.inputs["advancedEventSelectors"])
    assert "arn:aws:s3:::org-logs-access-logs/" in str(trail.inputs["advancedEventSelectors"])


def test_further_exempt_roles_pass_the_guardrails() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/Forensics"

    deployment = management(security().outputs, guardrails=json.dumps({"exemptRoleArns": [role]}))

    assert role in deployment.only("Policy", "protect-cloudtrail-1").inputs["content"]


def test_an_existing_key_and_bucket_are_adopted() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/0000abcd-12ab-34cd-56ef-1234567890ab"
    live = {
        "org-logs": {"bucket": "org-logs", "arn": "arn:aws:s3:::org-logs"},
        key.rsplit("/", maxsplit=1)[-1]: {"arn": key, "policy": ""},
    }

    deployment = deploy(
        run,
        stack="security",
        functions={GET_ORGANIZATION: MEMBERS_VIEW},
        live=live,
        config={
            "cloudtrail-guard:bucketName": "org-logs",
            "cloudtrail-guard:existingBucket": "true",
            "cloudtrail-guard:existingKeyArn": key,
        },
    )

    assert deployment.only("Bucket", "logs-existing-bucket").read
    assert deployment.only("Key", "logs-existing-key").read
    lifecycles = deployment.of_type("BucketLifecycleConfiguration")
    assert [each.name for each in lifecycles] == ["cloudtrail-guard-results-lifecycle"]
    assert deployment.of_type("BucketLogging") == []
    assert deployment.outputs["keyArn"] == key


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Exception('unknown stack "organization/cloudtrail-guard/security"'), "unknown stack"),
        ({}, "has no output accountId, bucketName, keyArn"),
        ({"accountId": ACCOUNT}, "has no output bucketName, keyArn"),
    ],
)
def test_without_the_security_stack_the_error_says_what_to_bring_up_and_how(
    answer: Any, message: str
) -> None:
    with pytest.raises(LinkError) as error:
        management(answer)

    assert message in str(error.value)
    assert "`pulumi up --stack security`" in str(error.value)
    assert "cloudtrail-guard:securityStack" in str(error.value)


def test_outputs_of_another_shape_are_refused() -> None:
    with pytest.raises(LinkError, match="outputs of another shape"):
        management({**security().outputs, "breakGlassRoleArns": "AdminRole"})


def test_the_security_stack_is_found_beside_a_stack_of_another_name() -> None:
    name = "organization/cloudtrail-guard/prod-security"
    deployment = deploy(
        run,
        stack="prod-management",
        account=MANAGEMENT_ACCOUNT,
        functions={
            GET_ORGANIZATION: MANAGEMENTS_VIEW,
            READ_STACK: {"outputs": security().outputs},
        },
        live={name: {"name": name, "outputs": {}, "secretOutputNames": []}},
    )

    assert deployment.only("StackReference").name == name


def test_findings_stop_the_stack_before_anything_is_registered() -> None:
    with pytest.raises(PreflightError, match="enable-policy-type"):
        management(security().outputs, view={**MANAGEMENTS_VIEW, "enabledPolicyTypes": ["x"]})


def test_warnings_are_shown_and_the_stack_goes_on() -> None:
    pipeline = f"arn:aws:iam::{ACCOUNT}:role/Pipeline"

    deployment = security(deployerRoleArns=json.dumps([pipeline]))

    assert any("which deploys now" in message for message in deployment.messages)
    assert deployment.only("Key", "logs-key")


def test_a_security_stack_needs_no_lists_of_the_organization() -> None:
    """Where the organization alone is asked for, an answer may come without them."""
    view = {key: value for key, value in MEMBERS_VIEW.items() if value != []}

    assert security(view=view).outputs["organizationId"] == ORGANIZATION


def test_an_account_that_may_not_ask_about_its_organization_is_told_what_to_set() -> None:
    with pytest.raises(pulumi.RunError, match="cloudtrail-guard:organizationId"):
        security(view=Exception("AccessDenied"))


def test_settings_can_answer_for_aws() -> None:
    deployment = security(
        view=Exception("AccessDenied"),
        organizationId="o-0000000000",
        managementAccountId="999988887777",
    )

    assert deployment.outputs["organizationId"] == "o-0000000000"
    assert ":999988887777:trail/" in deployment.outputs["trailArn"]


def test_the_trail_delivers_to_the_log_group_that_the_alarms_watch() -> None:
    deployment = management(security().outputs)

    trail = deployment.only("Trail", "organization-trail").inputs
    group = deployment.only("LogGroup").inputs["name"]
    assert group == "/aws/cloudtrail/SecurityAuditTrail"
    assert trail["cloudWatchLogsGroupArn"].endswith(f":log-group:{group}:*")
    assert len(deployment.of_type("MetricAlarm")) == len(ALARMS) + 1


@pytest.mark.parametrize(
    ("region", "functions"),
    [
        ("us-east-1", ["cloudtrail-guard-response"]),
        ("eu-west-1", ["cloudtrail-guard-response", "cloudtrail-guard-response-global"]),
    ],
)
def test_tampering_is_undone_where_its_events_come(region: str, functions: list[str]) -> None:
    exported = security(bucketName="org-logs").outputs
    exported["trailArn"] = exported["trailArn"].replace("eu-west-1", region)

    deployment = management(exported, region=region, tamperResponse='{"enabled": true}')

    made = deployment.of_type("Function")
    assert sorted(each.inputs["name"] for each in made) == functions
    watched = [each.inputs["environment"]["variables"] for each in made]
    assert {each["DRY_RUN"] for each in watched} == {"true"}
    assert [each["TRAIL_ARN"] for each in watched if each["TRAIL_ARN"]] == [exported["trailArn"]]
    assert [each["TARGETS"] for each in watched if each["TARGETS"] != "[]"] == [f'["{ROOT}"]']
    keys = [json.loads(each.inputs["policy"]) for each in deployment.of_type("Key")]
    for name in functions:
        assert f":log-group:/aws/lambda/{name}" in json.dumps(keys)


def test_alarms_and_tamper_alerts_can_be_left_out() -> None:
    deployment = management(
        security(tamperAlerts="false").outputs, alarms='{"enabled": false}', tamperAlerts="false"
    )

    assert deployment.of_type("MetricAlarm") == []
    assert deployment.of_type("EventRule") == []
    assert "cloudWatchLogsGroupArn" not in deployment.only("Trail", "organization-trail").inputs


def test_both_accounts_are_watched_and_people_are_told() -> None:
    alerts = '{"emails": ["soc@example.com"]}'
    first = security(alerts=alerts)
    second = management(first.outputs, alerts=alerts)

    assert {r.name for r in first.of_type("EventRule")} >= {
        "cloudtrail-guard-logs-trail",
        "cloudtrail-guard-logs-bucket",
        "cloudtrail-guard-logs-key",
        "cloudtrail-guard-logs-objects",
        "cloudtrail-guard-logs-break-glass",
    }
    assert {r.name for r in second.of_type("EventRule")} >= {
        "cloudtrail-guard-trail",
        "cloudtrail-guard-organization",
        "cloudtrail-guard-watch",
        "cloudtrail-guard-rules",
    }
    # Organizations' events come to us-east-1, this stack is in eu-west-1: a topic in each.
    assert len(second.of_type("TopicSubscription")) == 2


def test_what_the_management_account_sees_is_forwarded_to_the_security_account() -> None:
    first = security()
    second = management(first.outputs)

    bus = first.outputs["alertBusArn"]
    assert bus == f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/cloudtrail-guard-watch"
    targets = [r.inputs for r in second.of_type("EventTarget") if r.inputs["arn"] == bus]
    own = [r for r in second.of_type("EventRule") if "forward" not in r.name]
    # Besides, that the log group is silent, and what is done to the role that forwards.
    assert len(targets) == len(own) + 2
    # A security stack that was deployed before it had a bus: nothing is forwarded.
    without = {k: v for k, v in first.outputs.items() if k != "alertBusArn"}
    assert not [r for r in management(without).of_type("EventRule") if "forward" in r.name]


def test_the_security_account_is_alarmed_when_the_trail_falls_silent() -> None:
    deployment = security(alerts='{"digestHours": 4}')

    prefixes = {r.inputs["name"]: r.inputs["filter"] for r in deployment.of_type("BucketMetric")}
    logs = f"AWSLogs/{ORGANIZATION}/{MANAGEMENT_ACCOUNT}"
    assert prefixes == {
        "cloudtrail-guard-logs-log-files": {"prefix": f"{logs}/CloudTrail/"},
        "cloudtrail-guard-logs-digests": {"prefix": f"{logs}/CloudTrail-Digest/"},
    }
    alarms = {r.inputs["name"]: r.inputs for r in deployment.of_type("MetricAlarm")}
    assert set(alarms) == {*prefixes, "cloudtrail-guard-watch-heartbeat"}
    assert {alarm["treatMissingData"] for alarm in alarms.values()} == {"breaching"}
    assert alarms["cloudtrail-guard-logs-digests"]["evaluationPeriods"] == 4


def test_trusted_access_comes_before_the_trail_and_stays_on_destroy() -> None:
    deployment = management(security().outputs)

    access = deployment.only("AwsServiceAccess")
    assert access.retain_on_delete
    trail = deployment.only("Trail", "organization")
    assert deployment.resources.index(access) < deployment.resources.index(
        deployment.only("Trail", "organization-trail")
    )
    assert trail


def test_a_delegated_administrator_is_optional() -> None:
    exported = security().outputs

    assert management(exported).of_type("OrganizationDelegatedAdminAccount") == []
    delegated = management(exported, delegatedAdministrator=ACCOUNT)
    assert delegated.only("OrganizationDelegatedAdminAccount").inputs["accountId"] == ACCOUNT


def test_a_workload_records_its_data_events_into_the_shared_bucket() -> None:
    exported = security(bucketName="org-logs", memberTrailNames='["DataAccess"]').outputs

    deployment = workload(exported)

    trail = deployment.only("Trail", "data-events-trail").inputs
    assert trail["name"] == "DataAccess"
    assert trail["s3BucketName"] == "org-logs"
    assert trail["kmsKeyId"] == exported["keyArn"]
    assert trail["isOrganizationTrail"] is False
    names = [selector["name"] for selector in trail["advancedEventSelectors"]]
    assert names == ["S3 data events selector", "Lambda data events selector"]
    assert "arn:aws:s3:::org-logs-access-logs/" in str(trail["advancedEventSelectors"])
    assert deployment.of_type("Bucket") == []


def test_a_workload_can_have_a_bucket_of_its_own() -> None:
    deployment = workload({}, workload='{"ownBucket": true}')

    assert deployment.only("Bucket", "logs-bucket").inputs["bucket"] == (
        "aws-cloudtrail-logs-444455556666"
    )
    assert deployment.of_type("StackReference") == []


def test_every_account_of_an_ou_can_have_a_data_trail() -> None:
    unit = "ou-a1b2-c3d4e5f6"
    descendants = (
        "aws:organizations/getOrganizationalUnitDescendantOrganizationalUnits:"
        "getOrganizationalUnitDescendantOrganizationalUnits"
    )
    access = "member.org.stacksets.cloudformation.amazonaws.com"
    name = "organization/cloudtrail-guard/security"
    deployment = deploy(
        run,
        stack="management",
        account=MANAGEMENT_ACCOUNT,
        functions={
            GET_ORGANIZATION: {
                **MANAGEMENTS_VIEW,
                "awsServiceAccessPrincipals": ["cloudtrail.amazonaws.com", access],
            },
            READ_STACK: {"outputs": security().outputs},
            descendants: {"childrens": [{"id": unit, "arn": "", "name": "Workloads"}]},
        },
        live={name: {"name": name, "outputs": {}, "secretOutputNames": []}},
        config={"cloudtrail-guard:memberTrails": json.dumps({"organizationalUnits": [unit]})},
    )

    targets = deployment.only("StackSetInstance").inputs["deploymentTargets"]
    assert targets == {"organizationalUnitIds": [unit]}


def test_one_account_without_organizations_has_it_all() -> None:
    deployment = deploy(
        run,
        stack="standalone",
        functions={GET_ORGANIZATION: Exception("AWSOrganizationsNotInUseException")},
        config={"cloudtrail-guard:iamProtection": '{"groups": ["Developers"]}'},
    )

    trail = deployment.only("Trail", "account-trail").inputs
    assert trail["isOrganizationTrail"] is False
    assert trail["isMultiRegionTrail"] is True
    assert len(deployment.of_type("MetricAlarm")) == len(ALARMS) + 1 + 2
    attached = deployment.of_type("GroupPolicyAttachment")
    assert [each.inputs["group"] for each in attached] == ["Developers"] * 2
    assert (
        "DenyOutsideOrganization"
        not in deployment.only("BucketPolicy", "logs-policy").inputs["policy"]
    )
    assert set(deployment.outputs) >= {"trailArn", "policyArn", "boundaryPolicyArn"}
