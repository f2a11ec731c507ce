"""What is written from the table of operations is what is committed."""

from pathlib import Path

import pytest
from cloudtrail_guard.operations import OPERATIONS
from cloudtrail_guard_policies.subjects import guardrails
from generate.operations import files, pack_lists


@pytest.mark.parametrize(("path", "text"), files().items(), ids=[each.name for each in files()])
def test_a_file_is_up_to_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run `make generate`"


def test_the_packs_lists_are_actions_of_the_table() -> None:
    known = {each.action for each in OPERATIONS}

    assert {*guardrails.TRAIL_TAMPERING, *guardrails.OBJECT_TAMPERING} <= known
    assert all(pack_lists().values())
