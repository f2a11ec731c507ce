import json
from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, TamperResponse, TamperResponseArgs
from cloudtrail_guard.operations import NOT_UNDONE, OPERATIONS

from tests.support.deployment import ACCOUNT, Deployment, deploy

TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/SecurityAuditTrail"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alerts"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ARGS: TamperResponseArgs = {
    "trail_arn": TRAIL,
    "event_selectors": "[]",
    "policy_ids": ["p-11112222"],
    "target_ids": ["r-a1b2", "ou-a1b2-c3d4e5f6", "111122223333"],
    "alert_topic_arn": TOPIC,
    "alert_key_arn": KEY,
}


def make(change: dict[str, Any] | None = None, *leave_out: str) -> Deployment:
    args: Any = {k: v for k, v in {**ARGS, **(change or {})}.items() if k not in leave_out}
    return deploy(lambda: TamperResponse("response", args))


def test_it_only_says_what_it_would_do_until_told_otherwise() -> None:
    def dry_run(deployment: Deployment) -> str:
        return deployment.only("Function").inputs["environment"]["variables"]["DRY_RUN"]

    assert dry_run(make()) == "true"
    assert dry_run(make({"dry_run": False})) == "false"


def test_its_role_may_undo_tampering_with_what_it_watches_and_nothing_else() -> None:
    policy = json.loads(make().only("RolePolicy").inputs["policy"])

    reach = {s["Sid"]: (s["Action"], s["Resource"]) for s in policy["Statement"]}
    assert reach["RestoreTrail"] == (
        ["cloudtrail:StartLogging", "cloudtrail:PutEventSelectors"],
        [TRAIL],
    )
    assert reach["AttachGuardrails"] == (
        ["organizations:AttachPolicy"],
        [
            f"arn:aws:organizations::{ACCOUNT}:policy/*/p-11112222",
            f"arn:aws:organizations::{ACCOUNT}:root/*/r-a1b2",
            f"arn:aws:organizations::{ACCOUNT}:ou/*/ou-a1b2-c3d4e5f6",
            f"arn:aws:organizations::{ACCOUNT}:account/*/111122223333",
        ],
    )
    assert reach["WriteItsLog"][1] == [
        f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/response:*"
    ]
    assert set(reach) == {
        "AttachGuardrails",
        "EncryptWhatItTells",
        "KeepFailures",
        "RestoreTrail",
        "Tell",
        "WriteItsLog",
    }


def test_restoring_settings_takes_the_delivery_role_and_reading_the_organization() -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/delivery"
    settings = {"IsOrganizationTrail": True, "CloudWatchLogsRoleArn": role}

    policy = json.loads(
        make({"trail_settings": json.dumps(settings)}).only("RolePolicy").inputs["policy"]
    )

    reach = {s["Sid"]: s for s in policy["Statement"]}
    assert reach["RestoreTrail"]["Action"][2:] == [
        "cloudtrail:UpdateTrail",
        "cloudtrail:CreateTrail",
    ]
    assert reach["RestoreTrail"]["Resource"] == [TRAIL]
    assert reach["PassDeliveryRole"]["Resource"] == [role]
    assert reach["PassDeliveryRole"]["Condition"] == {
        "StringEquals": {"iam:PassedToService": "cloudtrail.amazonaws.com"}
    }
    assert {action.split(":")[1][:4] for action in reach["ReadOrganization"]["Action"]} == {
        "Desc",
        "List",
    }


def test_its_role_is_known_to_it_by_arn() -> None:
    variables = make().only("Function").inputs["environment"]["variables"]

    assert variables["OWN_ROLE"] == f"arn:aws:iam::{ACCOUNT}:role/response"


@pytest.mark.parametrize(
    ("left_out", "rules", "sids"),
    [
        (("policy_ids", "target_ids"), ["response-cloudtrail"], "RestoreTrail"),
        (("trail_arn", "event_selectors"), ["response-organizations"], "AttachGuardrails"),
    ],
)
def test_it_watches_only_what_is_named(
    left_out: tuple[str, ...], rules: list[str], sids: str
) -> None:
    deployment = make(None, *left_out)

    assert [rule.inputs["name"] for rule in deployment.of_type("EventRule")] == rules
    policy = json.loads(deployment.only("RolePolicy").inputs["policy"])
    undoes = {s["Sid"] for s in policy["Statement"]} & {"RestoreTrail", "AttachGuardrails"}
    assert undoes == {sids}


def test_its_rules_match_what_the_table_says_that_it_undoes() -> None:
    patterns = [json.loads(rule.inputs["eventPattern"]) for rule in make().of_type("EventRule")]

    watched = {
        (source.removeprefix("aws."), name)
        for pattern in patterns
        for source in pattern["source"]
        for name in pattern["detail"]["eventName"]
    }
    undone = {(o.service, event) for o in OPERATIONS if o.undone for event in o.events}
    assert watched == undone | {("organizations", event) for event in NOT_UNDONE}


def test_only_its_own_rules_may_call_it() -> None:
    deployment = make()

    rules = {rule.name: rule for rule in deployment.of_type("EventRule")}
    permissions = deployment.of_type("Permission")
    assert {p.name for p in permissions} == set(rules)
    for permission in permissions:
        assert permission.inputs["principal"] == "events.amazonaws.com"
        assert f"rule/{rules[permission.name].inputs['name']}" in permission.inputs["sourceArn"]


def test_events_that_it_fails_on_are_kept_for_two_weeks() -> None:
    deployment = make()

    queue = deployment.only("Queue")
    assert queue.inputs["messageRetentionSeconds"] == 14 * 24 * 3600
    target = deployment.only("Function").inputs["deadLetterConfig"]["targetArn"]
    assert target.endswith("response-failures")


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        (("trail_arn", "event_selectors", "policy_ids", "target_ids"), "nothing to watch over"),
        (("event_selectors",), "trail_arn and event_selectors belong together"),
        (("trail_arn",), "trail_arn and event_selectors belong together"),
        (("target_ids",), "policy_ids and target_ids belong together"),
    ],
)
def test_a_response_to_nothing_or_by_half_is_refused(
    left_out: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(None, *left_out)
