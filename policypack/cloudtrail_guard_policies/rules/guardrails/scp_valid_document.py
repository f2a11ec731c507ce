"""An SCP is one that AWS takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_policy import EnforcementLevel, Severity

from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, items
from cloudtrail_guard_policies.iam.documents import parse
from cloudtrail_guard_policies.subjects.guardrails import POLICIES, is_scp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value

_SIZE = integer(
    "maximumCharacters",
    "The quota on one SCP: 5120, or what AWS has granted the organization.",
    default=5120,
    minimum=1,
)


def _check(policy: Resource, settings: RuleSettings) -> Iterator[Finding]:
    content = policy.properties.get("content")
    if UNKNOWN in (content, policy.properties.get("type")):
        path = "content" if content is UNKNOWN else "type"
        yield Undecidable(resource=policy, path=path)
    elif is_scp(policy):
        for path, problem in (*_too_long(content, settings[_SIZE]), *_malformed(content)):
            yield Violation(
                resource=policy,
                path=path,
                problem=problem,
                remediation="correct the document, or AWS Organizations refuses it",
            )


def _too_long(content: Value, most: int) -> Iterator[tuple[str, str]]:
    if isinstance(content, str) and len(content) > most:
        yield "content", f"has {len(content)} characters, {len(content) - most} more than {most}"


def _malformed(content: Value) -> Iterator[tuple[str, str]]:
    parsed = parse(content)
    if not isinstance(parsed, dict):
        yield "content", "is no JSON object"
        return
    if parsed.get("Version") != "2012-10-17":
        yield "content.Version", "is not 2012-10-17"
    statements = items(parsed.get("Statement"))
    if not statements:
        yield "content.Statement", "is missing"
    for index, statement in enumerate(statements):
        yield from _malformed_statement(f"content.Statement[{index}]", statement)


def _malformed_statement(path: str, statement: Value) -> Iterator[tuple[str, str]]:
    if not isinstance(statement, dict):
        yield path, "is no object"
        return
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"{path}.Effect", "is neither Allow nor Deny"
    for name in ("Principal", "NotPrincipal"):
        if name in statement:
            yield f"{path}.{name}", "is set, but an SCP has no principals"
    for names in (("Action", "NotAction"), ("Resource", "NotResource")):
        if sum(bool(statement.get(name)) for name in names) != 1:
            yield f"{path}.{names[0]}", f"is wrong: exactly one of {' and '.join(names)} is set"


RULE = ResourceRule(
    id="scp-valid-document",
    title="A service control policy is a document that AWS accepts.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=POLICIES,
    controls={},
    link="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html",
    rationale=(
        "AWS Organizations refuses a malformed or oversized SCP only when it is made, half-way"
        " through an update. White space counts against the size when the policy comes from the"
        " API, so documents are best minified."
    ),
    remediation="Correct the document; shorten it, minify it or split it over two policies.",
    check=_check,
    parameters=(_SIZE,),
)
