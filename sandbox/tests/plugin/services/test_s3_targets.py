"""Replication and notifications: what goes over the wire, and what stays."""

from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.tests.plugin.conftest import Providers
from sandbox.tests.plugin.scenarios.s3_targets import SCENARIOS
from sandbox.tests.plugin.world import Deployed, World, deploy

_, REPLICATION, NOTIFICATION = SCENARIOS


@pytest.fixture
def provider(providers: Providers) -> Provider:
    return providers("security")


@pytest.fixture
def place(world: World) -> World:
    world.profile = "security"
    return world


@pytest.fixture
def replication(provider: Provider, place: World) -> Deployed:
    return deploy(provider, REPLICATION.token, REPLICATION.given(place))


def rules(place: World, replication: Deployed) -> list[dict[str, Any]]:
    live = place.client("s3").get_bucket_replication(Bucket=replication.id)
    return live["ReplicationConfiguration"]["Rules"]


def wanted(replication: Deployed) -> dict[str, Any]:
    """The inputs of a program, without what the check has added."""
    rule: dict[str, Any] = {
        "status": "Enabled",
        "destination": {"bucket": replication.state["rules"][0]["destination"]["bucket"]},
    }
    known = {key: replication.state[key] for key in ("bucket", "role")}
    return {**known, "rules": [rule]}


def test_a_rule_with_a_filter_has_a_priority(place: World, replication: Deployed) -> None:
    first, second = rules(place, replication)

    assert first["Priority"] == 1
    assert first["Filter"]["And"] == {
        "Prefix": "AWSLogs/",
        "Tags": [{"Key": "keep", "Value": "long"}],
    }
    assert second["Filter"] == {}
    replication.delete()


def test_a_rule_without_a_filter_is_of_the_first_schema(
    place: World, replication: Deployed
) -> None:
    replication.update(wanted(replication))

    [live] = rules(place, replication)
    assert live["Prefix"] == ""
    assert live.keys().isdisjoint({"Filter", "Priority", "DeleteMarkerReplication"})
    assert replication.changes(wanted(replication)) == []
    replication.delete()


def test_targets_keep_the_ids_that_they_were_given(provider: Provider, place: World) -> None:
    given = NOTIFICATION.given(place)
    notification = deploy(provider, NOTIFICATION.token, given)
    topic = notification.state["topics"][0]["id"]
    assert topic.startswith("tf-s3-topic-")

    notification.update({**given, "queues": []})

    assert notification.state["topics"][0]["id"] == topic
    notification.delete()


def test_a_deleted_notification_leaves_an_empty_document(provider: Provider, place: World) -> None:
    given = {**NOTIFICATION.given(place), "eventbridge": True}
    notification = deploy(provider, NOTIFICATION.token, given)

    notification.delete()

    live = place.client("s3").get_bucket_notification_configuration(Bucket=given["bucket"])
    assert live.keys() == {"ResponseMetadata"}
