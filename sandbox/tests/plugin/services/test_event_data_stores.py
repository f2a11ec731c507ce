"""Event data stores: born protected, suspended by a text."""

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.results import PartialFailureError
from sandbox.tests.plugin.world import World, deploy

STORE = "aws:cloudtrail/eventDataStore:EventDataStore"


def status(world: World, arn: str) -> str:
    return world.client("cloudtrail").get_event_data_store(EventDataStore=arn)["Status"]


def test_one_is_protected_until_an_update_says_otherwise(provider: Provider, world: World) -> None:
    store = deploy(provider, STORE, {"name": world.name})

    with pytest.raises(ResourceError, match="EventDataStoreTerminationProtectedException"):
        store.delete()
    store.update({"name": world.name, "terminationProtectionEnabled": False})
    store.delete()

    assert status(world, store.id) == "PENDING_DELETION"
    assert not store.refresh()


def test_selectors_that_the_program_leaves_out_stay(provider: Provider, world: World) -> None:
    selector = {
        "name": "management",
        "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}],
    }
    given = {"name": world.name, "terminationProtectionEnabled": False}
    store = deploy(provider, STORE, {**given, "advancedEventSelectors": [selector]})

    assert store.changes(given) == []

    assert store.state["advancedEventSelectors"] == [selector]
    store.delete()


def test_one_can_be_born_suspended_and_resume(provider: Provider, world: World) -> None:
    given = {"name": world.name, "terminationProtectionEnabled": False}
    store = deploy(provider, STORE, {**given, "suspend": "true"})
    assert status(world, store.id) == "STOPPED_INGESTION"

    store.update({**given, "suspend": "false"})
    assert status(world, store.id) == "ENABLED"

    store.update({**given, "suspend": "true"})
    assert status(world, store.id) == "STOPPED_INGESTION"
    store.delete()


def test_an_update_of_a_suspended_one_waits_in_vain(provider: Provider, world: World) -> None:
    given = {"name": world.name, "terminationProtectionEnabled": False, "suspend": "true"}
    store = deploy(provider, STORE, given)

    with pytest.raises(PartialFailureError, match="unexpected state 'STOPPED_INGESTION'"):
        store.update({**given, "retentionPeriod": 30})
    store.delete()
