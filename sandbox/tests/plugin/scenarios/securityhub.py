"""Objects of Security Hub. A region has one hub, so each scenario takes away its own."""

from typing import Any

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call
from sandbox.tests.plugin.world import Deployed, World

_FSBP = "arn:aws:securityhub:us-east-1::standards/aws-foundational-security-best-practices/v/1.0.0"
_CIS = "arn:aws:securityhub:us-east-1::standards/cis-aws-foundations-benchmark/v/3.0.0"


def _hub(world: World) -> Any:
    """Security Hub's client, in an account that has it."""
    client: Any = world.client("securityhub")
    try:
        client.describe_hub()
    except client.exceptions.InvalidAccessException:
        client.enable_security_hub(EnableDefaultStandards=False)
    return client


def _account(world: World) -> Inputs:
    _hub(world).disable_security_hub()
    return {
        "autoEnableControls": True,
        "controlFindingGenerator": "SECURITY_CONTROL",
        "enableDefaultStandards": False,  # what an import makes of it: AWS does not answer it
    }


def _subscription(world: World) -> Inputs:
    _hub(world)
    return {"standardsArn": _FSBP}


def _unsubscribe(world: World, deployed: Deployed) -> None:
    client = world.client("securityhub")
    client.batch_disable_standards(StandardsSubscriptionArns=[deployed.id])


SCENARIOS = (
    Scenario(
        "aws:securityhub/account:Account",
        given=_account,
        update={"autoEnableControls": False, "controlFindingGenerator": "STANDARD_CONTROL"},
        changes=("autoEnableControls", "controlFindingGenerator"),
        drift=call("securityhub", "update_security_hub_configuration", AutoEnableControls=False),
        drifted=("autoEnableControls",),
        remove=call("securityhub", "disable_security_hub"),
        replace={"enableDefaultStandards": True},
        computed=("arn",),
    ),
    Scenario(
        "aws:securityhub/standardsSubscription:StandardsSubscription",
        given=_subscription,
        remove=_unsubscribe,
        replace={"standardsArn": _CIS},
    ),
)
