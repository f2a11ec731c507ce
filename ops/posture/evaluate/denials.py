"""Whether a policy document refuses one request: a reader of denies, not a simulator of IAM.

It answers for the condition keys that these documents use. What it cannot decide it does not count
as a deny, so that nothing looks safer than it is.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cloudtrail_guard_policies.iam.documents import matches

from posture.evaluate.meant import many, statements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posture.evaluate.meant import Statement


_COMPARE: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "stringequals": operator.eq,
    "stringequalsignorecase": lambda pattern, value: pattern.lower() == value.lower(),
    "stringlike": matches,
    "arnequals": matches,
    "arnlike": matches,
    "bool": lambda pattern, value: pattern.lower() == value.lower(),
    "numericlessthan": lambda limit, value: float(value) < float(limit),
}


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who asks.

    Attributes:
        arn: the ARN of the role or user.
        organization: the id of its organization; None for a stranger's.
        mfa: whether it signed in with MFA.
    """

    arn: str
    organization: str | None
    mfa: bool = True

    @property
    def account(self) -> str:
        """Its account."""
        return self.arn.split(":")[4]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked.

    Attributes:
        who: by whom.
        action: the IAM action.
        resource: the ARN that it acts on.
    """

    who: Principal
    action: str
    resource: str

    @property
    def context(self) -> dict[str, str | None]:
        """The condition keys that are known; None for those that the request lacks."""
        return {
            "aws:principalarn": self.who.arn,
            "aws:principalaccount": self.who.account,
            "aws:principalorgid": self.who.organization,
            "aws:principalisawsservice": "false",
            "aws:principaltype": "AssumedRole",
            "aws:securetransport": "true",
            "s3:tlsversion": "1.3",
            "aws:multifactorauthpresent": "true" if self.who.mfa else "false",
            # The longest: a shorter window is refused besides, by statements of its own.
            "kms:schedulekeydeletionpendingwindowindays": "30",
            "aws:sourcearn": None,
            "aws:sourceorgid": None,
            "aws:sourceaccount": None,
        }


def denies(document: Mapping[str, Any] | None, request: Request) -> bool:
    """Whether a statement of a document certainly denies a request."""
    return any(
        each.get("Effect") == "Deny" and _applies(each, request)
        for each in statements(document or {})
    )


def allows(document: Mapping[str, Any] | None, request: Request) -> bool:
    """Whether a statement of a resource's policy allows a request, by its principal."""
    return any(
        each.get("Effect") == "Allow" and _applies(each, request)
        for each in statements(document or {})
    )


def _applies(statement: Statement, request: Request) -> bool:
    return (
        _names(statement, "Action", request.action.lower(), lower=True)
        and _names(statement, "Resource", request.resource)
        and _is_for(statement, request.who)
        and all(
            _holds(name, key.lower(), tuple(map(str, many(values))), request.context)
            for name, keys in (statement.get("Condition") or {}).items()
            for key, values in keys.items()
        )
    )


def _names(statement: Statement, part: str, name: str, *, lower: bool = False) -> bool:
    inverted = f"Not{part}"
    patterns = many(statement.get(inverted, statement.get(part, "*")))
    texts = [str(each).lower() if lower else str(each) for each in patterns]
    return any(matches(each, name) for each in texts) != (inverted in statement)


def _is_for(statement: Statement, who: Principal) -> bool:
    """Whether the principal is one that the statement names. SCPs name none: they are for all."""
    inverted = "NotPrincipal" in statement
    given = statement.get("NotPrincipal", statement.get("Principal", "*"))
    named = given.get("AWS", []) if isinstance(given, dict) else given
    root = f"arn:{who.arn.split(':')[1]}:iam::{who.account}:root"
    return bool({"*", who.arn, who.account, root} & set(map(str, many(named)))) != inverted


@lru_cache(maxsize=4096)
def _operator(name: str) -> tuple[str, bool, bool]:
    """An operator's comparison, whether it is negated, and whether it has `IfExists`."""
    text = name.lower()
    if_exists = text.endswith("ifexists")
    text = text.removesuffix("ifexists")
    return text.replace("not", ""), "not" in text, if_exists


def _holds(name: str, key: str, values: tuple[str, ...], context: Mapping[str, str | None]) -> bool:
    """Whether a condition certainly holds."""
    comparison, negated, if_exists = _operator(name)
    if key not in context or comparison not in _COMPARE:
        return False
    value = context[key]
    if value is None:
        return negated or if_exists
    return any(_COMPARE[comparison](each, value) for each in values) != negated
