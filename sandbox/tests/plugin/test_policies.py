"""When IAM policies, and JSON documents, mean the same."""

import json
from typing import Any

import pytest

from sandbox.plugin.policies import compact_json, equal_json, equivalent_policies

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def policy(*statements: dict[str, Any], **top: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **top})


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **more}


def when(test: str, **keys: Any) -> dict[str, Any]:
    return allow(Condition={test: {key.replace("_", ":"): value for key, value in keys.items()}})


SAME = {
    "white space": (policy(allow()), json.dumps(json.loads(policy(allow())), indent=4)),
    "the order of keys": (
        policy(allow()),
        json.dumps({"Statement": [dict(reversed(allow().items()))], "Version": "2012-10-17"}),
    ),
    "the order of statements": (
        policy(allow(Sid="A"), allow(Sid="B")),
        policy(allow(Sid="B"), allow(Sid="A")),
    ),
    "the order of actions": (policy(allow(Action=["a", "b"])), policy(allow(Action=["b", "a"]))),
    "the order of resources": (
        policy(allow(Resource=["a", "b"])),
        policy(allow(Resource=["b", "a"])),
    ),
    "the order of a condition's values": (
        policy(when("StringEquals", aws_x=["a", "b"])),
        policy(when("StringEquals", aws_x=["b", "a"])),
    ),
    "an action in a list": (policy(allow(Action="a")), policy(allow(Action=["a"]))),
    "a resource in a list": (policy(allow(Resource="a")), policy(allow(Resource=["a"]))),
    "a condition's value in a list": (
        policy(when("StringEquals", aws_x="a")),
        policy(when("StringEquals", aws_x=["a"])),
    ),
    "a principal in a list": (
        policy(allow(Principal={"AWS": ROOT})),
        policy(allow(Principal={"AWS": [ROOT]})),
    ),
    "a single statement without a list": (
        policy(allow()),
        json.dumps({"Version": "2012-10-17", "Statement": allow()}),
    ),
    "an account's id and its root ARN": (
        policy(allow(Principal={"AWS": ACCOUNT})),
        policy(allow(Principal={"AWS": ROOT})),
    ),
    "the order of principals": (
        policy(allow(Principal={"AWS": [ACCOUNT, "arn:aws:iam::123456789012:role/a"]})),
        policy(allow(Principal={"AWS": ["arn:aws:iam::123456789012:role/a", ROOT]})),
    ),
    "the case of Effect": (policy(allow(Effect="allow")), policy(allow(Effect="Allow"))),
    "a quoted boolean in a condition": (
        policy(when("Bool", aws_SecureTransport=False)),
        policy(when("Bool", aws_SecureTransport="false")),
    ),
    "a quoted number in a condition": (
        policy(when("NumericLessThan", s3_TlsVersion=1.2)),
        policy(when("NumericLessThan", s3_TlsVersion="1.2")),
    ),
    "nothing and an empty document": ("", "{}"),
    "a list of one document": (f"[{policy(allow())}]", policy(allow())),
}

DIFFERENT = {
    "Version": (policy(allow()), policy(allow(), Version="2008-10-17")),
    "Version and none": (policy(allow()), json.dumps({"Statement": [allow()]})),
    "Id": (policy(allow(), Id="a"), policy(allow(), Id="b")),
    "Id and none": (policy(allow(), Id="a"), policy(allow())),
    "Sid": (policy(allow(Sid="a")), policy(allow(Sid="b"))),
    "Sid and none": (policy(allow(Sid="a")), policy(allow())),
    "Effect": (policy(allow()), policy(allow(Effect="Deny"))),
    "the number of statements": (policy(allow()), policy(allow(), allow())),
    "one more action": (policy(allow(Action=["a"])), policy(allow(Action=["a", "b"]))),
    "the case of actions": (policy(allow(Action="s3:getobject")), policy(allow())),
    "everybody and every AWS principal": (
        policy(allow(Principal="*")),
        policy(allow(Principal={"AWS": "*"})),
    ),
    "another principal": (
        policy(allow(Principal={"AWS": "111111111111"})),
        policy(allow(Principal={"AWS": ROOT})),
    ),
    "another kind of principal": (
        policy(allow(Principal={"Service": "a"})),
        policy(allow(Principal={"AWS": "a"})),
    ),
    "a principal and none": (policy(allow(Principal="*")), policy(allow())),
    "NotPrincipal": (
        policy(allow(NotPrincipal={"AWS": "a"})),
        policy(allow(NotPrincipal={"AWS": "b"})),
    ),
    "NotAction": (policy(allow(NotAction="a")), policy(allow(NotAction="b"))),
    "NotResource": (policy(allow(NotResource="a")), policy(allow(NotResource="b"))),
    "a condition and none": (policy(when("Bool", aws_x="true")), policy(allow())),
    "a condition's operator": (
        policy(when("StringEquals", aws_x="a")),
        policy(when("StringLike", aws_x="a")),
    ),
    "a condition's key": (
        policy(when("StringEquals", aws_x="a")),
        policy(when("StringEquals", aws_y="a")),
    ),
    "a condition's value": (
        policy(when("StringEquals", aws_x="a")),
        policy(when("StringEquals", aws_x="b")),
    ),
    "a condition's value that is an object": (
        policy(when("StringEquals", aws_x={"a": 1}), allow()),
        policy(allow(), when("StringEquals", aws_x={"a": 1})),
    ),
    "no JSON": ("{", policy(allow())),
    "no object": ('"text"', policy(allow())),
    "statements that are none": (policy(allow()), json.dumps({"Statement": ["a"]})),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_policies_are_equivalent_whatever(one: str, other: str) -> None:
    assert equivalent_policies(one, other)
    assert equivalent_policies(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
def test_policies_differ_in(one: str, other: str) -> None:
    assert not equivalent_policies(one, other)
    assert not equivalent_policies(other, one)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ('{"a": 1, "b": 2}', '{"b":2,"a":1}', True),
        ("[1, 2]", "[2, 1]", False),
        ('{"a": "x"}', '{"a": ["x"]}', False),
        ("{", "{", True),
        ("{", "{}", False),
    ],
)
def test_plain_json_is_equal_but_for_keys_and_white_space(
    one: str, other: str, equal: bool
) -> None:
    assert equal_json(one, other) is equal


def test_compact_json_has_sorted_keys_and_no_white_space() -> None:
    assert compact_json('{ "b": [1, 2], "a": null }') == '{"a":null,"b":[1,2]}'


def test_compact_json_leaves_other_text_alone() -> None:
    assert compact_json("{ no json") == "{ no json"
