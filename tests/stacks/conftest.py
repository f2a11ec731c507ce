"""What AWS would say, had these tests one."""

import pytest


@pytest.fixture(autouse=True)
def no_trails(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS, which these tests have not, would say that there is no trail yet."""
    monkeypatch.setattr("stacks.surroundings.list_trails", lambda _region: ())
    monkeypatch.setattr("stacks.surroundings.missing_roles", lambda _region, _names: ())
