"""The answers of AWS's look-ups: these tests have no AWS."""

import pytest

from stacks.lookups.found import Lookups


@pytest.fixture(autouse=True)
def nothing_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing exists yet but what the settings say, and nothing was deployed before."""
    monkeypatch.setattr("stacks.preflight.run.look_up", lambda *_: Lookups(trails=()))
