"""Fitting statements into as few policies as the quotas allow."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from cloudtrail_guard.errors import QuotaError
from cloudtrail_guard.policies.document import Document, Statement, document, to_json

NOTHING_OPTIONAL: Mapping[str, str] = MappingProxyType({})


def pack_statements(
    statements: Sequence[Statement],
    *,
    size: int,
    most: int,
    what: str = "the guardrails",
    optional: Mapping[str, str] = NOTHING_OPTIONAL,
) -> list[tuple[str, ...]]:
    """Spread statements over policies: which Sids go together.

    Largest first, each into the first policy with room (first-fit decreasing); within a policy
    the statements keep their order. The same statements always give the same packing.

    Args:
        statements: the statements, each with a Sid of its own.
        size: the most characters that one minified policy may have.
        most: the most policies that may be used.
        what: what is packed, for the error message.
        optional: the input that switches a statement off, by Sid, for the error message.

    Returns:
        One tuple of Sids a policy.

    Raises:
        QuotaError: a statement alone is too long, or there are too many policies; the
            message says by how much.
    """
    order = [str(statement["Sid"]) for statement in statements]
    by_sid = dict(zip(order, statements, strict=True))
    bins: list[list[str]] = []
    for sid in sorted(order, key=lambda sid: -_length(document([by_sid[sid]]))):
        alone = _length(document([by_sid[sid]]))
        if alone > size:
            raise QuotaError(
                f"{what}: statement {sid} alone makes a policy of {alone:,} characters, "
                f"{alone - size:,} more than the quota of {size:,}; shorten the lists of trails "
                f"or exempt roles{leave_out([by_sid[sid]], optional)}"
            )
        for policy in bins:
            if _length(document([by_sid[s] for s in (*policy, sid)])) <= size:
                policy.append(sid)
                break
        else:
            bins.append([sid])
    if len(bins) > most:
        total = _length(document(statements))
        raise QuotaError(
            f"{what}: {len(bins)} policies of {size:,} characters are needed ({total:,} in all), "
            f"{len(bins) - most} more than the {most} that a target has room for; shorten the "
            f"lists of exempt roles{leave_out(statements, optional)}"
        )
    return sorted(
        (tuple(sorted(policy, key=order.index)) for policy in bins),
        key=lambda policy: order.index(policy[0]),
    )


def select_statements(statements: Sequence[Statement], sids: Sequence[str]) -> Document:
    """The document of the statements that one policy of the packing holds."""
    return document([statement for statement in statements if statement["Sid"] in sids])


def leave_out(statements: Sequence[Statement], optional: Mapping[str, str]) -> str:
    """The end of an error message: which optional statements can go, the longest first.

    Args:
        statements: the statements that do not fit.
        optional: the input that switches a statement off, by Sid.
    """
    parts = sorted(
        (
            (_length(statement), optional[str(statement["Sid"])])
            for statement in statements
            if statement["Sid"] in optional
        ),
        reverse=True,
    )
    listed = ", ".join(f"{name} ({length:,} characters)" for length, name in parts)
    return f", or leave out an optional part: {listed}" if listed else ""


def _length(policy: Document) -> int:
    return len(to_json(policy))
