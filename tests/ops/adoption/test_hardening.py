import json
from typing import Any

import pytest
from adoption.hardening import Change, hardening
from adoption.planned import AdoptionError


def update(kind: str, old: dict[str, Any], new: dict[str, Any], *paths: str) -> dict[str, Any]:
    return {
        "op": "update",
        "urn": f"urn:pulumi:s::p::{kind}::logs",
        "oldState": {"inputs": old},
        "newState": {"type": kind, "inputs": new},
        "diffReasons": list(paths),
    }


def document(*sids: str) -> str:
    return json.dumps({"Statement": [{"Sid": sid} for sid in sids]})


@pytest.mark.parametrize(
    ("old", "new", "path", "before", "after"),
    [
        ({}, {"enableKeyRotation": True}, "enableKeyRotation", "", "true"),
        ({"name": "a"}, {"name": "b"}, "name", "a", "b"),
        (
            {"rule": {"__defaults": [], "days": 1}},
            {"rule": {"__defaults": ["mode"], "days": 365}},
            "rule",
            '{"days": 1}',
            '{"days": 365}',
        ),
        ({"policy": document("A")}, {"policy": document("A", "B")}, "policy", "A", "A, B"),
        ({"policy": "not JSON"}, {"policy": document("A")}, "policy", "not JSON", "A"),
    ],
)
def test_a_change_is_told_by_property_and_a_policy_by_its_statements(
    old: dict[str, Any], new: dict[str, Any], path: str, before: str, after: str
) -> None:
    found = hardening({"steps": [update("aws:kms/key:Key", old, new, path)]})

    assert found == [Change("Key logs", path, before, after)]


def test_what_is_made_or_stays_is_no_change() -> None:
    assert hardening({"steps": [{"op": "create", "urn": "a"}, {"op": "same", "urn": "b"}]}) == []


@pytest.mark.parametrize("op", ["replace", "delete"])
def test_an_update_that_would_lose_something_is_refused(op: str) -> None:
    lost = {"op": op, "urn": "urn:pulumi:s::p::aws:s3/bucket:Bucket::logs-bucket"}

    with pytest.raises(AdoptionError, match=r"logs-bucket.*do not run it"):
        hardening({"steps": [lost]})
