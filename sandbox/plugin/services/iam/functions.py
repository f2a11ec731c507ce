"""Looking roles and sessions up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sandbox.plugin.aws import find
from sandbox.plugin.resource import NOT_FOUND, Function, ResourceError
from sandbox.plugin.services.iam.entity import GONE
from sandbox.plugin.services.iam.role import role_outputs
from sandbox.plugin.validators import arn

if TYPE_CHECKING:
    from sandbox.plugin.resource import Call
    from sandbox.plugin.values import Properties

_ASSUMED_ROLE: Final = re.compile(
    r"arn:[^:]+:sts:[^:]*:\d{12}:assumed-role/(?:.+/)?([^/]+)/([^/]+)"
)


def _role(call: Call, name: str) -> Properties:
    client = call.client("iam")
    role = find(lambda: client.get_role(RoleName=name)["Role"], GONE)
    if role is None:
        raise ResourceError(f"{name}: {NOT_FOUND}")
    return role


def _find_role(call: Call) -> Properties:
    name = str(call.inputs["name"])
    outputs = role_outputs(_role(call, name))
    boundary = outputs["permissionsBoundary"] or ""
    return {**outputs, "id": name, "permissionsBoundary": boundary, "roleLastUseds": []}


def _session_context(call: Call) -> Properties:
    session = str(call.inputs["arn"])
    for problem in arn("arn", session):
        raise ResourceError(problem)
    match = _ASSUMED_ROLE.fullmatch(session)
    if match is None:
        return {
            "id": session,
            "issuerArn": session,
            "issuerId": "",
            "issuerName": "",
            "sessionName": "",
        }
    role = _role(call, match[1])
    return {
        "id": session,
        "issuerArn": role["Arn"],
        "issuerId": role["RoleId"],
        "issuerName": match[1],
        "sessionName": match[2],
    }


FUNCTIONS = (
    Function(
        function="aws:iam/getRole:getRole", noun="IAM Role", run=_find_role, required=("name",)
    ),
    Function(
        function="aws:iam/getSessionContext:getSessionContext",
        noun="IAM Session Context",
        run=_session_context,
        required=("arn",),
    ),
)
