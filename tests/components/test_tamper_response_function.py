"""The function's own code, on events as CloudTrail writes them."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from cloudtrail_guard.operations import NOT_UNDONE, OPERATIONS
from cloudtrail_guard.tamper_response_function.handler import Watch, declined, handle, plan
from moto import mock_aws

TRAIL = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/SecurityAuditTrail"
SELECTORS = [
    {
        "Name": "Management events selector",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    }
]
GIVEN = {"S3BucketName": "org-logs", "IsMultiRegionTrail": True}
SETTINGS = {**GIVEN, "S3KeyPrefix": ""}
ENVIRONMENT = {
    "TRAIL_ARN": TRAIL,
    "SELECTORS": json.dumps(SELECTORS),
    "POLICIES": '["p-11112222"]',
    "TARGETS": '["ou-a1b2-c3d4e5f6"]',
    "TOPIC_ARN": "arn:aws:sns:eu-west-1:123456789012:alerts",
    "SETTINGS": json.dumps(SETTINGS),
    "NOT_UNDONE": json.dumps(NOT_UNDONE),
    "OWN_ROLE": "arn:aws:iam::123456789012:role/response",
    "DRY_RUN": "false",
}


def watch(**change: str) -> Watch:
    return Watch.from_environment({**ENVIRONMENT, **change})


def record(name: str, parameters: dict[str, Any] | None, role: str = "Attacker") -> dict[str, Any]:
    return {
        "eventName": name,
        "requestParameters": parameters,
        "userIdentity": {
            "arn": f"arn:aws:sts::123456789012:assumed-role/{role}/session",
            "sessionContext": {
                "sessionIssuer": {"arn": f"arn:aws:iam::123456789012:role/{role}", "userName": role}
            },
        },
    }


class Client:
    """Takes down every call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, service: str) -> Any:
        calls = self.calls

        class Service:
            def __getattr__(self, call: str) -> Callable[..., None]:
                return lambda **arguments: calls.append((service, call, arguments))

        return Service()


DETACHED = {"policyId": "p-11112222", "targetId": "ou-a1b2-c3d4e5f6"}


UNDOING: list[tuple[dict[str, Any], tuple[str, dict[str, Any]]]] = [
    (record("StopLogging", {"name": TRAIL}), ("start_logging", {"Name": TRAIL})),
    (record("StopLogging", {"name": "SecurityAuditTrail"}), ("start_logging", {"Name": TRAIL})),
    (
        record("PutEventSelectors", {"trailName": "SecurityAuditTrail"}),
        ("put_event_selectors", {"TrailName": TRAIL, "AdvancedEventSelectors": SELECTORS}),
    ),
    (
        record("UpdateTrail", {"name": TRAIL, "s3BucketName": "elsewhere"}),
        ("update_trail", {"Name": TRAIL, **SETTINGS}),
    ),
    (
        record("DeleteTrail", {"name": TRAIL}),
        # An empty text clears a setting of a trail that is there.
        ("create_trail", {"Name": "SecurityAuditTrail", **GIVEN}),
    ),
    (
        record("DetachPolicy", DETACHED),
        ("attach_policy", {"PolicyId": "p-11112222", "TargetId": "ou-a1b2-c3d4e5f6"}),
    ),
]


def test_every_operation_that_the_table_calls_undone_is_tried_here() -> None:
    undone = {event for each in OPERATIONS if each.undone for event in each.events}

    assert {event["eventName"] for event, _ in UNDOING} == undone


@pytest.mark.parametrize(("event", "call"), UNDOING)
def test_tampering_calls_for_its_undoing(
    event: dict[str, Any], call: tuple[str, dict[str, Any]]
) -> None:
    action = plan(event, watch())[0]

    assert (action.call, action.arguments) == call


def test_a_trail_that_is_made_again_records_what_it_did() -> None:
    actions = plan(record("DeleteTrail", {"name": TRAIL}), watch())

    assert [each.call for each in actions] == [
        "create_trail",
        "put_event_selectors",
        "start_logging",
    ]
    assert plan(record("DeleteTrail", {"name": TRAIL}), watch(SETTINGS="")) == []


@pytest.mark.parametrize("name", NOT_UNDONE)
def test_what_is_not_undone_is_named_with_the_reason(name: str) -> None:
    client = Client()
    event = {"detail": record(name, {"policyId": "p-11112222"})}

    done = handle(event, watch(), client)

    ((service, call, arguments),) = client.calls
    assert (service, call) == ("sns", "publish")
    assert arguments["Subject"] == "CloudTrail guard: not undone"
    assert arguments["Message"].startswith(f"Not undone: {NOT_UNDONE[name]}; `pulumi up`")
    assert done["actions"] == []


@pytest.mark.parametrize(
    "event",
    [
        record("UpdatePolicy", {"policyId": "p-9"}),
        record("UpdatePolicy", {"policyId": "p-11112222"}, "response"),
        {**record("UpdatePolicy", {"policyId": "p-11112222"}), "errorCode": "AccessDenied"},
    ],
    ids=["another policy", "its own", "refused"],
)
def test_what_is_no_tampering_with_its_guardrails_is_not_named(event: dict[str, Any]) -> None:
    assert declined(event, watch()) == ""


def test_a_role_of_the_same_name_in_another_account_is_not_its_own() -> None:
    event = record("StopLogging", {"name": TRAIL}, "response")
    issuer = event["userIdentity"]["sessionContext"]["sessionIssuer"]
    issuer["arn"] = "arn:aws:iam::111122223333:role/response"

    assert [each.call for each in plan(event, watch())] == ["start_logging"]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(record("StopLogging", {"name": "Another"}), id="another trail"),
        pytest.param(record("StopLogging", None), id="no parameters"),
        pytest.param(
            {**record("StopLogging", {"name": TRAIL}), "errorCode": "AccessDenied"}, id="refused"
        ),
        pytest.param(record("PutEventSelectors", {"trailName": TRAIL}, "response"), id="its own"),
        pytest.param(record("DetachPolicy", {**DETACHED, "policyId": "p-9"}), id="another policy"),
        pytest.param(record("DetachPolicy", {**DETACHED, "targetId": "r-1"}), id="another target"),
        pytest.param(record("StartLogging", {"name": TRAIL}), id="another call"),
        pytest.param({}, id="no record"),
    ],
)
def test_everything_else_is_none_of_its_business(event: dict[str, Any]) -> None:
    assert plan(event, watch()) == []


def test_nothing_is_watched_that_is_not_named() -> None:
    nothing = watch(TRAIL_ARN="", POLICIES="", TARGETS="")

    assert plan(record("StopLogging", {"name": ""}), nothing) == []
    assert plan(record("DetachPolicy", {"policyId": "", "targetId": ""}), nothing) == []


@pytest.mark.parametrize("setting", ["true", "", "False", "no"])
def test_anything_but_a_plain_false_is_a_dry_run_that_only_tells(setting: str) -> None:
    client = Client()

    handle({"detail": record("StopLogging", {"name": TRAIL})}, watch(DRY_RUN=setting), client)

    ((service, call, message),) = client.calls
    assert (service, call) == ("sns", "publish")
    assert message["Message"].startswith("Would do: the trail was stopped")


def test_it_acts_first_and_then_says_what_it_did_and_to_whose_call() -> None:
    client = Client()

    done = handle({"detail": record("StopLogging", {"name": TRAIL})}, watch(), client)

    assert [call for _, call, _ in client.calls] == ["start_logging", "publish"]
    message = client.calls[1][2]["Message"]
    assert message.startswith("Done: the trail was stopped: start logging again.")
    assert "StopLogging by arn:aws:sts::123456789012:assumed-role/Attacker/session" in message
    assert done == {"dryRun": False, "actions": ["the trail was stopped: start logging again"]}


@mock_aws
def test_a_detached_guardrail_is_attached_again() -> None:
    organizations = boto3.client("organizations", region_name="us-east-1")
    organizations.create_organization(FeatureSet="ALL")
    (root,) = organizations.list_roots()["Roots"]
    organizations.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")
    policy = organizations.create_policy(
        Name="guard",
        Description="guard",
        Type="SERVICE_CONTROL_POLICY",
        Content='{"Version":"2012-10-17","Statement":[]}',
    )["Policy"]["PolicySummary"]["Id"]
    topic = boto3.client("sns", region_name="us-east-1").create_topic(Name="alerts")["TopicArn"]
    environment = {
        "POLICIES": json.dumps([policy]),
        "TARGETS": json.dumps([root["Id"]]),
        "TOPIC_ARN": topic,
    }

    handle(
        {"detail": record("DetachPolicy", {"policyId": policy, "targetId": root["Id"]})},
        watch(**environment),
        lambda service: boto3.client(service, region_name="us-east-1"),
    )

    targets = organizations.list_targets_for_policy(PolicyId=policy)["Targets"]
    assert [target["TargetId"] for target in targets] == [root["Id"]]
