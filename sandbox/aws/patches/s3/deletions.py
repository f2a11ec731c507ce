"""Deleting many objects with one call, each of which is evaluated by itself."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from sandbox.aws.enforcement import error, refusal
from sandbox.aws.enforcement.services.s3 import of_deletion
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.aws.call import Answer, AwsError, Call

_END = b"</DeleteResult>"
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@patch(
    "s3",
    "DeleteObjects",
    "moto asks no policy; AWS judges each object by itself, deletes those that it may, and answers "
    "the others as errors",
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
