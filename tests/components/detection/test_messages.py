"""What people read of an alert, and that no parameter of a harmful call can cost them the alert."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from cloudtrail_guard.detection.event_patterns import services
from cloudtrail_guard.detection.event_rules import Watched, tamper_rules
from cloudtrail_guard.detection.messages import NAMES, call_message
from cloudtrail_guard.operations import OPERATIONS

if TYPE_CHECKING:
    from cloudtrail_guard.detection.event_rules import TamperRule
    from cloudtrail_guard.operations import Operation

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
WATCHED = Watched(
    bucket="logs",
    key_arns=[KEY],
    organization=True,
    member=True,
    names=["cloudtrail-guard"],
    log_groups=["/aws/cloudtrail/"],
    break_glass_arns=[f"arn:aws:iam::{ACCOUNT}:role/AdminRole"],
    at_home=True,
)
RULES = tamper_rules(WATCHED)


def named(rule: TamperRule) -> set[str]:
    """The parameters that a rule's message names."""
    paths = call_message(rule.description, services(rule.pattern))["input_paths"].values()
    return {
        found[1]
        for path in paths
        if (found := re.match(r"\$\.detail\.requestParameters\.(.+)", path))
    }


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("trail", {"name", "trailName", "eventDataStore", "channel", "resourceArn"}),
        ("bucket", {"bucketName"}),
        ("objects", {"bucketName"}),
        ("key", {"keyId", "targetKeyId"}),
        ("rules", {"name", "rule"}),
        ("identity", {"roleName", "userName", "policyArn"}),
        ("organization", {"policyId", "targetId", "accountId", "servicePrincipal", "regionName"}),
        # Of these any service's calls are reported, with parameters of any kind.
        ("break-glass", set()),
        ("root", set()),
    ],
)
def test_a_message_has_the_names_of_what_the_rules_calls_are_about(
    rule: str, parameters: set[str]
) -> None:
    [found] = [each for each in RULES if each.name == rule]

    assert named(found) == parameters


EXISTING = {
    *("cloudtrail.name", "cloudtrail.trailName", "cloudtrail.eventDataStore"),
    *("s3.bucketName", "kms.keyId", "kms.targetKeyId", "iam.policyArn", "account.regionName"),
    *("sns.topicArn", "sns.subscriptionArn", "cloudwatch.alarmName"),
}
"""What AWS's models have no pattern for: it must be the name of what is there, or no harm is done.

A trail's name has letters, digits, periods, underscores and dashes alone
(https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html).
"""


@cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def shape(operation: Operation, parameter: str) -> Any:
    """The shape of a request's parameter, by its name in a record; None where there is none."""
    model, name = _model(operation.service), operation.action.rpartition(":")[2]
    if name not in model.operation_names:
        return None
    members = getattr(model.operation_model(name).input_shape, "members", {})
    return next((each for key, each in members.items() if key.lower() == parameter.lower()), None)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_parameter_of_a_harmful_call_can_have_a_quote(rule: TamperRule) -> None:
    of = services(rule.pattern)
    for operation in (each for each in OPERATIONS if each.service in of):
        for parameter in named(rule):
            found = shape(operation, parameter)
            if found is None or f"{operation.service}.{parameter}" in EXISTING:
                continue
            pattern = found.metadata.get("pattern")
            assert pattern, (operation.action, parameter)
            assert not re.fullmatch(pattern, 'a"b'), (operation.action, parameter)


def test_a_policy_may_have_any_name_and_so_it_is_in_no_message_with_policies() -> None:
    update = next(each for each in OPERATIONS if each.action == "organizations:UpdatePolicy")

    assert re.fullmatch(shape(update, "name").metadata["pattern"], 'a"b')
    everywhere = call_message("Tampering", NAMES.keys())["input_paths"]
    assert "name" not in everywhere
    assert "name" in call_message("Tampering", {"cloudtrail"})["input_paths"]


def test_a_message_is_one_text_in_quotes_as_eventbridge_asks() -> None:
    template = call_message("A trail was stopped", {"cloudtrail"})["input_template"]

    text = json.loads(template)
    assert text.startswith("A trail was stopped: <what> by <who>")
    assert text.endswith("On: <name> <trailName> <eventDataStore> <channel> <resourceArn>")
