"""What every policy document has in common: its shape and its text.

Documents that others wrote are read here and nowhere else in the program, with all that IAM's
grammar leaves open (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, cast

from cloudtrail_guard.errors import InvalidValueError

Statement: TypeAlias = Mapping[str, object]
"""One IAM policy statement as plain JSON: ``{"Sid": ..., "Effect": ..., ...}``."""

Document: TypeAlias = Mapping[str, object]
"""One IAM policy document: ``{"Version": "2012-10-17", "Statement": [...]}``."""

VERSION = "2012-10-17"

NO_SID = "(no Sid)"
"""How a statement without a Sid is called; no Sid can be so, as it has no such characters."""


def document(statements: Iterable[Statement]) -> Document:
    """A policy document of these statements, in this order."""
    return {"Version": VERSION, "Statement": list(statements)}


def to_json(policy: Document) -> str:
    """The document as minified JSON: AWS counts white space against some quotas."""
    return json.dumps(policy, separators=(",", ":"))


def parse_document(text: str, what: str = "the policy document") -> Document:
    """Read a policy document.

    Args:
        text: its JSON.
        what: what an error calls it.

    Raises:
        InvalidValueError: the text is not JSON, or no object, or a statement is not an object.
    """
    try:
        policy = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValueError(f"{what} is not JSON ({error}): {text!r}") from error
    if not isinstance(policy, dict):
        raise InvalidValueError(f"{what} is no JSON object: {text!r}")
    read = cast("Document", policy)
    statements_of(read)
    return read


def sids_of(policy: Document) -> list[str]:
    """What the document's statements are called; a Sid is optional."""
    return [str(statement.get("Sid", NO_SID)) for statement in statements_of(policy)]


def statements_of(policy: Document) -> list[Statement]:
    """The document's statements; a single statement may stand without a list, as IAM allows.

    Raises:
        InvalidValueError: the document has no statement, or one that is not an object, or that has
            a Sid that is no text.
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
        if not isinstance(statement.get("Sid", ""), str):
            raise InvalidValueError(
                f"policy document has a Sid that is no text: {statement['Sid']!r}; IAM allows "
                "letters and digits"
            )
        statements.append(statement)
    return statements


def one_or_many(values: Sequence[str]) -> str | list[str]:
    """One value as a plain string, several as a list: the form that people write and AWS keeps."""
    return values[0] if len(values) == 1 else list(values)


def many(value: object) -> list[str]:
    """The values of an element or a condition, which may be one plain string: see `one_or_many`."""
    return [value] if isinstance(value, str) else [*cast("Iterable[str]", value)]


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))
