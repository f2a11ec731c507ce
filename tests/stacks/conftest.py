"""The answers of AWS's look-ups: these tests have no AWS."""

from typing import Any

import pytest

from stacks.context import DeploymentContext
from stacks.lookups.found import Lookups
from stacks.lookups.run import units_below_root


@pytest.fixture(autouse=True)
def nothing_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing exists yet but what the settings say, and nothing was deployed before."""

    def look_up(context: DeploymentContext[Any], *_: object) -> Lookups:
        return Lookups(units=units_below_root(context))

    monkeypatch.setattr("stacks.preflight.run.look_up", look_up)
