"""Finding the key that a call names, and describing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.aws import lookups
from sandbox.aws.call import AwsError

if TYPE_CHECKING:
    from moto.kms.models import Key

    from sandbox.aws.call import Call


def find(call: Call, key_id: str) -> Key | None:
    """The key of an id or alias in the caller's account and region, or of an ARN anywhere."""
    return lookups.key(key_id, account_id=call.signer.account_id, region=call.region)


def existing(call: Call) -> Key:
    """The key that a call names, of the caller's account and region.

    Raises:
        AwsError: there is none.
    """
    key_id = call.text("KeyId")
    key = None if key_id.startswith("alias/") else find(call, key_id)
    if key is None or (key.account_id, key.region) != (call.signer.account_id, call.region):
        raise not_found(key_id)
    return key


def replicas_of(key: Key) -> list[dict[str, str]]:
    """ARN and region of each replica of a multi-Region key."""
    return list(key.multi_region_configuration["ReplicaKeys"]) if key.multi_region else []


def tidy(description: dict[str, Any]) -> dict[str, Any]:
    """Leave out what moto sets to null."""
    metadata = {
        name: value for name, value in description["KeyMetadata"].items() if value is not None
    }
    return {"KeyMetadata": metadata}


def not_found(key_id: str) -> AwsError:
    """The error for a key that is not there."""
    return AwsError("NotFoundException", f"Key '{key_id}' does not exist")
