"""What was done out of band is undone by a deployer with the published policies alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from sandbox.engine.found import NoPulumi
from sandbox.session import Sandbox
from tests.drift.acts import ACTS
from tests.drift.repairs import repair
from tests.support.permissions import restricted

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_the_published_policies_are_enough_to_undo_every_act(tmp_path: Path) -> None:
    with Sandbox(pulumi=NoPulumi("it is not needed")) as sandbox:
        undone = repair(sandbox, tmp_path, partial(restricted, sandbox))

    assert len(undone) > len(ACTS) // 2
    for act, titles in undone:
        shows = act.shows.format(root=sandbox.organization.root_id)
        assert any(title.startswith(shows) for title in titles), act.name
