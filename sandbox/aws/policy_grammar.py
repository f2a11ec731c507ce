"""Whether a policy document is well formed for the place where it is put.

Pure: text in, the parsed document out, or a ``GrammarError`` with the reason. Who exists is not
asked here. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.aws.policy_conditions import OPERATORS, values
from sandbox.aws.policy_evaluation import principals, statements
from sandbox.aws.s3_actions import BUCKET_ACTIONS, OBJECT_ACTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSIONS = ("2012-10-17", "2008-10-17")
_DOCUMENT_KEYS = {"Version", "Id", "Statement"}
_STATEMENT_KEYS = {
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
}
_ACTION = re.compile(r"^(\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$")
_OTHER_OPERATORS = {
    *("Null", "BinaryEquals"),
    *(f"Date{test}" for test in ("Equals", "LessThan", "LessThanEquals")),
    *(f"Date{test}" for test in ("GreaterThan", "GreaterThanEquals")),
}


class GrammarError(Exception):
    """A document is not what its place needs; the message is the one AWS gives, or close to it."""


@dataclass(frozen=True)
class Kind:
    """What documents of one place have in common.

    Attributes:
        principal: ``"required"`` or ``"forbidden"``.
        resource: ``"required"`` or ``"forbidden"``.
        effects: the effects that a statement may have.
        negations: whether NotAction, NotResource and NotPrincipal are allowed.
    """

    principal: str
    resource: str
    effects: tuple[str, ...] = ("Allow", "Deny")
    negations: bool = True


RESOURCE_POLICY = Kind(principal="required", resource="required")
TRUST_POLICY = Kind(principal="required", resource="forbidden")
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
SCP = Kind(principal="forbidden", resource="required")
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
RCP = Kind(principal="required", resource="required", effects=("Deny",), negations=False)


def parse(text: str, kind: Kind) -> dict[str, Any]:
    """Parse a document and check it.

    Raises:
        GrammarError: the text is no document of that kind.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise GrammarError(f"Policies must be valid JSON: {error}") from None
    if not isinstance(document, dict):
        raise GrammarError("Policies must be valid JSON and the first byte must be '{'")
    _check_keys(document, _DOCUMENT_KEYS, "document")
    if document.get("Version", _VERSIONS[0]) not in _VERSIONS:
        raise GrammarError(f"Version {document['Version']!r} must be one of {_VERSIONS}")
    found = document.get("Statement")
    if not found or not isinstance(found, list | dict):
        raise GrammarError("Missing required field Statement")
    for statement in statements(document):
        _check_statement(statement, kind)
    # An empty one names no statement: the console writes it, and AWS takes several.
    sids = [sid for statement in statements(document) if (sid := statement.get("Sid", ""))]
    if len(sids) != len(set(sids)):
        raise GrammarError("Statement IDs (SID) in a single policy must be unique.")
    return document


def check_bucket_policy(document: Mapping[str, Any], bucket_arn: str) -> None:
    """Check that each statement speaks of the bucket, with actions that fit its resources.

    Raises:
        GrammarError: an action is not one of S3, a resource is not this bucket or an object of it,
            or an action cannot apply to any resource of its statement.
    """
    for statement in statements(document):
        resources = values(statement.get("Resource", statement.get("NotResource")))
        if any(not _in_bucket(resource, bucket_arn) for resource in resources):
            raise GrammarError("Policy has invalid resource")
        actions = values(statement.get("Action", statement.get("NotAction")))
        if any(action != "*" and not action.lower().startswith("s3:") for action in actions):
            raise GrammarError("Policy has invalid action")
        if "Resource" in statement and "Action" in statement:
            _check_reach(actions, resources)


def check_rcp(document: Mapping[str, Any]) -> None:
    """Check what holds for resource control policies only.

    Raises:
        GrammarError: a principal is not ``"*"``, or an action is the bare ``"*"``.
    """
    for statement in statements(document):
        if principals(statement) != [("AWS", "*")]:
            raise GrammarError('The Principal element of an RCP must be "*"')
        if "*" in values(statement["Action"]):
            raise GrammarError('An RCP must name services in Action: "*" alone is not allowed')


def _check_statement(statement: object, kind: Kind) -> None:
    if not isinstance(statement, dict):
        raise GrammarError("Statement must be an object or a list of objects")
    _check_keys(statement, _STATEMENT_KEYS, "statement")
    if not isinstance(statement.get("Sid", ""), str):
        raise GrammarError("Sid must be a text")
    if statement.get("Effect") not in kind.effects:
        raise GrammarError(f"Invalid effect: {statement.get('Effect')}")
    _check_pair(statement, "Action", "required", kind)
    _check_pair(statement, "Resource", kind.resource, kind)
    _check_pair(statement, "Principal", kind.principal, kind)
    for action in values(statement.get("Action", statement.get("NotAction"))):
        if _ACTION.match(action) is None:
            raise GrammarError(f"Actions/Condition keys must be prefixed by a vendor: {action}")
    _check_conditions(statement.get("Condition", {}))


def _check_pair(statement: Mapping[str, Any], element: str, rule: str, kind: Kind) -> None:
    """Check that exactly one of an element and its Not form is there, or none if forbidden."""
    present = [name for name in (element, f"Not{element}") if name in statement]
    if rule == "forbidden" and present:
        raise GrammarError(f"Has prohibited field {present[0]}")
    if rule == "required" and not present:
        raise GrammarError(f"Missing required field {element}")
    if len(present) > 1:
        raise GrammarError(f"{element} and Not{element} exclude each other")
    if present and not kind.negations and present[0] != element:
        raise GrammarError(f"Has prohibited field {present[0]}")
    if present and statement[present[0]] in ("", [], {}, None):
        raise GrammarError(f"{present[0]} must not be empty")


def _check_conditions(conditions: object) -> None:
    if not isinstance(conditions, dict):
        raise GrammarError("Condition must be an object")
    for operator, tests in conditions.items():
        name = str(operator).rpartition(":")[2].removesuffix("IfExists")
        if name.replace("Not", "", 1) not in OPERATORS | _OTHER_OPERATORS:
            raise GrammarError(f"Invalid Condition type : {operator}")
        if not isinstance(tests, dict) or not tests:
            raise GrammarError(f"Condition {operator} must be an object with condition keys")
        for value in (value for wanted in tests.values() for value in values(wanted)):
            _check_value(name.replace("Not", "", 1), value)


def _check_value(operator: str, value: str) -> None:
    """Check that a condition's value is of its operator's type."""
    try:
        if operator.startswith("Numeric"):
            float(value)
        elif operator == "IpAddress":
            ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise GrammarError(f"{value!r} is no value for the condition type {operator}") from None


def _check_keys(found: Mapping[str, Any], allowed: set[str], what: str) -> None:
    extra = sorted(set(found) - allowed)
    if extra:
        raise GrammarError(f"Unknown field {extra[0]} in the {what}")


def _in_bucket(resource: str, bucket_arn: str) -> bool:
    return resource == bucket_arn or resource.startswith((f"{bucket_arn}/", f"{bucket_arn}*"))


def _check_reach(actions: list[str], resources: list[str]) -> None:
    """Check that each action without a wildcard fits one of the resources, bucket or objects."""
    open_ended = any("/" not in resource and resource.endswith("*") for resource in resources)
    objects = open_ended or any("/" in resource for resource in resources)
    bucket = open_ended or any("/" not in resource for resource in resources)
    for action in map(str.lower, actions):
        if (action in OBJECT_ACTIONS and not objects) or (action in BUCKET_ACTIONS and not bucket):
            raise GrammarError("Action does not apply to any resource(s) in statement")
