"""Objects of config. No account has a recorder, so all are excluded."""

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario
from sandbox.tests.plugin.world import Deployed, World


def _accounts(world: World) -> list[str]:
    found = world.organization
    return [
        found.management_account_id,
        found.security_account_id,
        found.workload_account_id,
    ]


def _rule(world: World) -> Inputs:
    return {
        "name": world.name,
        "description": "trails",
        "excludedAccounts": _accounts(world),
        "inputParameters": '{"s3BucketName": "logs"}',
        "maximumExecutionFrequency": "Six_Hours",
        "ruleIdentifier": "CLOUD_TRAIL_ENABLED",
    }


def _change(world: World, deployed: Deployed) -> None:
    world.client("config").put_organization_config_rule(
        OrganizationConfigRuleName=deployed.id,
        OrganizationManagedRuleMetadata={
            "Description": "drift",
            "RuleIdentifier": "CLOUD_TRAIL_ENABLED",
            "InputParameters": '{"s3BucketName":"logs"}',
            "MaximumExecutionFrequency": "Six_Hours",
        },
        ExcludedAccounts=_accounts(world),
    )


def _remove(world: World, deployed: Deployed) -> None:
    client = world.client("config")
    client.delete_organization_config_rule(OrganizationConfigRuleName=deployed.id)


SCENARIOS = (
    Scenario(
        "aws:cfg/organizationManagedRule:OrganizationManagedRule",
        given=_rule,
        update={"description": None, "inputParameters": '{"s3BucketName": "others"}'},
        changes=("description", "inputParameters"),
        drift=_change,
        drifted=("description",),
        remove=_remove,
        replace={"name": "another"},
        computed=("arn",),
    ),
)
