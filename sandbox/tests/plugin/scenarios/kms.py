"""Objects of kms."""

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World, allow, document


def _key_policy(account: str, *more: Inputs) -> str:
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    admin = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return document(admin, *more)


def _open_key(world: World, deployed: Deployed) -> None:
    policy = _key_policy(
        world.organization.management_account_id, allow("logs", "kms:Encrypt", Sid="Open")
    )
    world.client("kms").put_key_policy(KeyId=deployed.id, PolicyName="default", Policy=policy)


SCENARIOS = (
    Scenario(
        "aws:kms/key:Key",
        given=lambda world: {
            "description": "logs",
            "enableKeyRotation": True,
            "rotationPeriodInDays": 180,
            "deletionWindowInDays": 7,
            "policy": _key_policy(world.organization.management_account_id),
            "tags": {"a": "1"},
        },
        update={
            "description": "more logs",
            "rotationPeriodInDays": 200,
            "deletionWindowInDays": 30,
            "isEnabled": False,
            "tags": None,
        },
        changes=(
            "deletionWindowInDays",
            "description",
            "isEnabled",
            "rotationPeriodInDays",
            "tags",
            "tagsAll.a",
        ),
        drift=_open_key,
        drifted=("policy",),
        remove=call("kms", "schedule_key_deletion", KeyId=id_of),
        replace={"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"},
        computed=("arn", "keyId"),
    ),
    Scenario(
        "aws:kms/keyPolicy:KeyPolicy",
        given=lambda world: {
            "keyId": world.key(),
            "policy": _key_policy(
                world.organization.management_account_id, allow("cloudtrail", "kms:Encrypt")
            ),
        },
        drift=_open_key,
        drifted=("policy",),
        remove=call("kms", "schedule_key_deletion", KeyId=id_of),
        replace={"keyId": "another"},
    ),
    Scenario(
        "aws:kms/alias:Alias",
        given=lambda world: {"name": f"alias/{world.name}", "targetKeyId": world.key()},
        drift=lambda world, deployed: world.client("kms").update_alias(
            AliasName=deployed.id, TargetKeyId=world.key()
        ),
        drifted=("targetKeyId",),
        remove=call("kms", "delete_alias", AliasName=id_of),
        replace={"name": "alias/another"},
        computed=("arn", "targetKeyArn"),
    ),
)
