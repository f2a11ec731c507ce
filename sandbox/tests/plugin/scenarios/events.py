"""Objects of events: buses and their policies, rules and targets."""

import json

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World, document
from sandbox.tests.support import allow

STOP = json.dumps({"detail": {"eventName": ["StopLogging"]}, "source": ["aws.cloudtrail"]})
DELETE = json.dumps({"detail": {"eventName": ["DeleteTrail"]}, "source": ["aws.cloudtrail"]})


def _rule(world: World) -> Inputs:
    return {
        "name": world.name,
        "description": "tampering",
        "eventPattern": STOP,
        "tags": {"owner": "audit"},
    }


def _target(world: World) -> Inputs:
    world.client("events").put_rule(Name=world.name, EventPattern=STOP)
    topic = world.client("sns").create_topic(Name=world.name)["TopicArn"]
    return {
        "rule": world.name,
        "targetId": "topic",
        "arn": topic,
        "inputTransformer": {
            "inputPaths": {"who": "$.detail.userIdentity.arn"},
            "inputTemplate": '"<who> stopped it"',
        },
    }


def _other_input(world: World, deployed: Deployed) -> None:
    target = {"Id": "topic", "Arn": deployed.state["arn"], "Input": "{}"}
    world.client("events").put_targets(Rule=deployed.state["rule"], Targets=[target])


def _remove_target(world: World, deployed: Deployed) -> None:
    world.client("events").remove_targets(Rule=deployed.state["rule"], Ids=["topic"])


def _bus(world: World) -> Inputs:
    return {"name": world.name, "description": "alerts", "tags": {"owner": "audit"}}


def _statement(account: str, bus: str) -> str:
    return document(allow({"AWS": f"arn:aws:iam::{account}:root"}, "events:PutEvents", bus))


def _bus_policy(world: World) -> Inputs:
    bus = world.client("events").create_event_bus(Name=world.name)["EventBusArn"]
    return {
        "eventBusName": world.name,
        "policy": _statement(world.organization.workload_account_id, bus),
    }


def _other_senders(world: World, deployed: Deployed) -> None:
    name = deployed.state["eventBusName"]
    events = world.client("events")
    bus = events.describe_event_bus(Name=name)["Arn"]
    policy = _statement(world.organization.security_account_id, bus)
    events.put_permission(EventBusName=name, Policy=policy)


SCENARIOS = (
    Scenario(
        "aws:cloudwatch/eventBus:EventBus",
        given=_bus,
        update={"description": "alerts of tampering", "tags": {"owner": "security"}},
        changes=("description", "tags.owner", "tagsAll.owner"),
        drift=call("events", "update_event_bus", Name=id_of, Description="nothing"),
        drifted=("description",),
        remove=call("events", "delete_event_bus", Name=id_of),
        replace={"name": "another"},
        computed=("arn",),
    ),
    Scenario(
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
        given=_bus_policy,
        update={"policy": _statement("111122223333", "*")},
        changes=("policy",),
        drift=_other_senders,
        drifted=("policy",),
        remove=call("events", "remove_permission", EventBusName=id_of, RemoveAllPermissions=True),
        replace={"eventBusName": "another"},
    ),
    Scenario(
        "aws:cloudwatch/eventRule:EventRule",
        given=_rule,
        update={"eventPattern": DELETE, "state": "DISABLED", "tags": {"owner": "security"}},
        changes=("eventPattern", "state", "tags.owner", "tagsAll.owner"),
        drift=lambda world, deployed: world.client("events").put_rule(
            Name=deployed.id, EventPattern=DELETE, Description="nothing"
        ),
        drifted=("description", "eventPattern"),
        remove=call("events", "delete_rule", Name=id_of),
        replace={"name": "another"},
        computed=("arn",),
    ),
    Scenario(
        "aws:cloudwatch/eventTarget:EventTarget",
        given=_target,
        update={"inputTransformer": None, "inputPath": "$.detail"},
        changes=("inputPath", "inputTransformer"),
        drift=_other_input,
        drifted=("input", "inputTransformer"),
        remove=_remove_target,
        replace={"targetId": "another"},
        import_id=lambda deployed: f"{deployed.state['rule']}/topic",
    ),
)
