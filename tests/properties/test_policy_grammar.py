"""Any text is a policy document or is refused as none: the sandbox's reader breaks over nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from sandbox.aws.policy_grammar import RESOURCE_POLICY, SCP, GrammarError, parse
from tests.properties.runs import run_examples
from tests.properties.values import JSON

if TYPE_CHECKING:
    from sandbox.aws.policy_grammar import Kind

FEW, MANY = 200, 2_000
STATEMENT = {
    "Sid": "Read",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::audit-logs/*",
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
}
_NAMES = [*STATEMENT, "NotAction", "NotResource", "NotPrincipal"]
_KEYS = ["StringEquals", "Bool", "AWS", "Service", "aws:SourceIp"]
_ELEMENTS = st.one_of(
    JSON, st.lists(JSON, max_size=2), st.dictionaries(st.sampled_from(_KEYS), JSON, max_size=2)
)
_STATEMENTS = st.dictionaries(st.sampled_from(_NAMES), _ELEMENTS, max_size=2).map(
    lambda changed: {**STATEMENT, **changed}
)
_DOCUMENTS: st.SearchStrategy[Any] = st.one_of(
    st.builds(lambda found: {"Statement": found}, st.lists(_STATEMENTS, max_size=2) | _STATEMENTS),
    st.dictionaries(st.sampled_from(["Version", "Statement", "Id"]), _ELEMENTS, max_size=3),
    JSON,
)


def hold(document: Any, kind: Kind) -> None:
    """Hold a document to what any must come to."""
    text = json.dumps(document)
    try:
        read = parse(text, kind)
    except GrammarError as error:
        assert str(error)  # noqa: PT017 - an error is one of two good ends
        return
    assert json.dumps(read) == text


@pytest.mark.parametrize("kind", [SCP, RESOURCE_POLICY], ids=["scp", "resource"])
@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_any_document_is_read_or_refused(kind: Kind, examples: int) -> None:
    run_examples(lambda document: hold(document, kind), _DOCUMENTS, examples)
