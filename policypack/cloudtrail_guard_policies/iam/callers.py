"""Whom a statement admits or spares: the meaning of public, and exemptions of named principals.

The meaning of "public":
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, collapse_addresses, ip_network
from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.iam.documents import has_variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from ipaddress import IPv6Network

    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Condition, Statement

_FIXED_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
    }
)
"""Keys whose fixed value names a caller, its account, its organization, or its network."""

_IP_KEY: Final = "aws:sourceip"
_USER_ID_KEY: Final = "aws:userid"
_ACCOUNT_SECTION: Final = 4
_FIXED_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]+/")
_ROLE_ID: Final = re.compile(r"[A-Z0-9]+:\*")
_WILDCARD: Final = re.compile(r"[*?]")

# "Values broader than /8 for IPv4 and /32 for IPv6 (excluding RFC1918 private ranges)"; no private
# range is broader than /8.
_BROADEST: Final = {4: 8, 6: 32}
# Ranges that are half of all addresses or more are everybody, in however many pieces.
_ALL_IPV4: Final = 2**32
_AWS_ONLY_ROLES: Final = re.compile(
    r"arn:[a-z0-9-]+:iam::[0-9]{12}:role/(aws-reserved|aws-service-role)/.+"
)
"""Roles below paths that only AWS can create, in one account: Identity Center's, and those linked
to a service (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html)."""

_FULL_ARN: Final = re.compile(r"arn:[a-z0-9-]+:(iam|sts)::[0-9]{12}:[a-z-]+/[^*?$]+")


def admits_anyone(statement: Statement) -> bool:
    """Return whether an Allow statement grants something to callers of any account.

    Its principals are open, and no condition narrows them to fixed values.
    """
    return statement.allows and _has_open_principal(statement) and not names_callers(statement)


def names_callers(statement: Statement) -> bool:
    """Return whether a condition leaves only certain callers."""
    return any(narrows(each) for each in statement.requirements())


def narrows(condition: Condition) -> bool:
    """Return whether the values of a condition name certain callers.

    A condition passes if any of its values fits, so that each of them must be fixed.
    """
    values = [each for each in condition.values if isinstance(each, str)]
    if not values or any(has_variable(each) for each in values):
        return False
    if condition.key == _IP_KEY:
        return condition.operator == "ipaddress" and not _are_everywhere(values)
    exceptions = _WILDCARDS_ALLOWED.get(condition.key)
    return (exceptions is not None or condition.key in _FIXED_KEYS) and all(
        _is_fixed(each, condition) or (exceptions is not None and exceptions(each))
        for each in values
    )


def names_accounts(condition: Condition) -> bool:
    """Return whether no value of a condition leaves the account open.

    It is for keys that hold an ARN of the service's own, such as an encryption context.
    """
    values = [each for each in condition.values if isinstance(each, str)]
    return bool(values) and not any(
        has_variable(each) or (not _is_fixed(each, condition) and _leaves_account_open(each))
        for each in values
    )


def denies_all_but_named(statement: Statement) -> bool:
    """Return whether a Deny holds for every caller but named ones, wherever and however they call.

    A statement of an SCP has no principals, and is for all of an account.
    """
    principals, spared = statement.principals, statement.not_principals
    everybody = statement.everybody or (not principals and not spared)
    all_but_named = (
        not principals and bool(spared) and all(_is_named(each) for each in spared.get("AWS", ()))
    )
    return (
        statement.denies
        and (everybody or all_but_named)
        and all(_spares_named(each) for each in statement.conditions)
    )


def is_pattern_of_principals(arn: str) -> bool:
    """Return whether an ARN stands for principals that somebody else can create.

    A full ARN names one. So does a pattern of roles that AWS alone can create, in a named account.
    """
    return not (_FULL_ARN.fullmatch(arn) or _AWS_ONLY_ROLES.fullmatch(arn)) or has_variable(arn)


def _has_fixed_organization(path: str) -> bool:
    return _ORGANIZATION.match(path) is not None


def _is_one_role(user_id: str) -> bool:
    """Return whether a pattern of user ids is that of the sessions of one role."""
    return _ROLE_ID.fullmatch(user_id) is not None


def _leaves_account_open(pattern: str) -> bool:
    sections = pattern.split(":")
    if sections[0] != "arn":
        return not re.search(r"[^*?]", pattern)
    return len(sections) <= _ACCOUNT_SECTION or bool(_WILDCARD.search(sections[_ACCOUNT_SECTION]))


def _has_open_principal(statement: Statement) -> bool:
    if statement.not_principals:
        # Everybody but those, anonymous callers among them.
        return True
    accounts = statement.principals.get("AWS", ())
    identities = statement.principals.get("Federated", ())
    return any(_is_open(each) for each in accounts) or any(
        isinstance(each, str) and not each.startswith("arn:") for each in identities
    )


def _is_open(principal: Value) -> bool:
    """Return whether a principal is ``*``, or has a wildcard where its account should be."""
    if not isinstance(principal, str):
        return False
    sections = principal.split(":")
    return principal == "*" or (
        len(sections) > _ACCOUNT_SECTION and "*" in sections[_ACCOUNT_SECTION]
    )


def _is_fixed(value: str, condition: Condition) -> bool:
    return not condition.patterns or not _WILDCARD.search(value)


def has_fixed_account(arn: str) -> bool:
    """Return whether the account of an ARN is fixed, so that wildcards stay within it."""
    sections = arn.split(":")
    return len(sections) > _ACCOUNT_SECTION and bool(
        _FIXED_ACCOUNT.fullmatch(sections[_ACCOUNT_SECTION])
    )


def _are_everywhere(ranges: Iterable[str]) -> bool:
    """Return whether ranges are so broad, alone or together, that they name no caller."""
    networks = [_network(each) for each in ranges]
    if any(each is None or each.prefixlen < _BROADEST[each.version] for each in networks):
        return True
    four = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    return sum(each.num_addresses for each in four) * 2 >= _ALL_IPV4


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _spares_named(condition: Condition) -> bool:
    """Return whether a condition of a Deny leaves out named principals, and nothing else."""
    if condition.key == "aws:principalisawsservice":
        # SCPs do not bind services, and a service does not call for itself.
        return condition.operator == "bool" and condition.values == ("false",)
    return (
        condition.key in ("aws:principalarn", _USER_ID_KEY)
        and condition.negative
        and not condition.quantifier
        and all(_is_named(each) for each in condition.values)
    )


def _is_named(principal: Value) -> bool:
    """Return whether an ARN or a user id names a principal, be it in any account."""
    if not isinstance(principal, str):
        return False
    if not principal.startswith("arn:"):
        return bool(re.match(r"[A-Za-z0-9]", principal))
    return bool(re.search(r"[A-Za-z0-9]", re.split(r"[:/]", principal)[-1]))


_WILDCARDS_ALLOWED: Final[Mapping[str, Callable[[str], bool]]] = {
    **dict.fromkeys(
        ("aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"), has_fixed_account
    ),
    **dict.fromkeys(
        ("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"), _has_fixed_organization
    ),
    _USER_ID_KEY: _is_one_role,
}
"""Keys whose values may have wildcards as long as account, organization or role are fixed."""
