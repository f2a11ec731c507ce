"""KMS: keys with their policies, and aliases.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.utils import unix_time

from sandbox.aws import lookups
from sandbox.aws.enforcement.permissions import Permission, ResourcePolicy, action, arn, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moto.kms.models import Key

    from sandbox.aws.call import Call

_DAY = 24 * 3600
_DESTRUCTION = {"DisableKey", "ScheduleKeyDeletion"}
_ALIAS_OPERATIONS = {"CreateAlias", "UpdateAlias", "DeleteAlias"}
_KEY_ID_LENGTH = 36


def permissions(call: Call) -> Iterable[Permission]:
    """The keys that a call names; for an alias, alias and key."""
    if call.action in _ALIAS_OPERATIONS:
        return _of_alias(call)
    if call.action == "ReEncrypt":
        source = call.text("SourceKeyId") or _key_of(call.params["CiphertextBlob"])
        return [
            _of_key(call, source, "kms:ReEncryptFrom", "SourceEncryptionContext"),
            _of_key(
                call,
                call.text("DestinationKeyId"),
                "kms:ReEncryptTo",
                "DestinationEncryptionContext",
            ),
        ]
    key_id = call.text("KeyId")
    if call.action == "Decrypt" and not key_id:
        key_id = _key_of(call.params["CiphertextBlob"])
    if not key_id or call.action == "RetireGrant":
        # A grant is retired by those whom the grant itself names.
        return [Permission(action=action(call), context=_keys(call, {}))]
    return [_of_key(call, key_id, action(call), "EncryptionContext")]


def policy_of(text: str) -> ResourcePolicy:
    """A key's policy: it must let even the key's own account in."""
    return ResourcePolicy(text=text, leaves_to_identity=False)


def on_key(key: Key, action: str, context: Mapping[str, str | list[str]]) -> Permission:
    """An action on a key that exists."""
    return Permission(
        action=action,
        resource=key.arn,
        owner=key.account_id,
        policy=policy_of(key.policy),
        context=context,
        bound_by_rcps=not _is_managed_by_aws(key),
    )


def _of_alias(call: Call) -> Iterable[Permission]:
    """An alias needs permission on itself and on every key that it leads to."""
    name = call.text("AliasName")
    before = "" if call.action == "CreateAlias" else name
    yield plain(call, arn(call, name))
    for key_id in filter(None, (before, call.text("TargetKeyId"))):
        yield _of_key(call, key_id, action(call), "")


def _of_key(call: Call, key_id: str, wanted: str, context: str) -> Permission:
    """An action on a key.

    Args:
        call: the call.
        key_id: id or alias, by name or ARN.
        wanted: the action.
        context: the parameter with the encryption context.
    """
    key = lookups.key(key_id, account_id=call.signer.account_id, region=call.region)
    keys = _keys(call, call.params.get(context) or {})
    if key is None:
        kind = "" if key_id.startswith("alias/") else "key/"
        named = key_id if key_id.startswith("arn:") else arn(call, f"{kind}{key_id}")
        return Permission(action=wanted, resource=named, context=keys)
    if call.action in _DESTRUCTION:
        keys["kms:TrailingDaysWithoutKeyUsage"] = str(_days_without_usage(key))
    return on_key(key, wanted, keys)


def _days_without_usage(key: Key) -> int:
    """Whole days since a key was made.

    AWS counts from its last use, where that is later
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-trailing-days-without-key-usage).
    A sandbox lives for less than a day, in which both are the same.
    """
    return int((unix_time() - key.creation_date) // _DAY)


def _keys(call: Call, encryption_context: dict[str, str]) -> dict[str, str | list[str]]:
    """The condition keys of KMS."""
    keys: dict[str, str | list[str]] = {
        f"kms:EncryptionContext:{name}": value for name, value in encryption_context.items()
    }
    if encryption_context:
        keys["kms:EncryptionContextKeys"] = list(encryption_context)
    if call.action in ("CreateKey", "PutKeyPolicy"):
        bypass = call.flag("BypassPolicyLockoutSafetyCheck")
        keys["kms:BypassPolicyLockoutSafetyCheck"] = str(bypass).lower()
    days = call.params.get("PendingWindowInDays")
    if days is not None:
        keys["kms:ScheduleKeyDeletionPendingWindowInDays"] = str(days)
    return keys


def _is_managed_by_aws(key: Key) -> bool:
    return any(name.startswith("alias/aws/") for name in key.aliases)


def _key_of(ciphertext: bytes) -> str:
    """The id of the key that a ciphertext was made with: moto writes it in front."""
    return ciphertext[:_KEY_ID_LENGTH].decode(errors="replace")
