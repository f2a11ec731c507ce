"""Keys: finding them, their states, rotation, deletion and aliases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from moto.core.utils import unix_time

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.registry import ANY, patch

if TYPE_CHECKING:
    from moto.kms.models import Key

    from sandbox.aws.call import Answer, Call


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


# https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html (days)
_DEFAULT_ROTATION_PERIOD = 365
# https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html (days)
_DELETION_WINDOW, _DEFAULT_DELETION_WINDOW = range(7, 31), 30

# https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
_CRYPTOGRAPHY = (
    *("Encrypt", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
    *("Sign", "Verify", "GenerateMac", "VerifyMac", "CreateGrant"),
)
_NOT_WHILE_PENDING = (
    *_CRYPTOGRAPHY,
    *("CreateAlias", "UpdateAlias", "EnableKey", "DisableKey", "EnableKeyRotation"),
    *("DisableKeyRotation", "ScheduleKeyDeletion", "TagResource", "UntagResource"),
    *("UpdateKeyDescription", "ReplicateKey"),
)
_PENDING = "PendingDeletion"

_ROTATION_PERIODS: WeakKeyDictionary[Key, int] = WeakKeyDictionary()


@patch(
    "kms",
    ANY,
    "moto breaks on the ARN of a key in many operations, and knows the key by its id",
)
def name_key_by_id(call: Call) -> None:
    """Give moto the id of a key of the caller's own account and region."""
    key_id = str(call.params.get("KeyId"))
    key = find(call, key_id) if ":key/" in key_id else None
    if key and (key.account_id, key.region) == (call.signer.account_id, call.region):
        call.replace(KeyId=key.id)


@patch(
    "kms",
    "CreateKey",
    "moto leaves what was not given empty, the usage of a key and whether it is a multi-Region "
    "key; AWS makes it ENCRYPT_DECRYPT and false",
)
def fill_in_defaults(call: Call) -> None:
    """Report what the key is for and where it is.

    Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
    """
    if not call.params.get("KeyUsage"):
        call.replace(KeyUsage="ENCRYPT_DECRYPT")
    call.replace(MultiRegion=call.flag("MultiRegion"))


@patch(
    "kms",
    "DescribeKey",
    "moto refuses every caller as soon as any Deny of the key policy names DescribeKey, and knows "
    "no keys of other accounts; AWS answers a caller of another account that the policy allows",
)
def describe_key(call: Call) -> Answer:
    """Describe a key of the caller's account, or of another one by ARN."""
    return tidy(_readable(call).to_dict())


@patch(
    "kms",
    _NOT_WHILE_PENDING,
    "moto does nearly everything with a key that waits for its deletion or is disabled; AWS "
    "answers KMSInvalidStateException or DisabledException",
)
def check_key_state(call: Call) -> None:
    """Refuse what the key's state does not allow."""
    name = "TargetKeyId" if call.action.endswith("Alias") else "KeyId"
    key = find(call, call.text(name))
    if key is None:
        return
    if key.key_state == _PENDING:
        raise AwsError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key.key_state == "Disabled" and call.action in (*_CRYPTOGRAPHY, "EnableKeyRotation"):
        raise AwsError("DisabledException", f"{key.arn} is disabled.")


@patch(
    "kms",
    "EnableKeyRotation",
    "moto drops RotationPeriodInDays, and rotates keys that AWS cannot rotate",
)
def enable_key_rotation(call: Call) -> None:
    """Keep the period."""
    key = existing(call)
    period = call.params.get("RotationPeriodInDays")
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise AwsError("UnsupportedOperationException", "")
    if period is not None:
        _ROTATION_PERIODS[key] = int(period)


@patch(
    "kms",
    "GetKeyRotationStatus",
    "moto returns neither period nor next date; AWS reads a key that waits for its deletion as not "
    "rotating",
)
def get_key_rotation_status(call: Call) -> Answer:
    """Tell whether, how often and when next the key rotates."""
    key = existing(call)
    answer: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": False}
    if key.key_rotation_status and key.key_state != _PENDING:
        period = _ROTATION_PERIODS.get(key, _DEFAULT_ROTATION_PERIOD)
        created = datetime.fromtimestamp(key.creation_date, UTC)
        answer |= {
            "KeyRotationEnabled": True,
            "RotationPeriodInDays": period,
            "NextRotationDate": (created + timedelta(days=period)).timestamp(),
        }
    return answer


@patch(
    "kms",
    "ScheduleKeyDeletion",
    "moto takes any waiting period and answers without the key's ARN and state",
)
def schedule_key_deletion(call: Call) -> Answer:
    """Schedule the deletion."""
    key = existing(call)
    window = call.params.get("PendingWindowInDays", _DEFAULT_DELETION_WINDOW)
    if window not in _DELETION_WINDOW:
        raise _out_of_range("pendingWindowInDays", window, _DELETION_WINDOW)
    if replicas_of(key):
        raise NotImplementedError("the deletion of a primary key that has replicas")
    reply = call.forward()
    if not reply.ok:
        return reply
    return {
        "KeyId": key.arn,
        "DeletionDate": unix_time(key.deletion_date),
        "KeyState": _PENDING,
        "PendingWindowInDays": window,
    }


@patch("kms", "CancelKeyDeletion", "moto answers with the text that it was given; AWS with the ARN")
def cancel_key_deletion(call: Call) -> Answer:
    """Cancel the deletion."""
    key = existing(call)
    reply = call.forward()
    return {"KeyId": key.arn} if reply.ok else reply


@patch(
    "kms",
    ("CreateAlias", "UpdateAlias", "DeleteAlias"),
    "moto lets callers use names that are AWS's own, but a few",
)
def check_alias_name(call: Call) -> None:
    """Keep alias/aws/ for AWS."""
    name = call.text("AliasName")
    if name.startswith("alias/aws/"):
        raise AwsError("NotAuthorizedException", f"{name} is reserved for AWS")


def _readable(call: Call) -> Key:
    """The key that a call names, of any account: whether the caller may was asked before.

    Raises:
        AwsError: there is none.
    """
    key_id = call.text("KeyId")
    key = find(call, key_id)
    if key is None:
        # moto makes the AWS managed keys (alias/aws/s3, ...) when they are first named.
        call.forward()
        key = find(call, key_id)
    if key is None or key.region != call.region:
        raise not_found(key_id)
    return key


def _out_of_range(name: str, value: object, allowed: range) -> AwsError:
    return AwsError(
        "ValidationException",
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: "
        f"Member must be between {allowed.start} and {allowed.stop - 1}",
    )
