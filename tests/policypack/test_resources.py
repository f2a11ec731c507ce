from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.resources import Stack
from cloudtrail_guard_policies.engine.values import UNKNOWN

from tests.policypack.support import BUCKET, TRAIL, VERSIONING, a_resource

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.resources import Resource


def _stack() -> tuple[Stack, Resource, Resource, Resource]:
    bucket = a_resource("logs", BUCKET)
    trail = replace(a_resource(), property_dependencies={"s3BucketName": (bucket.urn, "urn:gone")})
    versioning = replace(
        a_resource("logs-versioning", VERSIONING), property_dependencies={"bucket": (bucket.urn,)}
    )
    return Stack([trail, bucket, versioning]), trail, bucket, versioning


def test_resources_are_found_by_type() -> None:
    stack, trail, bucket, _ = _stack()

    assert stack.of_types({TRAIL, BUCKET, "aws:kms/key:Key"}) == [trail, bucket]


def test_a_property_leads_to_the_resources_that_its_value_comes_from() -> None:
    stack, trail, bucket, _ = _stack()

    assert stack.referred(trail, "s3BucketName", {BUCKET}) == [bucket]
    assert stack.referred(trail, "s3BucketName", {TRAIL}) == []
    assert stack.referred(trail, "kmsKeyId", {BUCKET}) == []


def test_a_resource_leads_to_those_that_take_their_value_from_it() -> None:
    stack, _, bucket, versioning = _stack()

    assert stack.referring(bucket, "bucket", {VERSIONING}) == [versioning]
    assert stack.referring(bucket, "s3BucketName", {VERSIONING}) == []
    assert stack.referring(versioning, "bucket", {VERSIONING}) == []


def test_a_resource_is_found_by_any_of_its_names() -> None:
    bucket = replace(a_resource("logs", BUCKET), identifiers=frozenset({"logs-1", "arn:logs-1"}))
    stack = Stack([bucket])

    assert stack.named("logs-1", {BUCKET}) == [bucket]
    assert stack.named("arn:logs-1", {BUCKET, TRAIL}) == [bucket]
    assert stack.named("logs-1", {TRAIL}) == []
    assert stack.named(UNKNOWN, {BUCKET}) == []


def test_what_several_rules_ask_of_a_stack_is_computed_once() -> None:
    asked: list[Stack] = []

    def count(stack: Stack) -> int:
        asked.append(stack)
        return len(asked)

    stack = Stack([])

    assert (stack.once(count), stack.once(count)) == (1, 1)
    assert asked == [stack]
