"""The shapes that checks of log buckets and keys have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cloudtrail_guard_policies.engine.rule import Undecidable, Violation
from cloudtrail_guard_policies.engine.values import UNKNOWN
from cloudtrail_guard_policies.subjects.log_buckets import log_buckets, possible_log_buckets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cloudtrail_guard_policies.engine.resources import Resource, Stack
    from cloudtrail_guard_policies.engine.rule import Finding, StackCheck
    from cloudtrail_guard_policies.engine.settings import RuleSettings
    from cloudtrail_guard_policies.engine.values import Value
    from cloudtrail_guard_policies.iam.documents import Document, Statement
    from cloudtrail_guard_policies.subjects.log_buckets import Part

Subject: TypeAlias = "tuple[Resource, list[Document]]"
"""A bucket or key, and its policy documents."""


def log_bucket_must(
    part: Part, holds: Callable[[Value], bool], *, missing: str, wrong: str, remediation: str
) -> StackCheck:
    """Return the check that a part of every log bucket is declared, and right.

    Args:
        part: The part.
        holds: Whether a known value is right.
        missing: The problem where the program says nothing about it.
        wrong: The problem where the value is not right.
        remediation: What to do.

    Returns:
        The check.
    """

    def check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
        for bucket in log_buckets(stack):
            declarations = bucket.declarations(part)
            if not declarations and bucket.tells(part):
                path = part.path.partition(".")[0]
                yield Violation(
                    resource=bucket.bucket, path=path, problem=missing, remediation=remediation
                )
            for declaration in declarations:
                if declaration.value is UNKNOWN:
                    yield Undecidable(resource=declaration.resource, path=declaration.path)
                elif not holds(declaration.value):
                    yield Violation(
                        resource=declaration.resource,
                        path=declaration.path,
                        problem=wrong,
                        remediation=remediation,
                    )

    return check


def log_bucket_policies(stack: Stack) -> list[Subject]:
    """Return every log bucket with its policies."""
    return [(each.bucket, each.documents()) for each in log_buckets(stack)]


def possible_log_bucket_policies(stack: Stack) -> list[Subject]:
    """Return the same, and the buckets whose policy may turn out to make them log buckets."""
    return [(each.bucket, each.documents()) for each in possible_log_buckets(stack)]


def policy_must(
    subjects: Callable[[Stack], Iterable[Subject]],
    holds: Callable[[Sequence[Statement]], bool],
    *,
    problem: str,
    remediation: str,
) -> StackCheck:
    """Return the check that a policy says something.

    Args:
        subjects: Finds the resources and their policies.
        holds: Whether the statements of one policy say it.
        problem: The problem where no policy does.
        remediation: What to do.

    Returns:
        The check.
    """

    def check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
        for subject in subjects(stack):
            yield from one_policy_must(holds, subject, problem=problem, remediation=remediation)

    return check


def one_policy_must(
    holds: Callable[[Sequence[Statement]], bool],
    subject: Subject,
    *,
    problem: str,
    remediation: str,
) -> Iterator[Finding]:
    """Return what is found where none of the policies of a bucket or key says something.

    Args:
        holds: Whether the statements of one policy say it.
        subject: The resource and its policies.
        problem: The problem where no policy does.
        remediation: What to do.

    Yields:
        The findings.
    """
    resource, documents = subject
    if any(holds(each.statements) for each in documents):
        return
    unknown = [each for each in documents if not each.complete]
    for each in unknown:
        yield Undecidable(resource=each.resource, path=each.path)
    if not unknown:
        last = documents[-1] if documents else None
        yield Violation(
            resource=last.resource if last else resource,
            path=last.path if last else "policy",
            problem=problem,
            remediation=remediation,
        )


def no_statement_may(
    subjects: Callable[[Stack], Iterable[Subject]],
    problem: Callable[[Statement], str | None],
    *,
    remediation: str,
) -> StackCheck:
    """Return the check that no statement of a policy says something.

    Args:
        subjects: Finds the resources and their policies.
        problem: Returns what is wrong with a statement; None where nothing is.
        remediation: What to do.

    Returns:
        The check.
    """

    def check(stack: Stack, _settings: RuleSettings) -> Iterator[Finding]:
        for _, documents in subjects(stack):
            for document in documents:
                if not document.complete:
                    yield Undecidable(resource=document.resource, path=document.path)
                for statement in document.statements:
                    found = problem(statement)
                    if found:
                        yield Violation(
                            resource=document.resource,
                            path=statement.path,
                            problem=found,
                            remediation=remediation,
                        )

    return check


def overwrite_each_other(
    separate: Sequence[Resource], *, path: str, what: str
) -> Iterator[Finding]:
    """Return a finding for each further resource that sets the same of a bucket or key.

    Args:
        separate: The resources that set it, in order.
        path: The property that names the bucket or key.
        what: What it is, such as "bucket".

    Yields:
        The findings.
    """
    for other in separate[1:]:
        yield Violation(
            resource=other,
            path=path,
            problem=(
                f"is the {what} of {separate[0].type} {separate[0].name!r} too: each of them"
                " overwrites the other, and what AWS keeps depends on the order"
            ),
            remediation="merge them into one resource",
        )


def set_twice(resource: Resource, path: str, separate: Resource) -> Violation:
    """Return the finding on what a resource declares and a separate one sets too.

    Args:
        resource: The resource that declares it.
        path: The property that does.
        separate: The other resource.

    Returns:
        The finding.
    """
    return Violation(
        resource=resource,
        path=path,
        problem=(
            f"is set by {separate.type} {separate.name!r} too: each of them"
            " overwrites the other, and every preview shows a difference"
        ),
        remediation="set it in one of them",
    )
