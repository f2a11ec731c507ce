"""What is written from the table of operations: the policy pack's lists."""

import json
from pathlib import Path

from cloudtrail_guard.operations import OPERATIONS, Harm, Target

CHECKOUT = Path(__file__).parents[2]
PACK = CHECKOUT / "policypack/cloudtrail_guard_policies/subjects/operations.json"


def pack_lists() -> dict[str, list[str]]:
    """The actions that the policy pack's rules about guardrails ask for, by what they do.

    A program of others need not deny what has no event: no such API exists.
    """
    return {
        "trailTampering": [
            each.action
            for each in OPERATIONS
            if each.target is Target.TRAIL and each.harm in (Harm.STOP, Harm.BLIND) and each.events
        ],
        "logDeletion": [
            each.action
            for each in OPERATIONS
            if each.target is Target.OBJECTS and "DeleteObject" in each.events
        ],
        "storeTampering": [
            each.action
            for each in OPERATIONS
            if each.target in (Target.OBJECTS, Target.BUCKET, Target.KEY)
            and each.harm in (Harm.DESTROY, Harm.UNGUARD)
        ],
    }


def files() -> dict[Path, str]:
    """What is written."""
    return {PACK: json.dumps(pack_lists(), indent=2) + "\n"}
