from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

import pytest
from cloudtrail_guard_policies.engine.values import (
    SPECIAL_SECRET_SIG,
    SPECIAL_SIG_KEY,
    UNKNOWN,
    at,
    from_struct,
    is_blank,
    is_true,
    items,
    with_properties,
)
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy import deserialize, proxy
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from tests.policypack.support import NOT_KNOWN, secret, struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from cloudtrail_guard_policies.engine.values import Value

T = TypeVar("T")
SENTINELS = sorted(
    value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_") and name.isupper()
)
NAMES = st.sampled_from(("a", "b", "isLogging", "__defaults"))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(("", "true", "arn:aws:kms:::key/1"))
    | st.sampled_from(SENTINELS)
)


def _nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3) | inner.map(secret)
    )


def _through_proxies(properties: Mapping[str, object]) -> object:
    """Return what the SDK lets a policy read, with UNKNOWN where it raises."""
    decoded = deserialize_properties(json_format.MessageToDict(struct(properties)))
    return _walk(unknown_checking_proxy(decoded))


def _walk(value: object) -> object:
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _read(mapping.__getitem__, key) for key in mapping}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = cast("Sequence[object]", value)
        return [_read(lambda at: items[at], index) for index in range(len(items))]
    return value


def _read(item: Callable[[T], object], key: T) -> object:
    try:
        return _walk(item(key))
    except UnknownValueError:
        return UNKNOWN


@given(st.dictionaries(NAMES, st.recursive(LEAVES, _nested, max_leaves=8), max_size=5))
def test_every_message_reads_as_the_sdks_proxies_read_it(properties: dict[str, object]) -> None:
    assert from_struct(struct(properties)) == _through_proxies(properties)


@pytest.mark.parametrize("sentinel", SENTINELS)
def test_each_sentinel_of_the_sdk_is_unknown(sentinel: str) -> None:
    assert from_struct(struct({"a": sentinel})) == {"a": UNKNOWN}


def test_the_signature_of_a_secret_is_that_of_the_sdk() -> None:
    assert (SPECIAL_SIG_KEY, SPECIAL_SECRET_SIG) == (
        deserialize.SPECIAL_SIG_KEY,
        deserialize.SPECIAL_SECRET_SIG,
    )


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (secret("s"), "s"),
        (secret(NOT_KNOWN), UNKNOWN),
        (secret({"a": secret([NOT_KNOWN])}), {"a": [UNKNOWN]}),
        (365.0, 365),
        (0.5, 0.5),
        (None, None),
    ],
)
def test_a_value_is_plain(sent: object, read: Value) -> None:
    assert from_struct(struct({"value": sent}))["value"] == read


def test_a_number_without_a_fraction_is_an_integer() -> None:
    assert repr(from_struct(struct({"days": 365.0}))) == "{'days': 365}"


def test_setting_properties_keeps_everything_else_as_it_was_sent() -> None:
    sent = {"key": NOT_KNOWN, "token": secret("s"), "flag": secret(False), "__defaults": ["name"]}

    changed = with_properties(struct(sent), {"flag": True, "new": True})

    assert json_format.MessageToDict(changed) == {**sent, "flag": secret(True), "new": True}


def test_setting_properties_leaves_the_message_alone() -> None:
    message = struct({"flag": False})

    with_properties(message, {"flag": True})

    assert json_format.MessageToDict(message) == {"flag": False}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("true", True), (" TRUE ", True), (False, False), ("false", False)]
    + [(value, False) for value in ("yes", "", 1, None, [True], {"value": True})],
)
def test_only_true_and_its_spelling_are_true(value: Value, expected: bool) -> None:
    assert is_true(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, True), (False, True), ("", True), ("  ", True)]
    + [(value, False) for value in ("key", True, 0, UNKNOWN)],
)
def test_only_what_names_nothing_is_blank(value: Value, expected: bool) -> None:
    assert is_blank(value) is expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "logs"),
        ("rule.mode", "GOVERNANCE"),
        ("rules.days", 30),
        ("missing", None),
        ("rule.missing", None),
        ("name.of", None),
        ("none.at", None),
        ("later", UNKNOWN),
        ("later.on", UNKNOWN),
        ("rule.later.on", UNKNOWN),
        ("lists.on", UNKNOWN),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: Value) -> None:
    properties: dict[str, Value] = {
        "name": "logs",
        "rule": {"mode": "GOVERNANCE", "later": UNKNOWN},
        "rules": [{"days": 30}, {"days": 60}],
        "none": [],
        "later": UNKNOWN,
        "lists": [UNKNOWN],
    }

    assert at(properties, path) == value


@pytest.mark.parametrize(
    ("value", "listed"), [(None, []), ("a", ["a"]), (["a", "b"], ["a", "b"]), (UNKNOWN, [UNKNOWN])]
)
def test_one_value_is_a_list_of_one(value: Value, listed: list[Value]) -> None:
    assert items(value) == listed
