"""Keys, key policies and aliases, where they are particular."""

import json
from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.tests.plugin.world import World, deploy, document

ALIAS = "aws:kms/alias:Alias"
KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"


def _administered(world: World, **more: Any) -> str:
    root = f"arn:aws:iam::{world.organization.management_account_id}:root"
    statement = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}
    return document({**statement, **more})


def test_a_key_without_a_policy_has_the_default_one_and_keeps_it(provider: Provider) -> None:
    key = deploy(provider, KEY, {})

    statement = json.loads(key.state["policy"])["Statement"][0]
    assert statement["Action"] == "kms:*"
    assert key.changes({}) == []
    key.delete()


def test_a_policy_that_the_program_drops_stays(provider: Provider, world: World) -> None:
    key = deploy(provider, KEY, {"policy": _administered(world, Sid="Mine")})

    assert key.changes({}) == []
    key.update({})
    assert json.loads(key.state["policy"])["Statement"][0]["Sid"] == "Mine"
    key.delete()


def test_a_key_may_be_made_disabled_and_be_enabled_later(provider: Provider, world: World) -> None:
    key = deploy(provider, KEY, {"isEnabled": False})
    assert key.state["isEnabled"] is False

    key.update({})

    described = world.client("kms").describe_key(KeyId=key.id)["KeyMetadata"]
    assert described["Enabled"] is key.state["isEnabled"] is True
    key.delete()


def test_rotation_may_be_switched_off(provider: Provider, world: World) -> None:
    key = deploy(provider, KEY, {"enableKeyRotation": True, "rotationPeriodInDays": 180})
    assert key.state["rotationPeriodInDays"] == 180

    key.update({})

    status = world.client("kms").get_key_rotation_status(KeyId=key.id)
    assert status["KeyRotationEnabled"] is key.state["enableKeyRotation"] is False
    key.delete()


def test_the_deletion_window_is_used_at_deletion(provider: Provider, world: World) -> None:
    key = deploy(provider, KEY, {"deletionWindowInDays": 7})

    key.delete()

    metadata = world.client("kms").describe_key(KeyId=key.id)["KeyMetadata"]
    assert metadata["KeyState"] == "PendingDeletion"
    window = metadata["DeletionDate"] - metadata["CreationDate"]
    assert 6 <= window.days <= 7


def test_an_asymmetric_key_does_not_rotate(provider: Provider) -> None:
    key = deploy(provider, KEY, {"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"})

    assert key.refresh()
    assert key.state["enableKeyRotation"] is False
    key.delete()


def test_a_key_of_another_region_is_read_there(provider: Provider) -> None:
    key = deploy(provider, KEY, {"region": "eu-west-1", "multiRegion": True})

    assert key.id.startswith("mrk-")
    assert ":kms:eu-west-1:" in key.state["arn"]
    found = provider.read(KEY, f"{key.id}@eu-west-1")
    assert found is not None
    assert found.state["region"] == "eu-west-1"
    assert provider.read(KEY, key.id) is None
    key.delete()


def test_a_replica_is_no_key(provider: Provider, world: World) -> None:
    key = deploy(provider, KEY, {"multiRegion": True})
    world.client("kms").replicate_key(KeyId=key.id, ReplicaRegion="eu-west-1")

    with pytest.raises(ResourceError, match="is not a multi-Region primary key"):
        provider.read(KEY, f"{key.id}@eu-west-1")


def test_a_key_policy_that_is_deleted_leaves_the_default_one(
    provider: Provider, world: World
) -> None:
    key, policy = world.key(), _administered(world, Sid="Mine")

    deploy(provider, KEY_POLICY, {"keyId": key, "policy": policy}).delete()

    live = world.client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    assert json.loads(live)["Statement"][0]["Sid"] == "Enable IAM User Permissions"


def test_a_key_policy_that_bypasses_the_check_is_left_behind(
    provider: Provider, world: World
) -> None:
    inputs = {
        "keyId": world.key(),
        "policy": _administered(world, Sid="Mine"),
        "bypassPolicyLockoutSafetyCheck": True,
    }

    deploy(provider, KEY_POLICY, inputs).delete()

    live = world.client("kms").get_key_policy(KeyId=inputs["keyId"], PolicyName="default")
    assert json.loads(live["Policy"])["Statement"][0]["Sid"] == "Mine"


def test_a_key_is_the_same_by_its_id_and_by_its_arn(provider: Provider, world: World) -> None:
    key = world.client("kms").create_key()["KeyMetadata"]
    name = f"alias/{world.name}"
    alias = deploy(provider, ALIAS, {"name": name, "targetKeyId": key["Arn"]})

    assert alias.state["targetKeyArn"] == key["Arn"]
    for target in (key["Arn"], key["KeyId"]):
        assert alias.changes({"name": name, "targetKeyId": target}) == []
    alias.update({"name": name, "targetKeyId": world.key()})
    assert alias.state["targetKeyId"] != key["KeyId"]
    alias.delete()


def test_an_alias_may_be_named_by_a_prefix(provider: Provider, world: World) -> None:
    prefix = f"alias/{world.name}-"
    alias = deploy(provider, ALIAS, {"namePrefix": prefix, "targetKeyId": world.key()})

    assert alias.id.startswith(prefix)
    assert alias.id != prefix
    alias.delete()
