"""What every policy document has in common: its shape and its text."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from cloudtrail_guard.errors import InvalidValueError

Statement: TypeAlias = Mapping[str, object]
"""One IAM policy statement as plain JSON: ``{"Sid": ..., "Effect": ..., ...}``."""

Document: TypeAlias = Mapping[str, object]
"""One IAM policy document: ``{"Version": "2012-10-17", "Statement": [...]}``."""

VERSION = "2012-10-17"


def document(statements: Iterable[Statement]) -> Document:
    """A policy document of these statements, in this order."""
    return {"Version": VERSION, "Statement": list(statements)}


def to_json(policy: Document) -> str:
    """The document as minified JSON: AWS counts white space against some quotas."""
    return json.dumps(policy, separators=(",", ":"))


def statements_of(policy: Document) -> list[Statement]:
    """The document's statements; a single statement may stand without a list, as IAM allows.

    Raises:
        InvalidValueError: the document has no statement, or one that is not an object.
    """
    found = policy.get("Statement")
    listed: Sequence[object] = found if isinstance(found, list) else [found]
    statements: list[Statement] = []
    for statement in listed:
        if not isinstance(statement, dict):
            raise InvalidValueError(
                f"policy document has a Statement that is not an object: {statement!r}; "
                "IAM allows an object or a list of objects"
            )
        statements.append(statement)
    return statements


def one_or_many(values: Sequence[str]) -> str | list[str]:
    """One value as a plain string, several as a list: the form that people write and AWS keeps."""
    return values[0] if len(values) == 1 else list(values)


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))
