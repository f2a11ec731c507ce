"""Workgroups: empty, full, disabled, without settings."""

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.tests.plugin.world import World, deploy

WORKGROUP = "aws:athena/workgroup:Workgroup"


def test_a_workgroup_without_settings_needs_no_change(provider: Provider, world: World) -> None:
    workgroup = deploy(provider, WORKGROUP, {"name": world.name})

    assert workgroup.state["configuration"]["engineVersion"]["selectedEngineVersion"] == "AUTO"
    assert workgroup.changes({"name": world.name}) == []
    workgroup.delete()


def test_a_workgroup_can_be_born_disabled(provider: Provider, world: World) -> None:
    workgroup = deploy(provider, WORKGROUP, {"name": world.name, "state": "DISABLED"})

    live = world.client("athena").get_work_group(WorkGroup=world.name)["WorkGroup"]
    assert live["State"] == workgroup.state["state"] == "DISABLED"
    workgroup.delete()


def test_a_full_workgroup_is_deleted_only_by_force(provider: Provider, world: World) -> None:
    workgroup = deploy(provider, WORKGROUP, {"name": world.name})
    world.client("athena").create_named_query(
        Name="q", Database="logs", QueryString="SELECT 1", WorkGroup=world.name
    )

    with pytest.raises(ResourceError, match="is not empty"):
        workgroup.delete()
    workgroup.update({"name": world.name, "forceDestroy": True})
    workgroup.delete()

    assert not workgroup.refresh()


def test_what_is_not_emulated_is_refused(provider: Provider) -> None:
    inputs = {"configuration": {"executionRole": "arn:aws:iam::123456789012:role/athena"}}

    (failure,) = provider.check(WORKGROUP, "queries", inputs).failures

    assert "is not emulated in the sandbox: leave it out" in failure.reason
