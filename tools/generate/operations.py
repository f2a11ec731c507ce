"""What is written from the table of operations: the policy pack's lists, and the page of all."""

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import cast

from cloudtrail_guard.operations import OPERATIONS, Document, Harm, Operation, Target
from cloudtrail_guard.operations.harmless import HARMLESS
from cloudtrail_guard.policies.document import parse_document, statements_of

from tests.corpus.coverage import cell

CHECKOUT = Path(__file__).parents[2]
PACK = CHECKOUT / "policypack/cloudtrail_guard_policies/subjects/operations.json"
PAGE = CHECKOUT / "docs/operations.md"
RELEASED = CHECKOUT / "tests/engine/released"

_DOCUMENT_TYPES = {
    ("aws:s3/bucketPolicy:BucketPolicy", None): Document.BUCKET_POLICY,
    ("aws:kms/key:Key", None): Document.KEY_POLICY,
    ("aws:organizations/policy:Policy", "SERVICE_CONTROL_POLICY"): Document.SCP,
    ("aws:organizations/policy:Policy", "RESOURCE_CONTROL_POLICY"): Document.RCP,
    ("aws:iam/policy:Policy", None): Document.IAM,
}
"""By the type of a resource, and of a policy of Organizations: the document that it is."""


def pack_lists() -> dict[str, list[str]]:
    """The actions that the policy pack's rules about guardrails ask for, by what they do.

    A program of others need not deny what has no event: no such API exists.
    """
    return {
        "trailTampering": [
            each.action
            for each in OPERATIONS
            if each.target is Target.TRAIL and each.harm in (Harm.STOP, Harm.BLIND) and each.events
        ],
        "logDeletion": [
            each.action
            for each in OPERATIONS
            if each.target is Target.OBJECTS and "DeleteObject" in each.events
        ],
        "storeTampering": [
            each.action
            for each in OPERATIONS
            if each.target in (Target.OBJECTS, Target.BUCKET, Target.KEY)
            and each.harm in (Harm.DESTROY, Harm.UNGUARD)
        ],
    }


def seen_by(operation: Operation) -> list[str]:
    """The event rules and alarms that name an operation, over the corpus of records.

    Without the alarm about refused calls, which sees each that is refused.
    """
    return [
        f"{word} `{name}`"
        for word, kind in (("rule", "event rule"), ("alarm", "alarm"))
        for name in cell(operation, kind).catches
        if name != _OF_REFUSED_CALLS
    ]


_OF_REFUSED_CALLS = "UnauthorizedApiCalls"


def open_and_unseen() -> list[str]:
    """The harmful actions that no document denies and that nothing sees; there must be none."""
    return [each.action for each in OPERATIONS if not each.denied_in and not seen_by(each)]


@cache
def _released() -> Mapping[Document, frozenset[str]]:
    """The patterns of the actions that the last release denied by default, by document."""
    denied: dict[Document, set[str]] = {document: set() for document in Document}
    for state in sorted(RELEASED.glob("*.json")):
        for resource in json.loads(state.read_text(encoding="utf-8"))["deployment"]["resources"]:
            inputs = resource.get("inputs", {})
            document = _DOCUMENT_TYPES.get((resource["type"], inputs.get("type")))
            if document is None:
                continue
            for statement in statements_of(
                parse_document(inputs["content" if "content" in inputs else "policy"])
            ):
                if statement["Effect"] == "Deny":
                    denied[document].update(_listed(statement["Action"]))
    # What denies insecure requests is no deny of the operation.
    return {document: frozenset(found - {"s3:*"}) for document, found in denied.items()}


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else cast("list[str]", value)


def was_denied(operation: Operation) -> bool:
    """Whether a document of the last release denied an operation by default."""
    return any(
        fnmatchcase(operation.action.lower(), pattern.lower())
        for document in operation.denied_in
        for pattern in _released()[document]
    )


def operations_page() -> str:
    """Every mutating action on what is protected: denied where, seen by what, or harmless why."""
    return "\n".join(
        [
            "<!-- Written by `make generate`. -->\n",
            "# Operations\n",
            "Every mutating action that AWS has on what is protected, from the table",
            "`cloudtrail_guard.operations`, from which policies, event rules and queries are made:",
            "either denied, or harmless for a reason. A test compares the page with AWS's service",
            "authorization reference and API models, so that a new action of AWS fails it.\n",
            "A denied call is recorded as well, and raises the alarm `UnauthorizedApiCalls`. What",
            "no rule and no alarm names the named queries find: see [Detection](detection.md).",
            "RCPs, the IAM policies and the denies about monitoring and security services are",
            "there if the settings switch them on.\n",
            *_summary(),
            *(line for target in Target for line in _section(target)),
            "## Harmless\n",
            *_harmless(),
        ]
    )


def _summary() -> Iterable[str]:
    yield "| acts on | actions | denied by default in the last release | denied | seen |"
    yield "|---|---|---|---|---|"
    for target in Target:
        of = [each for each in OPERATIONS if each.target is target]
        counts = (
            len(of),
            sum(was_denied(each) for each in of),
            sum(bool(each.denied_in) for each in of),
            sum(bool(seen_by(each)) for each in of),
        )
        yield f"| {target} | {' | '.join(map(str, counts))} |"
    yield f"| harmless, with the reason | {len(HARMLESS)} | | | |"
    yield f"| **open, unseen, without a reason** | **{len(open_and_unseen())}** | | | |\n"


def _section(target: Target) -> Iterable[str]:
    of = [each for each in OPERATIONS if each.target is target]
    documents = [each for each in Document if any(each in one.denied_in for one in of)]
    yield f"## {target[0].upper()}{target[1:]}\n"
    yield f"| action | what it does | who may | {' | '.join(documents)} | seen by |"
    yield "|---|---|---|" + "---|" * (len(documents) + 1)
    for each in of:
        denied = " | ".join("denied" if one in each.denied_in else "" for one in documents)
        does = f"{each.harm}: {each.note}" if each.note else each.harm
        seen = ", ".join(seen_by(each)) or ("data event" if each.is_data_event else "")
        yield f"| `{each.action}` | {does} | {each.allowed} | {denied} | {seen} |"
    yield ""


def _harmless() -> Iterable[str]:
    by_reason: dict[str, list[str]] = {}
    for action, reason in HARMLESS.items():
        by_reason.setdefault(reason, []).append(action)
    yield "| why | actions |"
    yield "|---|---|"
    for reason, actions in by_reason.items():
        yield f"| {reason} | {', '.join(f'`{each}`' for each in sorted(actions))} |"
    yield ""


def files() -> dict[Path, str]:
    """What is written."""
    return {PACK: json.dumps(pack_lists(), indent=2) + "\n", PAGE: operations_page()}
