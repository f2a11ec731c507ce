"""Objects of lambda: functions and permissions."""

import io
import zipfile

from sandbox.plugin.values import Archive, Asset
from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World

CODE = Archive(assets=(("handler.py", Asset(text="def handler(event, context): ...\n")),))
OTHER = Archive(assets=(("handler.py", Asset(text="def handler(event, context): pass\n")),))


def _role_arn(world: World) -> str:
    return f"arn:aws:iam::{world.organization.management_account_id}:role/{world.role()}"


def _function(world: World) -> Inputs:
    return {
        "name": world.name,
        "role": _role_arn(world),
        "runtime": "python3.13",
        "handler": "handler.handler",
        "code": CODE,
        "environment": {"variables": {"DRY_RUN": "true"}},
        "reservedConcurrentExecutions": 1,
        "tags": {"owner": "audit"},
    }


def _permission(world: World) -> Inputs:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("handler.py", "")
    world.client("lambda").create_function(
        FunctionName=world.name,
        Role=_role_arn(world),
        Runtime="python3.13",
        Handler="handler.handler",
        Code={"ZipFile": buffer.getvalue()},
    )
    return {
        "statementId": "events",
        "action": "lambda:InvokeFunction",
        "function": world.name,
        "principal": "events.amazonaws.com",
        "sourceArn": "arn:aws:events:us-east-1:123456789012:rule/tampering",
    }


def _take_away(world: World, deployed: Deployed) -> None:
    world.client("lambda").remove_permission(
        FunctionName=deployed.state["function"], StatementId=deployed.id
    )


SCENARIOS = (
    Scenario(
        "aws:lambda/function:Function",
        given=_function,
        update={
            "code": OTHER,
            "environment": {"variables": {"DRY_RUN": "false"}},
            "timeout": 30,
            "tags": {"owner": "security"},
        },
        changes=("code", "environment.variables.DRY_RUN", "tags.owner", "tagsAll.owner", "timeout"),
        drift=call("lambda", "update_function_configuration", FunctionName=id_of, Timeout=5),
        drifted=("timeout",),
        remove=call("lambda", "delete_function", FunctionName=id_of),
        replace={"name": "another"},
        computed=("arn",),
    ),
    Scenario(
        "aws:lambda/permission:Permission",
        given=_permission,
        remove=_take_away,
        replace={"principal": "sns.amazonaws.com"},
        import_id=lambda deployed: f"{deployed.state['function']}/{deployed.id}",
    ),
)
