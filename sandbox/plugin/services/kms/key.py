"""What the KMS rows have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find
from sandbox.plugin.policies import compact_json

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

GONE: Final = "NotFoundException"
POLICY_NAME: Final = "default"
"""The only name that a key policy can have."""

_PENDING: Final = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


def live_key(call: Call, key: str) -> Properties | None:
    """A key's metadata; None if there is none or it is about to be deleted."""
    client = call.client("kms")
    found = find(lambda: client.describe_key(KeyId=key)["KeyMetadata"], GONE)
    return None if found is None or found["KeyState"] in _PENDING else found


def read_policy(call: Call, key: str) -> str:
    """A key's policy."""
    live = call.client("kms").get_key_policy(KeyId=key, PolicyName=POLICY_NAME)
    return compact_json(live["Policy"])


def put_policy(call: Call) -> None:
    """Write the policy of the inputs."""
    call.client("kms").put_key_policy(
        KeyId=call.id or call.inputs["keyId"],
        PolicyName=POLICY_NAME,
        Policy=compact_json(call.inputs["policy"]),
        BypassPolicyLockoutSafetyCheck=call.inputs.get("bypassPolicyLockoutSafetyCheck", False),
    )


def same_key(one: str, other: str) -> bool:
    """Whether two ids or ARNs name the same key."""
    return one.rpartition("key/")[2] == other.rpartition("key/")[2]
