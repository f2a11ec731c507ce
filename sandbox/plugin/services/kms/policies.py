"""Key policies as resources of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox.plugin.aws import ignoring
from sandbox.plugin.policies import equivalent_policies
from sandbox.plugin.resource import ResourceType
from sandbox.plugin.services.kms.key import (
    GONE,
    POLICY_NAME,
    live_key,
    put_policy,
    read_policy,
    same_key,
)
from sandbox.plugin.validators import json_text, length

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties


def _create(call: Call) -> str:
    put_policy(call)
    return str(call.inputs["keyId"])


def _read(call: Call) -> Properties | None:
    key = live_key(call, call.id)
    return key and {"keyId": key["KeyId"], "policy": read_policy(call, call.id)}


def _delete(call: Call) -> None:
    """Give the key the policy that KMS gives a key without one."""
    if not call.state.get("bypassPolicyLockoutSafetyCheck"):
        root = call.arn("iam", f":{call.account.account_id}:root")
        statement = {
            "Sid": "Enable IAM User Permissions",
            "Effect": "Allow",
            "Principal": {"AWS": root},
            "Action": "kms:*",
            "Resource": "*",
        }
        document = {"Id": "default", "Version": "2012-10-17", "Statement": [statement]}
        with ignoring(GONE):
            call.client("kms").put_key_policy(
                KeyId=call.id, PolicyName=POLICY_NAME, Policy=json.dumps(document)
            )


KEY_POLICY = ResourceType(
    type="aws:kms/keyPolicy:KeyPolicy",
    noun="KMS Key policy",
    put_verb="attaching",
    create=_create,
    update=put_policy,
    read=_read,
    delete=_delete,
    label="keyId",
    replace=frozenset({"keyId"}),
    equal={"policy": equivalent_policies, "keyId": same_key},
    state_only={"bypassPolicyLockoutSafetyCheck": "says how to write, not what"},
    validate={"policy": (json_text,), "keyId": (length(1, 2048),)},
)

RESOURCES = (KEY_POLICY,)
