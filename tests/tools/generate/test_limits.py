"""How far the lists of the settings go, and what is said when one goes further."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from generate.limits import LIMITS, MOST, files

from stacks.lookups.found import Lookups
from stacks.preflight.documents import check_documents
from stacks.preflight.findings import PreflightError
from tests.support.deployment import Deployment, deploy
from tests.support.stacks import GET_ORGANIZATION, MEMBERS_VIEW, run

if TYPE_CHECKING:
    from generate.limits import Limit

BY_NAME = {f"{limit.stack}: {limit.setting}": limit for limit in LIMITS}
LARGE = {
    "security: breakGlassRoles": 50,
    "security: deployerRoleArns": 50,
    "management: readers": 40,
    "management: deployerRoleArns": 20,
    "management: breakGlassRoles": 20,
}
"""What a large organization has."""


def test_the_page_is_up_to_date() -> None:
    assert all(path.read_text(encoding="utf-8") == text for path, text in files().items())


@pytest.mark.parametrize("limit", BY_NAME.values(), ids=BY_NAME)
def test_one_entry_too_many_is_a_finding_that_names_the_setting(limit: Limit) -> None:
    count = limit.most() + 1

    assert count <= MOST
    assert not [*check_documents(limit.documents(count - 1))]
    found = [each.text for each in check_documents(limit.documents(count))]
    assert found
    for text in found:
        assert re.match(rf"cloudtrail-guard:{re.escape(limit.setting)} has \d+ entries: ", text)


@pytest.mark.parametrize(("name", "count"), LARGE.items(), ids=LARGE)
def test_what_a_large_organization_has_fits(name: str, count: int) -> None:
    assert BY_NAME[name].error(count) is None


def test_nothing_is_registered_of_a_stack_with_a_document_that_does_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stacks.preflight.run.look_up", lambda *_: Lookups())
    trails = [f"arn:aws:cloudtrail:eu-west-1:{300_000_000_000 + i}:trail/Logs" for i in range(500)]
    config: dict[str, Any] = {"cloudtrail-guard:accountTrailArns": json.dumps(trails)}
    into = Deployment()

    with pytest.raises(PreflightError, match=r"accountTrailArns has 500 entries.*memberTrailNames"):
        deploy(
            run,
            stack="security",
            functions={GET_ORGANIZATION: MEMBERS_VIEW},
            config=config,
            into=into,
        )

    assert not [each.path for each in into.resources if not each.read]
