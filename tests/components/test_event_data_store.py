from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, EventDataStore

from tests.support.deployment import Deployment, deploy


def make(args: dict[str, Any] | None = None, **options: Any) -> Deployment:
    wanted: Any = args or {}
    return deploy(lambda: EventDataStore("lake", wanted), **options)


@pytest.mark.parametrize("preview", [True, False])
def test_a_store_records_every_region_and_cannot_be_terminated(preview: bool) -> None:
    store = make(preview=preview).only("EventDataStore", "lake-store")

    # What AWS takes by default: left out, no preview would compare it.
    everything = {"field": "eventCategory", "equals": ["Management"]}
    selectors = [{"name": "Default management events", "fieldSelectors": [everything]}]
    assert store.inputs == {
        "advancedEventSelectors": selectors,
        "name": "lake",
        "multiRegionEnabled": True,
        "organizationEnabled": False,
        "retentionPeriod": 366,
        "terminationProtectionEnabled": True,
    }
    assert store.protect
    assert store.retain_on_delete


def test_a_store_can_be_the_organizations() -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1"
    args = {"organization": True, "store_name": "all", "store_key_arn": key, "protect": False}

    store = make(args).only("EventDataStore", "lake-store")

    assert (store.inputs["name"], store.inputs["organizationEnabled"]) == ("all", True)
    assert store.inputs["kmsKeyId"] == key
    assert not store.protect


@pytest.mark.parametrize("days", [6, 2_556])
def test_a_retention_out_of_range_is_refused(days: int) -> None:
    with pytest.raises(ArgumentError, match=f"retention_days = {days} must be from 7 to 2555"):
        make({"retention_days": days})
