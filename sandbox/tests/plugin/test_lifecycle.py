"""Every resource type through its life: see `scenarios`."""

from typing import Any

import pytest

from sandbox.plugin.catalog import find_resource_type
from sandbox.plugin.services import TABLE
from sandbox.plugin.state import without_defaults
from sandbox.plugin.values import UNKNOWN
from sandbox.tests.plugin.conftest import Providers
from sandbox.tests.plugin.scenarios import SCENARIOS, Scenario
from sandbox.tests.plugin.world import Deployed, World, deploy


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.id)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return request.param


@pytest.fixture
def place(scenario: Scenario, world: World) -> World:
    world.profile = scenario.profile
    return world


@pytest.fixture
def given(scenario: Scenario, place: World) -> dict[str, Any]:
    return scenario.given(place)


@pytest.fixture
def deployed(scenario: Scenario, given: dict[str, Any], providers: Providers) -> Deployed:
    return deploy(providers(scenario.profile), scenario.token, given)


def _merged(given: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**given, **other}.items() if value is not None}


def test_every_row_has_a_scenario() -> None:
    assert {scenario.token for scenario in SCENARIOS} == TABLE.keys()


def test_what_was_created_needs_no_change(deployed: Deployed, given: dict[str, Any]) -> None:
    assert deployed.id
    assert deployed.changes(given) == []
    deployed.delete()


def test_what_is_read_back_needs_no_change(deployed: Deployed, given: dict[str, Any]) -> None:
    state, inputs = deployed.state, deployed.inputs

    assert deployed.refresh()

    assert deployed.state == state
    assert without_defaults(deployed.inputs) == without_defaults(inputs)
    assert deployed.changes(given) == []
    deployed.delete()


def test_an_update_in_place_reaches_aws(
    scenario: Scenario, deployed: Deployed, given: dict[str, Any]
) -> None:
    wanted = _merged(given, scenario.update)
    assert sorted(deployed.changes(wanted)) == sorted(scenario.changes)
    assert deployed.replaces(wanted) == []

    deployed.update(wanted)

    assert deployed.refresh()
    assert deployed.changes(wanted) == []
    deployed.delete()


def test_a_refresh_detects_drift_and_an_update_corrects_it(
    scenario: Scenario, deployed: Deployed, given: dict[str, Any], place: World
) -> None:
    scenario.drift(place, deployed)

    assert deployed.refresh()
    assert sorted(deployed.changes(given)) == sorted(scenario.drifted)

    deployed.update(given)
    assert deployed.refresh()
    assert deployed.changes(given) == []
    deployed.delete()


def test_a_deleted_object_is_gone_at_the_next_read(
    scenario: Scenario, deployed: Deployed, place: World
) -> None:
    scenario.remove(place, deployed)

    assert not deployed.refresh()

    deployed.delete()


def test_a_replacement_is_decided(
    scenario: Scenario, deployed: Deployed, given: dict[str, Any]
) -> None:
    assert deployed.replaces(_merged(given, scenario.replace)) == sorted(scenario.replace)
    deployed.delete()


def test_an_import_finds_the_same_object(
    scenario: Scenario, deployed: Deployed, given: dict[str, Any]
) -> None:
    found = deployed.provider.read(scenario.token, scenario.import_id(deployed))

    assert found is not None
    assert found.id == deployed.id
    row = find_resource_type(scenario.token).row
    kept = {pattern for pattern in row.state_only if "." not in pattern}
    imported = {key: value for key, value in deployed.state.items() if key not in kept}
    assert found.state.keys() == imported.keys()
    deployed.state = found.state
    assert {change for change in deployed.changes(given) if change not in kept} == set()
    deployed.delete()


def test_imported_inputs_pass_the_check(scenario: Scenario, deployed: Deployed) -> None:
    found = deployed.provider.read(scenario.token, scenario.import_id(deployed))
    assert found is not None

    checked = deployed.provider.check(scenario.token, "res", found.inputs, found.inputs)

    assert checked.failures == []
    diff = deployed.provider.diff(scenario.token, found.state, checked.inputs)
    assert [str(change.place) for change in diff.changes] == []
    deployed.delete()


def test_a_preview_of_a_create_leaves_unknown_what_aws_decides(
    scenario: Scenario, given: dict[str, Any], providers: Providers
) -> None:
    provider = providers(scenario.profile)
    checked = provider.check(scenario.token, "res", given)

    created = provider.create(scenario.token, "res", checked.inputs, preview=True)

    assert created.id == ""
    unknown = {name for name, value in created.state.items() if value is UNKNOWN}
    assert unknown >= set(scenario.computed)
    assert not unknown & given.keys()


def test_a_preview_of_an_update_shows_what_stays(
    scenario: Scenario, deployed: Deployed, given: dict[str, Any]
) -> None:
    wanted = deployed.check(_merged(given, scenario.update))

    planned = deployed.provider.plan_update(scenario.token, deployed.state, wanted)

    for name in scenario.computed:
        assert planned.get(name) == deployed.state.get(name)
    for name, value in scenario.update.items():
        assert name not in planned if value is None else name in planned
    deployed.delete()


def test_deleting_twice_is_a_success(deployed: Deployed) -> None:
    deployed.delete()

    assert not deployed.refresh() or deployed.token in NEVER_GONE


NEVER_GONE = frozenset(
    {
        # The real provider leaves a protection plan of GuardDuty as it is.
        "aws:guardduty/detectorFeature:DetectorFeature",
        "aws:guardduty/organizationConfiguration:OrganizationConfiguration",
        "aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature",
        # What S3 or KMS answers of a bucket or key without settings of its own.
        "aws:kms/keyPolicy:KeyPolicy",
        "aws:s3/bucketNotification:BucketNotification",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
        # A topic without a policy of its own has the one of every new topic.
        "aws:sns/topicPolicy:TopicPolicy",
    }
)
"""Types whose objects cannot be deleted while what they belong to is there."""
