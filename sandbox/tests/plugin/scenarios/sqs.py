"""Objects of sqs: queues and their policies."""

import json

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import World


def _send(service: str) -> str:
    statement = {
        "Sid": "Send",
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _policy(world: World) -> Inputs:
    url = world.client("sqs").create_queue(QueueName=world.name)["QueueUrl"]
    return {"queueUrl": url, "policy": _send("sns")}


SCENARIOS = (
    Scenario(
        "aws:sqs/queue:Queue",
        given=lambda world: {
            "name": world.name,
            "sqsManagedSseEnabled": True,
            "tags": {"owner": "audit"},
        },
        update={"messageRetentionSeconds": 1_209_600, "tags": {"owner": "security"}},
        changes=("messageRetentionSeconds", "tags.owner", "tagsAll.owner"),
        drift=call(
            "sqs",
            "set_queue_attributes",
            QueueUrl=id_of,
            Attributes={"VisibilityTimeout": "60"},
        ),
        drifted=("visibilityTimeoutSeconds",),
        remove=call("sqs", "delete_queue", QueueUrl=id_of),
        replace={"name": "another"},
        computed=("arn", "url"),
    ),
    Scenario(
        "aws:sqs/queuePolicy:QueuePolicy",
        given=_policy,
        update={"policy": _send("events")},
        changes=("policy",),
        drift=call(
            "sqs", "set_queue_attributes", QueueUrl=id_of, Attributes={"Policy": _send("s3")}
        ),
        drifted=("policy",),
        remove=call("sqs", "set_queue_attributes", QueueUrl=id_of, Attributes={"Policy": ""}),
        replace={"queueUrl": "http://127.0.0.1/123456789012/another"},
    ),
)
