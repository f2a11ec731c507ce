"""Event patterns, events, and whether they match; AWS's matcher says the same, in a slow test."""

from __future__ import annotations

from typing import Any

RESOURCES = {"resources": [{"ARN": "a", "type": "key"}, {"ARN": "b", "type": "alias"}]}
# As S3's data events have them: the object has no account id.
OF_AN_OBJECT = {
    "resources": [
        {"type": "object", "ARN": "b/o"},
        {"accountId": "1", "type": "bucket", "ARN": "b"},
    ]
}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "a value": ({"x": ["a", "b"]}, {"x": "b"}, True),
    "another value": ({"x": ["a", "b"]}, {"x": "c"}, False),
    "an absent member": ({"x": ["a"]}, {"y": "a"}, False),
    "null is a value": ({"x": [None]}, {"x": None}, True),
    "null is not absence": ({"x": [None]}, {"y": 1}, False),
    "a number is no text": ({"x": ["1"]}, {"x": 1}, False),
    "true is not 1": ({"x": [True]}, {"x": 1}, False),
    "all members": ({"x": ["a"], "y": ["b"]}, {"x": "a", "y": "c"}, False),
    "a member of a member": ({"x": {"y": ["a"]}}, {"x": {"y": "a", "z": "b"}}, True),
    "a member where a text is": ({"x": {"y": ["a"]}}, {"x": "a"}, False),
    "a member where null is": ({"x": {"y": ["a"]}}, {"x": None}, False),
    "one of a list": ({"x": ["b"]}, {"x": ["a", "b"]}, True),
    "none of a list": ({"x": ["c"]}, {"x": ["a", "b"]}, False),
    "a member of an object in a list": ({"resources": {"ARN": ["b"]}}, RESOURCES, True),
    "members of one object in a list": (
        {"resources": {"ARN": ["b"], "type": ["alias"]}},
        RESOURCES,
        True,
    ),
    "members of two objects in a list": (
        {"resources": {"ARN": ["a"], "type": ["alias"]}},
        RESOURCES,
        False,
    ),
    "a prefix": ({"x": [{"prefix": "Delete"}]}, {"x": "DeleteTrail"}, True),
    "a prefix in any case": (
        {"x": [{"prefix": {"equals-ignore-case": "del"}}]},
        {"x": "DEL1"},
        True,
    ),
    "a suffix": ({"x": [{"suffix": ".png"}]}, {"x": "a.jpg"}, False),
    "a suffix in any case": (
        {"x": [{"suffix": {"equals-ignore-case": ".png"}}]},
        {"x": "a.PNG"},
        True,
    ),
    "any case": ({"x": [{"equals-ignore-case": "YES"}]}, {"x": "yes"}, True),
    "a wildcard": ({"x": [{"wildcard": "*AccessDenied*"}]}, {"x": "VpceAccessDenied"}, True),
    "a wildcard's other letters are themselves": ({"x": [{"wildcard": "a.*"}]}, {"x": "ab"}, False),
    "anything but": ({"x": [{"anything-but": ["a", "b"]}]}, {"x": "c"}, True),
    "anything but what it is": ({"x": [{"anything-but": "a"}]}, {"x": "a"}, False),
    "anything but, where it is absent": ({"x": [{"anything-but": "a"}]}, {"y": "b"}, False),
    "anything but a prefix": (
        {"x": [{"anything-but": {"prefix": "init"}}]},
        {"x": "initial"},
        False,
    ),
    "a range": ({"x": [{"numeric": [">", 0, "<=", 5]}]}, {"x": 5}, True),
    "beyond a range": ({"x": [{"numeric": [">", 0, "<=", 5]}]}, {"x": 6}, False),
    "an address in a network": ({"x": [{"cidr": "10.0.0.0/24"}]}, {"x": "10.0.0.255"}, True),
    "an address elsewhere": ({"x": [{"cidr": "10.0.0.0/24"}]}, {"x": "10.0.1.0"}, False),
    "a service in place of an address": (
        {"x": [{"cidr": "10.0.0.0/24"}]},
        {"x": "cloudtrail.amazonaws.com"},
        False,
    ),
    "existence": ({"x": [{"exists": True}]}, {"x": "a"}, True),
    "existence of null": ({"x": [{"exists": True}]}, {"x": None}, True),
    "existence of what is absent": ({"x": [{"exists": True}]}, {"y": "a"}, False),
    "absence": ({"x": [{"exists": False}], "y": ["a"]}, {"y": "a"}, True),
    "absence of what exists": ({"x": [{"exists": False}]}, {"x": "a"}, False),
    "absence within what is absent": (
        {"x": {"z": [{"exists": False}]}, "y": ["a"]},
        {"y": "a"},
        True,
    ),
    "existence of an object, which is no value": (
        {"x": [{"exists": True}]},
        {"x": {"y": "a"}},
        False,
    ),
    "absence of an object": ({"x": [{"exists": False}]}, {"x": {"y": "a"}}, True),
    "existence of a list of objects": ({"x": [{"exists": True}]}, {"x": [{"y": "a"}]}, False),
    "existence of an empty list": ({"x": [{"exists": True}]}, {"x": []}, False),
    "existence of a list in a list": ({"x": [{"exists": True}]}, {"x": [["a"]]}, True),
    "anything but, where an object is": ({"x": [{"anything-but": "a"}]}, {"x": {"y": "b"}}, False),
    "anything but one of a list": ({"x": [{"anything-but": "a"}]}, {"x": ["a", "b"]}, True),
    "anything but all of a list": ({"x": [{"anything-but": ["a", "b"]}]}, {"x": ["a", "b"]}, False),
    "one of a list in a list": ({"x": ["c"]}, {"x": [["a", "b"], ["c"]]}, True),
    "absence in each object of a list": (
        {"resources": {"region": [{"exists": False}]}},
        OF_AN_OBJECT,
        True,
    ),
    "absence in one object of a list": (
        {"resources": {"accountId": [{"exists": False}]}},
        OF_AN_OBJECT,
        False,
    ),
    "absence in the object that an earlier member is in": (
        {"resources": {"ARN": ["b/o"], "accountId": [{"exists": False}]}},
        OF_AN_OBJECT,
        True,
    ),
    "absence in the object that a later member is in": (
        {"resources": {"type": ["object"], "accountId": [{"exists": False}]}},
        OF_AN_OBJECT,
        False,
    ),
    "either": ({"$or": [{"x": ["a"]}, {"y": ["b"]}]}, {"y": "b"}, True),
    "neither": ({"$or": [{"x": ["a"]}, {"y": ["b"]}]}, {"y": "c"}, False),
    "either within a member": (
        {"x": {"$or": [{"y": ["a"]}, {"z": ["b"]}]}},
        {"x": {"z": "b"}},
        True,
    ),
    "either of two members, and one of them": (
        {"x": ["a"], "$or": [{"x": ["b"]}, {"y": ["b"]}]},
        {"x": "a", "y": "b"},
        True,
    ),
}
"""By what it is about."""
