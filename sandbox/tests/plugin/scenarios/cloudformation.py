"""Objects of cloudformation."""

import json
from typing import Any

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario
from sandbox.tests.plugin.world import Deployed, World


def _template(world: World, **change: Any) -> str:
    properties = {"TrailName": world.name, "S3BucketName": world.name, "IsLogging": True}
    trail = {"Type": "AWS::CloudTrail::Trail", "Properties": {**properties, **change}}
    return json.dumps({"Resources": {"Trail": trail}})


def _stack_set(world: World) -> Inputs:
    world.client("cloudformation").activate_organizations_access()
    return {
        "name": world.name,
        "description": "trails",
        "permissionModel": "SERVICE_MANAGED",
        "autoDeployment": {"enabled": True},
        "capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_IAM"],
        "managedExecution": {"active": True},
        "operationPreferences": {"failureTolerancePercentage": 10},
        "tags": {"owner": "audit"},
        "templateBody": _template(world),
    }


def _change_stack_set(world: World, deployed: Deployed) -> None:
    world.client("cloudformation").update_stack_set(
        StackSetName=deployed.id,
        TemplateBody=_template(world, IsLogging=False),
        Description="drift",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": True},
    )


def _delete_stack_set(world: World, deployed: Deployed) -> None:
    world.client("cloudformation").delete_stack_set(StackSetName=deployed.id)


def _instance(world: World) -> Inputs:
    client = world.client("cloudformation")
    client.activate_organizations_access()
    client.create_stack_set(
        StackSetName=world.name,
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": False},
        TemplateBody=_template(world, S3BucketName=world.trail_bucket()),
    )
    return {
        "stackSetName": world.name,
        "stackSetInstanceRegion": "us-east-1",
        "deploymentTargets": {"organizationalUnitIds": [world.organization.workloads_ou_id]},
        "operationPreferences": {"maxConcurrentPercentage": 25},
    }


def _delete_instances(world: World, _deployed: Deployed) -> None:
    world.client("cloudformation").delete_stack_instances(
        StackSetName=world.name,
        DeploymentTargets={"OrganizationalUnitIds": [world.organization.workloads_ou_id]},
        Regions=["us-east-1"],
        RetainStacks=False,
    )


SCENARIOS = (
    Scenario(
        "aws:cloudformation/stackSet:StackSet",
        given=_stack_set,
        update={
            "autoDeployment": {"enabled": True, "retainStacksOnAccountRemoval": True},
            "description": "more trails",
            "tags": {"owner": "security"},
        },
        changes=(
            "autoDeployment.retainStacksOnAccountRemoval",
            "description",
            "tags.owner",
            "tagsAll.owner",
        ),
        drift=_change_stack_set,
        drifted=("autoDeployment.retainStacksOnAccountRemoval", "description", "templateBody"),
        remove=_delete_stack_set,
        replace={"autoDeployment": None, "name": "another"},
        computed=("arn", "stackSetId"),
    ),
    Scenario(
        "aws:cloudformation/stackSetInstance:StackSetInstance",
        given=_instance,
        update={"operationPreferences": {"maxConcurrentPercentage": 50}},
        changes=("operationPreferences.maxConcurrentPercentage",),
        remove=_delete_instances,
        replace={"stackSetName": "another", "stackSetInstanceRegion": "eu-west-1"},
        computed=("stackInstanceSummaries",),
    ),
)
