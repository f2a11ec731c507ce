"""What is open in what AWS has, where an `up` stopped half-way."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.found import Plain

_TOPICS_OWN = "__default_policy_ID"
"""Of the policy that a topic has from the start, which admits its owner's account alone."""

_LATER = {"keys", "contents", "creation_date"}
"""What a bucket gets from others than the stack."""


def opened(half_way: Any, undisturbed: Any) -> list[str]:
    """Documents that are not what they will be, and trails that log into what is not secured yet.

    Args:
        half_way: what AWS has now.
        undisturbed: what it has after an `up` that nothing disturbed.
    """
    half_way, undisturbed = _nameless(half_way), _nameless(undisturbed)
    known = set(_documents(undisturbed))
    problems = [
        f"a document of no undisturbed up: {each}"
        for each in dict.fromkeys(_documents(half_way))
        if each not in known
    ]
    buckets, final = _buckets(half_way), _buckets(undisturbed)
    for name, bucket in buckets.items():
        if bucket["public_access_block"] != final[name]["public_access_block"]:
            problems.append(f"bucket {name} may become public")
    for trail in _logging(half_way):
        name = trail["bucket_name"]
        bucket, wanted = buckets[name], final[name]
        problems += [
            f"trail {trail['trail_name']} logs, and {key} of bucket {name} is {bucket.get(key)}"
            for key in wanted.keys() - _LATER
            if bucket.get(key) != wanted[key]
        ]
        if not trail.get("kms_key_id"):
            problems.append(f"trail {trail['trail_name']} logs without a key")
    return problems


def _nameless(value: Plain) -> Any:
    """Without the resources that ids are named for: half-way, many of them are not known yet."""
    return json.loads(re.sub(r"<[^<>]*>", "<>", json.dumps(value)), object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys may have become the same: such a key has the list of all its values."""
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    return {key: each[0] if len(each) == 1 else each for key, each in values.items()}


def _documents(value: Plain) -> Iterator[str]:
    """The policy documents anywhere in a value, as JSON."""
    if isinstance(value, dict):
        if value.get("Statement") and value.get("Id") != _TOPICS_OWN:
            yield json.dumps(value, sort_keys=True)
        for each in value.values():
            yield from _documents(each)
    elif isinstance(value, list):
        for each in value:
            yield from _documents(each)
    elif isinstance(value, str) and '"Statement"' in value:
        yield from _documents(json.loads(value))


def _buckets(value: Any) -> dict[str, Any]:
    return {
        name: bucket
        for service, backend in value.items()
        if service.startswith("s3 ")
        for name, bucket in backend["buckets"].items()
    }


def _logging(value: Any) -> list[Any]:
    return [
        trail
        for service, backend in value.items()
        if service.startswith("cloudtrail ")
        for trail in backend["trails"].values()
        if trail["status"]["is_logging"]
    ]
