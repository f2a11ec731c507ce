"""Objects of events: rules and targets."""

import json

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World

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


SCENARIOS = (
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
