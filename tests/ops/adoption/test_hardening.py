import json
from typing import Any

import pytest
from adoption.hardening import Change, hardening
from adoption.planned import UNKNOWN, AdoptionError

SIGNATURE = "4dabf18193072939515e22adb298388d"


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
def test_a_change_names_the_property_and_the_statements_of_a_policy(
    old: dict[str, Any], new: dict[str, Any], path: str, before: str, after: str
) -> None:
    found = hardening({"steps": [update("aws:kms/key:Key", old, new, path)]})

    assert found == [Change("Key logs", path, before, after)]


@pytest.mark.parametrize(
    ("new", "after"),
    [
        (UNKNOWN, "(known after the update)"),
        ({"key": UNKNOWN, "days": 1}, '{"days": 1, "key": "(known after the update)"}'),
        ([UNKNOWN], '["(known after the update)"]'),
        ({SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}, "(secret)"),
    ],
)
def test_the_engines_markers_are_words(new: object, after: str) -> None:
    (change,) = hardening({"steps": [update("aws:kms/key:Key", {}, {"it": new}, "it")]})

    assert change.after == after


def test_a_policy_whose_statement_is_one_object_goes_by_it() -> None:
    one = json.dumps({"Statement": {"Sid": "A"}})

    (change,) = hardening(
        {"steps": [update("x", {"policy": one}, {"policy": document("A", "B")}, "policy")]}
    )

    assert (change.before, change.after) == ("A", "A, B")


def test_a_property_that_changes_in_several_places_is_one_change() -> None:
    step = update("x", {"rules": [1, 2]}, {"rules": [3, 4]})
    step["detailedDiff"] = {"rules[0]": {}, "rules[1].days": {}}

    assert hardening({"steps": [step]}) == [Change("x logs", "rules", "[1, 2]", "[3, 4]")]


def test_what_is_made_or_stays_is_no_change() -> None:
    assert hardening({"steps": [{"op": "create", "urn": "a"}, {"op": "same", "urn": "b"}]}) == []


@pytest.mark.parametrize("op", ["replace", "delete"])
def test_an_update_that_would_lose_something_is_refused(op: str) -> None:
    lost = {"op": op, "urn": "urn:pulumi:s::p::aws:s3/bucket:Bucket::logs-bucket"}

    with pytest.raises(AdoptionError, match=r"logs-bucket.*do not run it"):
        hardening({"steps": [lost]})
