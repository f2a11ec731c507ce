"""Keys of log groups: moto keeps any text.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox.aws import lookups, request_context
from sandbox.aws.call import AwsError
from sandbox.aws.patches.logs.store import existing, invalid, of_caller
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_evaluation import Effect, Principal, Request, decide

if TYPE_CHECKING:
    from moto.kms.models import Key

    from sandbox.aws.call import Answer, Call

_NEEDED = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")


@patch("logs", "AssociateKmsKey", "moto lacks this operation")
def associate_key(call: Call) -> Answer:
    """Encrypt a group's new events with a key."""
    group = existing(call)
    check_key(call, group.name)
    group.kms_key_id = call.text("kmsKeyId")
    return {}


@patch("logs", "DisassociateKmsKey", "moto lacks this operation")
def disassociate_key(call: Call) -> Answer:
    """Encrypt a group's new events with a key of CloudWatch Logs."""
    existing(call).kms_key_id = None
    return {}


def check_key(call: Call, name: str) -> None:
    """Check that CloudWatch Logs could use the key of a call for a group.

    Raises:
        AwsError: it could not.
    """
    key_arn = call.text("kmsKeyId")
    account_id, region = call.signer.account_id, call.region
    if not key_arn.startswith("arn:") or ":key/" not in key_arn:
        raise invalid(f"The specified KMS Key Id could not be found: {key_arn} is no ARN of a key.")
    group = f"arn:{call.partition}:logs:{region}:{account_id}:log-group:{name}"
    key = lookups.key(key_arn, account_id=account_id, region=region)
    reason = _refusal(key, of_caller(call).region_name, group, account_id)
    if reason:
        raise AwsError(
            "AccessDeniedException",
            "The specified KMS key does not exist or is not allowed to be used with Arn "
            f"'{group}' ({reason})",
        )


def _refusal(key: Key | None, region: str, group: str, account_id: str) -> str:
    """Why CloudWatch Logs could not use a key for a group; empty if it could."""
    if key is None or key.region != region:
        return f"there is no such key in {region}"
    if key.key_state != "Enabled" or key.key_spec != "SYMMETRIC_DEFAULT":
        return f"it is {key.key_state}, {key.key_spec}"
    service = f"logs.{region}.amazonaws.com"
    context = request_context.of_service(service, source_arn=group, account_id=account_id)
    context["kms:EncryptionContext:aws:logs:arn"] = group
    for action in _NEEDED:
        request = Request(Principal(service=service), action, key.arn, context)
        if decide(json.loads(key.policy), request) is not Effect.ALLOW:
            return f"its policy does not allow {action} to {service} for this log group"
    return ""
