"""Documents with one part left out, and the requests that could tell them from the whole."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, TypeAlias

from cloudtrail_guard.operations import OPERATIONS

from sandbox.aws.policy_conditions import like, values
from sandbox.aws.policy_evaluation import Principal, Request, evaluate, principals
from tests.enforcement.documents import (
    ARCHIVE,
    ARCHIVE_EXEMPT,
    BREAK_GLASS,
    DEPLOYERS,
    ORGANIZATION,
    READERS,
    REPLICATION,
    SECURITY,
)

Policy: TypeAlias = dict[str, Any]

ADMINISTRATOR = f"arn:aws:iam::{SECURITY}:role/Administrator"
PEOPLE: Mapping[str, Sequence[str]] = {
    SECURITY: (ADMINISTRATOR, BREAK_GLASS[0], *DEPLOYERS),
    ARCHIVE: (*ARCHIVE_EXEMPT["break_glass"], *ARCHIVE_EXEMPT["deployers"]),
}
"""By account."""
USUAL: Mapping[str, str] = {
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalOrgID": ORGANIZATION,
    "aws:SecureTransport": "true",
    "s3:TlsVersion": "1.3",
    "aws:MultiFactorAuthPresent": "true",
    # A role or user has the boundary, unless a statement asks for it.
    "iam:PermissionsBoundary": f"arn:aws:iam::{SECURITY}:policy/guard-boundary",
    # What policy variables are filled with.
    "aws:username": SECURITY,
}
"""What a request has where a statement asks for nothing else."""

READING = ("s3:GetObject", "s3:ListBucket", "kms:Decrypt", "kms:DescribeKey")
ACTIONS = sorted({*READING, *(each.action for each in OPERATIONS)})


@dataclass(frozen=True)
class Mutant:
    """A document without one part.

    Attributes:
        part: what is left out: the Sid, and what of the statement.
        index: the place of the statement in the whole document.
        policy: the document without it.
        only: the action, resource or principal that is left out, if it is one.
    """

    part: str
    index: int
    policy: Policy
    only: tuple[str, str] | None = None


def mutants(policy: Policy) -> Iterator[Mutant]:
    """The document without each statement, action, resource, principal, condition and value."""
    for index, statement in enumerate(policy["Statement"]):
        sid = statement["Sid"]
        rest = deepcopy(policy)
        del rest["Statement"][index]
        yield Mutant(sid, index, rest)
        for element in ("Action", "Resource", "NotResource"):
            for value in _several(statement.get(element)):
                changed = deepcopy(policy)
                changed["Statement"][index][element].remove(value)
                yield Mutant(f"{sid} {element} {value}", index, changed, (element, value))
        if isinstance(statement.get("Principal"), dict):
            for kind, found in statement["Principal"].items():
                for value in _several(found):
                    changed = deepcopy(policy)
                    changed["Statement"][index]["Principal"][kind].remove(value)
                    yield Mutant(f"{sid} Principal {value}", index, changed)
        for operator, tests in statement.get("Condition", {}).items():
            for key, wanted in tests.items():
                changed = deepcopy(policy)
                del changed["Statement"][index]["Condition"][operator][key]
                yield Mutant(f"{sid} {operator} {key}", index, changed)
                for value in _several(wanted):
                    changed = deepcopy(policy)
                    changed["Statement"][index]["Condition"][operator][key].remove(value)
                    yield Mutant(f"{sid} {operator} {key} {value}", index, changed)


def _several(value: object) -> list[str]:
    return [*value] if isinstance(value, list) and len(value) > 1 else []


def deciding_request(policy: Policy, mutant: Mutant) -> Request | None:
    """A request to which the whole document and the mutant do not say the same, if there is one.

    It is looked for among those that the mutated statement speaks of: every action, resource and
    principal of it, with every combination of what fits its conditions and what does not.
    """
    statement = policy["Statement"][mutant.index]
    element = "Resource" if "Resource" in statement else "NotResource"
    patterns = {each: values(statement[each]) for each in ("Action", element)}
    if mutant.only:
        part, value = mutant.only
        patterns[part] = [value]
    actions = list(chain.from_iterable(map(_actions, patterns["Action"])))
    resources = [_filled(each) for each in patterns[element]]
    if element == "NotResource":
        resources.append(f"arn:aws:iam::{SECURITY}:user/another")
    accounts = _accounts(policy)
    for principal, context in product(_principals(statement, accounts), _contexts(statement)):
        facts = {**USUAL, **_facts(principal), **context}
        present = {key: value for key, value in facts.items() if value is not None}
        for action, resource in product(actions, resources):
            if not _acts_on(action, resource):
                continue
            request = Request(principal, action, resource, present)
            if evaluate(policy, request) != evaluate(mutant.policy, request):
                return request
    return None


def _actions(pattern: str) -> list[str]:
    """Actions that fit a pattern: those of the table, or any."""
    if "*" not in pattern:
        return [pattern]
    return [each for each in ACTIONS if like(pattern, each)] or [pattern.replace("*", "")]


def _acts_on(action: str, resource: str) -> bool:
    """Whether AWS asks for an action of S3 on such a resource: a bucket, or an object of it."""
    if not action.startswith("s3:"):
        return True
    return bool(_ON_OBJECTS.search(action)) is ("/" in resource)


_ON_OBJECTS = re.compile("Object(?!LockConfiguration)|:Replicate|Governance")


def _filled(pattern: str) -> str:
    """A text that fits a pattern of resources or of a condition, and as few others as can be."""
    return re.sub(r"\$\{[^}]+\}", SECURITY, pattern).replace("*", "x")


def _accounts(policy: Policy) -> list[str]:
    """The accounts that a policy names as principals, or the one that the documents are of."""
    named = {
        value.split(":")[4]
        for statement in policy["Statement"]
        if "Principal" in statement
        for _, value in principals(statement)
        if value.endswith(":root")
    }
    return sorted(named) or [SECURITY]


def _principals(statement: Mapping[str, Any], accounts: Sequence[str]) -> list[Principal]:
    named = principals(statement) if "Principal" in statement else [("AWS", "*")]
    # Those whom other statements exempt, too: to others they may deny the same.
    people = [Principal(account, (each,)) for account in accounts for each in PEOPLE[account]]
    return [
        *(Principal(service=value) for kind, value in named if kind == "Service"),
        *(
            Principal(value.split(":")[4], (value,))
            for kind, value in named
            if kind == "AWS" and ":role/" in value
        ),
        *(people if any(value.endswith(("*", ":root")) for _, value in named) else ()),
    ]


def _facts(principal: Principal) -> dict[str, str | None]:
    if principal.service:
        return {
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalOrgID": None,
            "aws:SourceAccount": SECURITY,
        }
    return {"aws:PrincipalArn": principal.arns[0]}


def _contexts(statement: Mapping[str, Any]) -> Iterator[dict[str, str | None]]:
    """Every combination of values that could matter to a statement's conditions; None: absent."""
    choices: dict[str, list[str | None]] = {}
    for operator, tests in statement.get("Condition", {}).items():
        for key, wanted in tests.items():
            found = choices.setdefault(key, [])
            found += [each for each in _candidates(operator, key, wanted) if each not in found]
    for chosen in product(*choices.values()):
        yield dict(zip(choices, chosen, strict=True))


def _candidates(operator: str, key: str, wanted: object) -> list[str | None]:
    """Values that fit a condition, and ones that do not."""
    given = [_filled(each) for each in values(wanted)]
    if "Numeric" in operator:
        return [*given, *(str(float(each) - 0.1) for each in given), "1000"]
    if "Bool" in operator:
        return ["true", "false", None]
    if key == "aws:PrincipalArn":
        return [ADMINISTRATOR, *given, *BREAK_GLASS, *DEPLOYERS, *READERS, REPLICATION]
    return [*given, "another", "arn:aws:another:x:x:x", None]
