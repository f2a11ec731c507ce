"""From what is read to what is stored, shown and handed back as inputs."""

from typing import Any

import pytest

from sandbox.plugin import sdk
from sandbox.plugin.catalog import find_resource_type
from sandbox.plugin.state import imported_inputs, planned, reconcile, refreshed_inputs
from sandbox.plugin.values import UNKNOWN
from sandbox.tests.plugin.world import READ, READ_REORDERED, WRITE

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
ROLE = "aws:iam/role:Role"
TRAIL = "aws:cloudtrail/trail:Trail"


@pytest.mark.parametrize(
    ("token", "live", "prior", "stored"),
    [
        pytest.param(
            KEY,
            {"policy": READ_REORDERED},
            {"policy": READ},
            {"policy": READ},
            id="an equivalent policy stays as it was written",
        ),
        pytest.param(
            KEY,
            {"policy": WRITE},
            {"policy": READ},
            {"policy": WRITE},
            id="another policy does not",
        ),
        pytest.param(
            ROLE,
            {"inlinePolicies": [{"name": "b", "policy": READ}, {"name": "a", "policy": WRITE}]},
            {"inlinePolicies": [{"name": "a", "policy": WRITE}, {"name": "b", "policy": READ}]},
            {"inlinePolicies": [{"name": "a", "policy": WRITE}, {"name": "b", "policy": READ}]},
            id="a set stays in order",
        ),
        pytest.param(
            ROLE,
            {"managedPolicyArns": ["c", "b"]},
            {"managedPolicyArns": ["a", "b"]},
            {"managedPolicyArns": ["b", "c"]},
            id="what a set has gained comes last",
        ),
        pytest.param(
            BUCKET,
            {"bucket": "b"},
            {"bucket": "b", "forceDestroy": True, "__defaults": []},
            {"bucket": "b", "forceDestroy": True},
            id="what is not read back is kept",
        ),
        pytest.param(
            TRAIL,
            {"advancedEventSelectors": [{"name": "a"}, {"name": "b"}]},
            {"advancedEventSelectors": [{"name": "a"}]},
            {"advancedEventSelectors": [{"name": "a"}, {"name": "b"}]},
            id="a longer list is taken as it is",
        ),
    ],
)
def test_of_what_was_read(
    token: str, live: dict[str, Any], prior: dict[str, Any], stored: dict[str, Any]
) -> None:
    row = find_resource_type(token).row

    assert reconcile(row, sdk.resource_schema(token), live, prior) == stored


def plan(token: str, inputs: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    return planned(find_resource_type(token).row, sdk.resource_schema(token), inputs, state)


def test_a_planned_create_has_its_inputs_and_unknown_outputs() -> None:
    outputs = plan(KEY, {"description": "d", "tagsAll": {}, "__defaults": []}, {})

    assert outputs["description"] == "d"
    assert outputs["tagsAll"] == {}
    assert outputs["arn"] is outputs["keyId"] is outputs["policy"] is UNKNOWN
    assert "tags" not in outputs
    assert "__defaults" not in outputs


def test_a_planned_create_has_unknown_parts_inside_its_inputs() -> None:
    token = "aws:s3/bucketVersioning:BucketVersioning"

    outputs = plan(token, {"bucket": "b", "versioningConfiguration": {"status": "Enabled"}}, {})

    assert outputs["versioningConfiguration"] == {"status": "Enabled", "mfaDelete": UNKNOWN}


def test_a_planned_update_keeps_what_aws_had_filled_in() -> None:
    state = {"arn": "arn:a", "policy": READ, "description": "old", "tags": {"a": "1"}}

    outputs = plan(KEY, {"description": "new"}, state)

    assert (outputs["arn"], outputs["policy"]) == ("arn:a", READ)
    assert outputs["description"] == "new"
    assert "tags" not in outputs


def test_refreshed_inputs_are_those_of_before_with_the_values_of_now() -> None:
    inputs = {
        "description": "d",
        "gone": "x",
        "keyUsage": "ENCRYPT_DECRYPT",
        "isEnabled": True,
        "nested": {"a": 1, "b": 2, "__defaults": ["b"]},
        "items": [{"a": 1}, {"a": 2}],
        "__defaults": ["isEnabled", "keyUsage"],
    }
    state = {
        "arn": "arn:a",
        "description": "drift",
        "keyUsage": "ENCRYPT_DECRYPT",
        "isEnabled": False,
        "nested": {"a": 3, "b": 4},
        "items": [{"a": 5}],
    }

    assert refreshed_inputs(inputs, state) == {
        "description": "drift",
        "keyUsage": "ENCRYPT_DECRYPT",
        "isEnabled": False,
        "nested": {"a": 3, "b": 4, "__defaults": []},
        "items": [{"a": 5}],
        "__defaults": ["keyUsage"],
    }


def test_a_default_that_drifted_is_no_default_any_more_be_it_the_only_one() -> None:
    """Without the list, the next check would take the drifted value for a default of before."""
    inputs = {"actionsEnabled": True, "__defaults": ["actionsEnabled"]}

    assert refreshed_inputs(inputs, {"actionsEnabled": False}) == {
        "actionsEnabled": False,
        "__defaults": [],
    }


def test_imported_inputs_are_all_but_outputs_defaults_and_empty_values() -> None:
    state = {
        "arn": "arn:a",
        "bucket": "b",
        "bucketNamespace": "global",
        "forceDestroy": False,
        "grants": [{"type": "CanonicalUser"}],
        "logging": {"targetBucket": "t", "targetPrefix": ""},
        "objectLockEnabled": True,
        "tags": {},
        "tagsAll": {},
    }

    assert imported_inputs(find_resource_type(BUCKET).row, sdk.resource_schema(BUCKET), state) == {
        "bucket": "b",
        "logging": {"targetBucket": "t", "__defaults": []},
        "objectLockEnabled": True,
        "__defaults": [],
    }


def test_of_imported_inputs_that_exclude_each_other_the_first_stays() -> None:
    state = {"bucket": "b", "bucketPrefix": "b"}

    inputs = imported_inputs(find_resource_type(BUCKET).row, sdk.resource_schema(BUCKET), state)

    assert inputs == {"bucket": "b", "__defaults": []}
