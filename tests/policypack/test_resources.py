from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cloudtrail_guard_policies.engine.resources import References, Stack
from cloudtrail_guard_policies.engine.values import UNKNOWN

from tests.policypack.support import BUCKET, TRAIL, a_resource

if TYPE_CHECKING:
    from cloudtrail_guard_policies.engine.resources import Resource
    from cloudtrail_guard_policies.engine.values import Value


BUCKETS = {BUCKET}
LOGS = replace(a_resource("logs", BUCKET), identifiers=frozenset({"logs-1"}))
ACCESS = replace(a_resource("access", BUCKET), identifiers=frozenset({"access-1"}))


def _named(value: Value, *origins: Resource) -> References:
    """Return what the property of a trail names that is computed from other resources."""
    trail = replace(
        a_resource(),
        properties={"s3BucketName": value},
        property_dependencies={"s3BucketName": ("urn:gone", *(each.urn for each in origins))},
    )
    return Stack([trail, LOGS, ACCESS]).references(trail, "s3BucketName", BUCKETS)


def test_resources_are_found_by_type() -> None:
    trail = a_resource()

    assert Stack([trail, LOGS]).of_types({TRAIL, BUCKET, "aws:kms/key:Key"}) == [trail, LOGS]


def test_a_known_value_names_the_resource_of_that_name_wherever_it_comes_from() -> None:
    assert _named("logs-1").certain == (LOGS,)
    assert _named("logs-1", ACCESS, LOGS).certain == (LOGS,)
    assert _named("elsewhere", LOGS) == References()


def test_a_value_that_is_not_known_yet_names_the_only_resource_that_it_is_computed_from() -> None:
    assert _named(UNKNOWN, LOGS) == References(certain=(LOGS,))
    assert _named([UNKNOWN, UNKNOWN], LOGS, ACCESS) == References(certain=(LOGS, ACCESS))
    assert _named(["logs-1", UNKNOWN], LOGS, ACCESS) == References(certain=(LOGS, ACCESS))


def test_a_value_that_carries_more_names_than_the_property_has_may_name_each_of_them() -> None:
    assert _named(UNKNOWN, LOGS, ACCESS) == References(possible=(LOGS, ACCESS))


def test_a_value_that_comes_from_elsewhere_may_name_any_resource() -> None:
    assert _named(UNKNOWN) == References(unresolved=True)


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
