"""What a stack has deployed, from the state that `pulumi stack export` prints."""

from typing import Any

import pytest
from pulumi.runtime.mocks import MockEngine

from stacks.lookups.found import LookupFailedError
from stacks.lookups.state import has_state, parse_state, read_state
from stacks.planned import Kind, PlannedName


def state(*resources: dict[str, Any], pending: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    operations = [{"resource": each, "type": "creating"} for each in pending]
    return {"deployment": {"resources": list(resources), "pending_operations": operations}}


def role(name: str, **more: Any) -> dict[str, Any]:
    kind = "aws:iam/role:Role"
    return {
        "urn": f"urn:pulumi:security::cloudtrail-guard::{kind}::{name}",
        "type": kind,
        "custom": True,
        "inputs": {"name": name},
        **more,
    }


def test_a_stack_that_was_never_deployed_has_nothing() -> None:
    component = {"urn": "urn:pulumi:s::p::x:y:Z::z", "type": "x:y:Z"}

    assert parse_state({"version": 3, "deployment": {}}) is None
    assert parse_state({"version": 3, "deployment": None}) is None
    assert parse_state(state(component)) is None


def test_what_is_only_read_is_not_the_stacks_own() -> None:
    assert parse_state(state(role("theirs", external=True))) is None


def test_what_was_created_imported_or_is_being_created_is_the_stacks_own() -> None:
    deployed = parse_state(
        state(role("made", outputs={"name": "made"}), pending=(role("interrupted"),))
    )

    assert deployed
    for name, own in {"made": True, "interrupted": True, "other": False}.items():
        planned = PlannedName(kind=Kind.ROLE, name=name, region="eu-west-1")
        assert deployed.has(planned) is own


def test_without_the_cli_on_path_the_state_of_a_real_stack_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")

    assert has_state()
    with pytest.raises(LookupFailedError, match="add its folder to PATH"):
        read_state()


def test_the_test_runtime_has_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.lookups.state.get_engine", lambda: MockEngine(None))

    assert not has_state()
