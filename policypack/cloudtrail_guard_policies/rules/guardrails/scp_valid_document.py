"""An SCP or RCP is one that AWS accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cloudtrail_guard_policies.engine.levels import EnforcementLevel, Severity
from cloudtrail_guard_policies.engine.parameters import integer
from cloudtrail_guard_policies.engine.rule import ResourceRule, Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN, items
from cloudtrail_guard_policies.iam.documents import parse
from cloudtrail_guard_policies.subjects.guardrails import POLICIES, RCP, SCP
from cloudtrail_guard_policies.subjects.quotas import QUOTAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.rule import Finding
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value

Problem: TypeAlias = "tuple[str, str]"
"""A path, and what is wrong there."""

StatementCheck: TypeAlias = "Callable[[str, Mapping[str, Value]], Iterator[Problem]]"

_SIZE = integer(
    "maximumCharacters",
    "The most characters of one SCP; AWS's quota unless it has granted the organization more.",
    default=QUOTAS[SCP].characters,
    minimum=1,
)


def _check(policy: Resource, settings: RuleSettings) -> Iterator[Finding]:
    content, kind = policy.properties.get("content"), policy.properties.get("type", SCP)
    if UNKNOWN in (content, kind):
        yield Undecidable(resource=policy, path="content" if content is UNKNOWN else "type")
        return
    if kind == SCP:
        problems = [*_too_long(content, settings[_SIZE]), *_malformed(content, _scp_statement)]
    elif kind == RCP:
        problems = [
            *_too_long(content, QUOTAS[RCP].characters),
            *_malformed(content, _rcp_statement),
        ]
    else:
        return
    for path, problem in problems:
        yield Violation(
            resource=policy,
            path=path,
            problem=problem,
            remediation="correct the document, or AWS Organizations rejects it",
        )


def _too_long(content: Value, most: int) -> Iterator[Problem]:
    if isinstance(content, str) and len(content) > most:
        yield "content", f"has {len(content)} characters, {len(content) - most} more than {most}"


def _malformed(content: Value, malformed: StatementCheck) -> Iterator[Problem]:
    parsed = parse(content)
    if not isinstance(parsed, dict):
        yield "content", "is no JSON object"
        return
    if parsed.get("Version") not in ("2012-10-17", UNKNOWN):
        yield "content.Version", "is not 2012-10-17"
    statements = items(parsed.get("Statement"))
    if not statements:
        yield "content.Statement", "is missing"
    for index, statement in enumerate(statements):
        path = f"content.Statement[{index}]"
        if isinstance(statement, dict):
            yield from malformed(path, statement)
        elif statement is not UNKNOWN:
            yield path, "is no object"


def _scp_statement(path: str, statement: Mapping[str, Value]) -> Iterator[Problem]:
    if statement.get("Effect") not in ("Allow", "Deny", UNKNOWN):
        yield f"{path}.Effect", "is neither Allow nor Deny"
    for name in ("Principal", "NotPrincipal"):
        if name in statement:
            yield f"{path}.{name}", "is set, but an SCP has no principals"
    for names in (("Action", "NotAction"), ("Resource", "NotResource")):
        yield from _not_exactly_one(path, statement, names)


def _rcp_statement(path: str, statement: Mapping[str, Value]) -> Iterator[Problem]:
    """Yield what AWS rejects in a resource control policy.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
    """
    if statement.get("Effect") not in ("Deny", UNKNOWN):
        yield f"{path}.Effect", "is not Deny, which is all that an RCP can say"
    if statement.get("Principal") not in ("*", UNKNOWN):
        yield f"{path}.Principal", "is not *, which is the only principal of an RCP"
    for name in ("NotPrincipal", "NotAction"):
        if name in statement:
            yield f"{path}.{name}", f"is set, but an RCP has no {name}"
    if not statement.get("Action"):
        yield f"{path}.Action", "is missing"
    yield from _not_exactly_one(path, statement, ("Resource", "NotResource"))


def _not_exactly_one(
    path: str, statement: Mapping[str, Value], names: tuple[str, str]
) -> Iterator[Problem]:
    if sum(bool(statement.get(name)) for name in names) != 1:
        yield f"{path}.{names[0]}", f"is wrong: exactly one of {' and '.join(names)} is set"


RULE = ResourceRule(
    id="scp-valid-document",
    title="A service control policy or resource control policy is a document that AWS accepts.",
    severity=Severity.MEDIUM,
    level=EnforcementLevel.ADVISORY,
    types=POLICIES,
    controls={},
    link="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html",
    rationale=(
        "AWS Organizations rejects a malformed or oversized policy only when it is made, half-way"
        f" through an update. Since {QUOTAS[SCP].since} an SCP may have"
        f" {QUOTAS[SCP].characters:,} characters, an RCP {QUOTAS[RCP].characters:,}. White space"
        " counts when the policy comes from the API, so documents are best minified."
    ),
    remediation="Correct the document; shorten it, minify it or split it over two policies.",
    check=_check,
    parameters=(_SIZE,),
)
