"""What securing an existing bucket changes on it, in words."""

from collections.abc import Sequence
from typing import Any


def changes_on_adoption(  # noqa: PLR0913 - one argument for each thing that may differ
    *,
    versioning: Any,  # noqa: ANN401 - the provider's output types are generated, and untyped here
    encryption: Any,  # noqa: ANN401
    logging: Any,  # noqa: ANN401
    lifecycle: Sequence[Any] | None,
    object_lock: Any,  # noqa: ANN401
    payer: str | None,
    access_log_bucket: str | None,
    wants_lifecycle: bool,
    lock_days: int,
) -> list[str]:
    """The differences between an existing bucket and a secured one.

    Args:
        versioning: the bucket's versioning as the provider reads it, and so on.
        encryption: its default encryption.
        logging: its server access logging.
        lifecycle: its lifecycle rules.
        object_lock: its Object Lock configuration.
        payer: who pays for requests.
        access_log_bucket: where its access logs will go; None leaves that alone.
        wants_lifecycle: whether its lifecycle rules will be replaced.
        lock_days: how long new objects will be locked.

    Returns:
        One sentence a difference.
    """
    changes: list[str] = []
    if not _get(versioning, "enabled"):
        changes.append("versioning is off and will be enabled")
    if _get(object_lock, "object_lock_enabled") != "Enabled":
        changes.append(
            "Object Lock is off and will be enabled, for good: S3 cannot switch it off again"
        )
    default = _get(_get(encryption, "rule"), "apply_server_side_encryption_by_default")
    algorithm = _get(default, "sse_algorithm")
    if algorithm != "aws:kms":
        changes.append(f"default encryption changes from {algorithm or 'none'} to SSE-KMS")
    target = _get(logging, "target_bucket")
    if access_log_bucket is not None and target and target != access_log_bucket:
        changes.append(f"access logs go to {access_log_bucket} instead of {target}")
    if payer == "Requester":
        changes.append("requests are paid by the requester, and will be by the owner again")
    for rule in lifecycle or ():
        days = _get(_get(rule, "expiration"), "days") or 0
        hidden = _get(_get(rule, "noncurrent_version_expiration"), "days") or 0
        if wants_lifecycle:
            changes.append(f"lifecycle rule {_get(rule, 'id')!r} is replaced by the settings")
        elif 0 < days < lock_days:
            changes.append(
                f"lifecycle rule {_get(rule, 'id')!r} expires objects after {days} days, before "
                f"their lock of {lock_days} days ends: give a lifecycle to replace it"
            )
        elif hidden and (days == 0 or hidden < days):
            changes.append(
                f"lifecycle rule {_get(rule, 'id')!r} destroys noncurrent versions after {hidden} "
                "days, before logs expire, so that hiding a log destroys it: give a lifecycle to "
                "replace it"
            )
    return changes


def change_of_key(*, encryption: Any, kms_key_arn: str) -> list[str]:  # noqa: ANN401 - see above
    """The sentence about a bucket that is encrypted with another key; none if it is the same.

    Args:
        encryption: the bucket's default encryption as the provider reads it.
        kms_key_arn: the key it will be encrypted with.
    """
    default = _get(_get(encryption, "rule"), "apply_server_side_encryption_by_default")
    before = _get(default, "kms_master_key_id")
    if not before or before == kms_key_arn:
        return []
    return [f"the key of its default encryption changes from {before} to {kms_key_arn}"]


def _get(value: Any, name: str) -> Any:  # noqa: ANN401 - see above
    if value is None:
        return None
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)
