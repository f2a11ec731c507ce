"""Property values on the wire."""

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from sandbox.plugin.values import (
    UNKNOWN,
    Archive,
    Asset,
    contains_unknown,
    from_struct,
    is_zero,
    to_struct,
)

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"


def struct(**values: Any) -> struct_pb2.Struct:
    return json_format.ParseDict(values, struct_pb2.Struct())


@pytest.mark.parametrize(
    "value",
    [
        True,
        0,
        1.5,
        "text",
        [],
        ["a", {"b": [1]}],
        {"nested": {"deep": False}},
        UNKNOWN,
        Asset(text="hello"),
        Asset(path="./file"),
        Archive(path="./folder"),
        Archive(assets=(("a.txt", Asset(text="a")), ("b", Archive(uri="https://b")))),
    ],
    ids=repr,
)
def test_a_value_survives_the_wire(value: Any) -> None:
    assert from_struct(to_struct({"key": value})) == {"key": value}


def test_whole_numbers_become_integers() -> None:
    value = from_struct(struct(whole=3.0, part=3.5))

    assert value == {"whole": 3, "part": 3.5}
    assert isinstance(value["whole"], int)


def test_nulls_are_left_out() -> None:
    assert from_struct(struct(a=None, b={"c": None})) == {"b": {}}
    assert dict(to_struct({"a": None, "b": {"c": None}}).fields["b"].struct_value.fields) == {}
    assert "a" not in to_struct({"a": None}).fields


def test_the_sdks_unknown_is_unknown_both_ways() -> None:
    assert from_struct(struct(key=rpc.UNKNOWN)) == {"key": UNKNOWN}
    assert to_struct({"key": UNKNOWN}).fields["key"].string_value == rpc.UNKNOWN


@pytest.mark.parametrize(
    "sentinel",
    [
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ],
)
def test_every_sentinel_of_the_engine_is_unknown(sentinel: str) -> None:
    assert from_struct(struct(key=[sentinel])) == {"key": [UNKNOWN]}


@pytest.mark.parametrize(
    ("wire", "value"),
    [
        ({SIGNATURE: SECRET, "value": {"a": "s3cret"}}, {"a": "s3cret"}),
        ({SIGNATURE: OUTPUT, "value": "known", "secret": True}, "known"),
        ({SIGNATURE: OUTPUT, "dependencies": []}, UNKNOWN),
        ({SIGNATURE: RESOURCE, "urn": "urn:x", "id": "the-id"}, "the-id"),
        ({SIGNATURE: RESOURCE, "urn": "urn:x"}, "urn:x"),
    ],
)
def test_what_is_wrapped_is_unwrapped(wire: dict[str, Any], value: Any) -> None:
    assert from_struct(struct(key=wire)) == {"key": value}


def test_a_foreign_signature_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown signature 'other'"):
        from_struct(struct(key={SIGNATURE: "other"}))


@pytest.mark.parametrize(
    ("value", "unknown"),
    [
        (UNKNOWN, True),
        ([1, {"a": UNKNOWN}], True),
        ({"a": [UNKNOWN]}, True),
        ("text", False),
        ({"a": ["b"]}, False),
    ],
)
def test_unknowns_are_found_inside(value: Any, unknown: bool) -> None:
    assert contains_unknown(value) is unknown


@pytest.mark.parametrize(
    ("value", "zero"),
    [
        *[(zero, True) for zero in (None, False, 0, "", [], {}, {"a": {"b": ""}})],
        ({"__defaults": ["a"], "a": ""}, True),
        *[(value, False) for value in (True, 1, "x", [0], {"a": "x"}, UNKNOWN)],
    ],
)
def test_zero_values_are_what_terraform_takes_for_unset(value: Any, zero: bool) -> None:
    assert is_zero(value) is zero
