"""What a single policy says about a request, in one word."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from sandbox.aws.policy_evaluation import Request, evaluate


class Effect(Enum):
    """What a policy says about a request."""

    ALLOW = "allows"
    DENY = "denies"
    NONE = "says nothing"


def decide(policy: Mapping[str, Any], request: Request) -> Effect:
    """What a policy document says about a request; a deny outweighs every allow."""
    evaluation = evaluate(policy, request)
    if evaluation.denied:
        return Effect.DENY
    return Effect.ALLOW if evaluation.granted else Effect.NONE
