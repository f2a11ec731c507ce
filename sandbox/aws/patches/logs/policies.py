"""Policies of the account: who else may write to its log groups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox.aws.call import AwsError
from sandbox.aws.patches.logs.groups import invalid
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_grammar import RESOURCE_POLICY, GrammarError, parse

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
_MAX_POLICY_SIZE = 5120


@patch(
    "logs",
    ("PutResourcePolicy", "DeleteResourcePolicy"),
    "moto drops resourceArn, so that a log group's own policy would become the account's",
)
def refuse_group_policies(call: Call) -> None:
    """Refuse policies of single log groups."""
    if call.text("resourceArn"):
        raise NotImplementedError("resource policies of single log groups; use policyName")


@patch("logs", "PutResourcePolicy", "moto takes any text as policy")
def check_policy(call: Call) -> None:
    """Refuse what is no policy of a resource."""
    text = call.text("policyDocument")
    try:
        parse(text, RESOURCE_POLICY)
    except GrammarError as error:
        raise invalid(f"The policy document is malformed: {error}") from None
    if len(text) > _MAX_POLICY_SIZE:
        message = f"The policy document has {len(text)} characters; {_MAX_POLICY_SIZE} are allowed."
        raise AwsError("LimitExceededException", message)


@patch("logs", "DescribeResourcePolicies", "moto does not say that a policy is the account's")
def describe_policies(call: Call) -> Answer:
    """Describe the account's policies."""
    answer = json.loads(call.forward().body)
    for policy in answer["resourcePolicies"]:
        policy["policyScope"] = "ACCOUNT"
    return answer
