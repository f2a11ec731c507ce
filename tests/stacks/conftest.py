"""The answers of AWS's look-ups: these tests have no AWS."""

import pytest


@pytest.fixture(autouse=True)
def no_trails(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no trail yet, and every role exists."""
    monkeypatch.setattr("stacks.lookups.list_trails", lambda _region: ())
    monkeypatch.setattr("stacks.lookups.missing_roles", lambda _region, _names: ())
