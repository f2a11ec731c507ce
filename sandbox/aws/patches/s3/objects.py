"""Objects: retention under Object Lock, and deletion."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from moto.s3.models import s3_backends

from sandbox.aws.buckets import denied, existing, missing
from sandbox.aws.call import AwsError, Reply
from sandbox.aws.enforcement import error, refusal
from sandbox.aws.enforcement.services.s3 import of_deletion
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from moto.s3.models import FakeKey

    from sandbox.aws.call import Answer, Call

_STORED = "%Y-%m-%dT%H:%M:%SZ"
_STORED_WITH_FRACTION = "%Y-%m-%dT%H:%M:%S.%fZ"


@patch(
    "s3",
    "PutObjectLockConfiguration",
    "moto refuses buckets that hold objects, and takes any mode and period",
)
def put_object_lock_configuration(call: Call) -> Answer:
    """Switch Object Lock on and set the default retention."""
    bucket = existing(call)
    if bucket.versioning_status != "Enabled":
        message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        raise AwsError("InvalidBucketState", message, HTTPStatus.CONFLICT)
    configuration = call.params.get("ObjectLockConfiguration") or {}
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise AwsError("MalformedXML", "ObjectLockEnabled must be Enabled")
    mode, days, years = _default_retention(configuration.get("Rule"))
    bucket.object_lock_enabled = True
    bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = (
        mode,
        days,
        years,
    )
    return Reply(HTTPStatus.OK)


@patch(
    "s3",
    "GetObjectLockConfiguration",
    "moto answers days and years, one of them 0, where AWS answers the one that was set",
)
def get_object_lock_configuration(call: Call) -> Answer:
    """Return the lock's configuration."""
    bucket = existing(call)
    if not bucket.object_lock_enabled:
        raise missing("ObjectLockConfigurationNotFoundError", "Object Lock configuration")
    configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
    if bucket.default_lock_mode:
        retention: dict[str, Any] = {"Mode": bucket.default_lock_mode}
        if bucket.default_lock_days:
            retention["Days"] = bucket.default_lock_days
        else:
            retention["Years"] = bucket.default_lock_years
        configuration["Rule"] = {"DefaultRetention": retention}
    return {"ObjectLockConfiguration": configuration}


@patch(
    "s3",
    "PutObjectRetention",
    "moto shortens any retention; AWS never shortens COMPLIANCE, and GOVERNANCE only with the "
    "bypass header",
)
def put_object_retention(call: Call) -> Answer:
    """Set the retention of a version, where that is allowed."""
    key = _version(call)
    retention = call.params.get("Retention") or {}
    mode, until = retention.get("Mode"), retention.get("RetainUntilDate")
    if (mode is None) is not (until is None):
        raise AwsError("MalformedXML", "Retention needs Mode and RetainUntilDate, or none")
    if until and until <= _now():
        raise AwsError("InvalidArgument", "The retain until date must be in the future!")
    held = _held_until(key)
    if held and held > _now():
        shortened = until is None or until < held
        weakened = key.lock_mode == "COMPLIANCE" and mode != "COMPLIANCE"
        bypass = call.header("x-amz-bypass-governance-retention").lower() == "true"
        if weakened or (shortened and (key.lock_mode == "COMPLIANCE" or not bypass)):
            raise denied("Access Denied because object protected by object lock.")
    key.lock_mode, key.lock_until = mode, until.strftime(_STORED) if until else None
    return Reply(HTTPStatus.OK)


@patch("s3", "GetObjectRetention", "moto lacks this operation")
def get_object_retention(call: Call) -> Answer:
    """Report how long a version is kept."""
    key = _version(call)
    held = _held_until(key)
    if held is None:
        raise AwsError(
            "NoSuchObjectLockConfiguration",
            "The specified object does not have a ObjectLock configuration",
            HTTPStatus.NOT_FOUND,
        )
    return {"Retention": {"Mode": key.lock_mode, "RetainUntilDate": held}}


def _default_retention(rule: dict[str, Any] | None) -> tuple[str | None, int, int]:
    """Mode, days and years of a default retention; no rule is no retention."""
    retention = (rule or {}).get("DefaultRetention")
    if not retention:
        return None, 0, 0
    mode, days, years = retention.get("Mode"), retention.get("Days"), retention.get("Years")
    if mode is None or (days is None) is (years is None):
        message = "DefaultRetention needs Mode and either Days or Years"
        raise AwsError("MalformedXML", message)
    if (days or years or 0) <= 0:
        message = "Default retention period must be a positive integer value."
        raise AwsError("InvalidArgument", message)
    return mode, days or 0, years or 0


def _version(call: Call) -> FakeKey:
    """The version of an object that a call names, in a bucket with Object Lock.

    Raises:
        AwsError: there is no such version, or no Object Lock.
    """
    bucket = existing(call)
    if not bucket.object_lock_enabled:
        message = "Bucket is missing Object Lock Configuration"
        raise AwsError("InvalidRequest", message)
    version = call.text("VersionId") or None
    backend = s3_backends[bucket.account_id][bucket.partition]
    key = backend.get_object(bucket.name, call.labels["Key"], version)
    if key is None:
        code = "NoSuchVersion" if version else "NoSuchKey"
        raise missing(code, "specified version" if version else "specified key")
    return key


def _held_until(key: FakeKey) -> datetime | None:
    if not key.lock_mode or not key.lock_until:
        return None
    stored = _STORED_WITH_FRACTION if "." in key.lock_until else _STORED
    # Naive, in UTC, as moto's parser gives dates.
    return datetime.strptime(key.lock_until, stored)  # noqa: DTZ007 (see above)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


_END = b"</DeleteResult>"
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@patch(
    "s3",
    "DeleteObjects",
    "moto evaluates no policy; AWS evaluates each object by itself, deletes those that the caller "
    "may delete, and answers the others as errors",
)
def delete_objects(call: Call) -> Answer | None:
    """Delete the objects that the caller may delete."""
    wanted = (call.params.get("Delete") or {}).get("Objects") or []
    refused = {number: _refused(call, each) for number, each in enumerate(wanted)}
    errors = [_error(wanted[number], why) for number, why in refused.items() if why]
    if not errors:
        return None
    allowed = [each for number, each in enumerate(wanted) if not refused[number]]
    if not allowed:
        return {"Errors": errors}
    call.body = _request(allowed, quiet=bool(call.params["Delete"].get("Quiet")))
    reply = call.forward()
    if reply.status != HTTPStatus.OK:
        return reply
    added = "".join(f"<Error>{_elements(each)}</Error>" for each in errors)
    return replace(reply, body=reply.body.replace(_END, added.encode() + _END))


@patch(
    "s3",
    "DeleteObject",
    "moto takes any value of x-amz-bypass-governance-retention, even false, as the wish to bypass",
)
def delete_object(call: Call) -> None:
    """Do not bypass the retention of a version unless the request says true."""
    if not call.flag("BypassGovernanceRetention"):
        call.environ.pop("HTTP_X_AMZ_BYPASS_GOVERNANCE_RETENTION", None)


def _refused(call: Call, wanted: Mapping[str, Any]) -> AwsError | None:
    for permission in of_deletion(call, wanted["Key"], wanted.get("VersionId") or ""):
        why = refusal(call, permission)
        if why is not None:
            return error(call, permission, why)
    return None


def _error(wanted: Mapping[str, Any], why: AwsError) -> dict[str, str]:
    version = wanted.get("VersionId")
    named = {"Key": wanted["Key"]} | ({"VersionId": version} if version else {})
    return {**named, "Code": why.code, "Message": why.message}


def _request(wanted: Sequence[Mapping[str, Any]], *, quiet: bool) -> bytes:
    """The request's body for fewer objects."""
    objects = "".join(f"<Object>{_elements(each)}</Object>" for each in wanted)
    said = "<Quiet>true</Quiet>" if quiet else ""
    return f'<Delete xmlns="{_NAMESPACE}">{objects}{said}</Delete>'.encode()


def _elements(members: Mapping[str, Any]) -> str:
    return "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in members.items())
