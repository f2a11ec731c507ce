"""Log keys: which KMS keys of a stack encrypt log files, and their policies.

A key is a log key if a trail of the stack encrypts with it, or if its policy lets CloudTrail
generate data keys: in a stack that has the key while the trail belongs to another stack, the
policy says what the key is for. Other keys are none of these rules' business. While the policy of
a key is not known yet, neither is what the key is for: log-key-encryption-context says so, once
for all rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.iam.documents import CLOUDTRAIL, Document, document
from cloudtrail_guard_policies.subjects.trails import TRAILS

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.iam.documents import Statement
    from cloudtrail_guard_policies.rules.checks import Subject

KEYS: Final = frozenset({"aws:kms/key:Key"})
KEY_POLICIES: Final = frozenset({"aws:kms/keyPolicy:KeyPolicy"})
_ALIASES: Final = frozenset({"aws:kms/alias:Alias"})
JOINED_WITH_KEYS: Final = TRAILS | KEYS | KEY_POLICIES | _ALIASES
"""What must be read to know the log keys of a stack."""


def log_keys(stack: Stack) -> list[Subject]:
    """Return the log keys of a stack, each with its policies."""
    return stack.once(_log_keys)


def possible_log_keys(stack: Stack) -> list[Subject]:
    """Return the log keys, and the keys of which it is not known yet whether they are one."""
    known = {key.urn for key, _ in log_keys(stack)}
    return [
        (key, documents)
        for key, documents in stack.once(_all_keys)
        if key.urn in known or not all(each.complete for each in documents)
    ]


def is_for_cloudtrail(statement: Statement) -> bool:
    """Return whether a statement lets CloudTrail encrypt."""
    return (
        statement.allows
        and statement.is_for_service(CLOUDTRAIL)
        and statement.covers("kms:GenerateDataKey")
    )


def _log_keys(stack: Stack) -> list[Subject]:
    used = {key.urn for trail in stack.of_types(TRAILS) for key in _keys(stack, trail, "kmsKeyId")}
    return [
        (key, documents)
        for key, documents in stack.once(_all_keys)
        if key.urn in used or _admits(documents)
    ]


def _all_keys(stack: Stack) -> list[Subject]:
    """Return every key of the stack with its policies."""
    policies: dict[str, list[Resource]] = {}
    unresolved: list[Resource] = []
    for policy in stack.of_types(KEY_POLICIES):
        keys = _keys(stack, policy, "keyId")
        for key in keys:
            policies.setdefault(key.urn, []).append(policy)
        if not keys and policy.properties.get("keyId") is UNKNOWN:
            unresolved.append(policy)
    return [
        (key, _documents(key, policies.get(key.urn, []), unresolved))
        for key in stack.of_types(KEYS)
    ]


def _keys(stack: Stack, resource: Resource, name: str) -> list[Resource]:
    """Return the keys that a property names: by reference, ARN or id, or by way of an alias."""
    named = stack.references(resource, name, KEYS | _ALIASES).certain
    keys = [
        key
        for each in named
        for key in ([each] if each.type in KEYS else _keys(stack, each, "targetKeyId"))
    ]
    return list(dict.fromkeys(keys))


def _documents(
    key: Resource, policies: list[Resource], unresolved: list[Resource]
) -> list[Document]:
    own = [] if policies or unresolved else [key]
    found = [document(each, "policy") for each in [*policies, *own]]
    unknown = [
        Document(resource=each, path="keyId", statements=(), complete=False) for each in unresolved
    ]
    return [*(each for each in found if each is not None), *unknown]


def _admits(documents: list[Document]) -> bool:
    return any(is_for_cloudtrail(statement) for each in documents for statement in each.statements)
