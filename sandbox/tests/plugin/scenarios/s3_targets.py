"""Objects of s3 that send elsewhere: replication, notifications and metrics."""

from typing import Any

from sandbox.tests.plugin.scenarios.s3 import s3
from sandbox.tests.plugin.scenarios.scenario import Inputs, call
from sandbox.tests.plugin.world import Deployed, World, allow, document

VERSIONED = {"Status": "Enabled"}


def _bucket_of(deployed: Deployed) -> str:
    return deployed.state["bucket"]


def _replication(world: World) -> Inputs:
    buckets = [world.bucket(), world.bucket("-replica")]
    for bucket in buckets:
        world.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration=VERSIONED)
    role = world.client("iam").get_role(RoleName=world.role())["Role"]["Arn"]
    account = world.organization.security_account_id
    return {
        "bucket": buckets[0],
        "role": role,
        "rules": [
            {
                "id": "logs",
                "status": "Enabled",
                "priority": 1,
                "filter": {"and": {"prefix": "AWSLogs/", "tags": {"keep": "long"}}},
                "deleteMarkerReplication": {"status": "Disabled"},
                "sourceSelectionCriteria": {"sseKmsEncryptedObjects": {"status": "Enabled"}},
                "destination": {
                    "bucket": f"arn:aws:s3:::{buckets[1]}",
                    "account": account,
                    "storageClass": "GLACIER_IR",
                    "encryptionConfiguration": {
                        "replicaKmsKeyId": f"arn:aws:kms:us-east-1:{account}:key/{world.key()}"
                    },
                    "accessControlTranslation": {"owner": "Destination"},
                    "replicationTime": {"status": "Enabled", "time": {"minutes": 15}},
                    "metrics": {"status": "Enabled", "eventThreshold": {"minutes": 15}},
                },
            },
            {
                "status": "Enabled",
                "priority": 2,
                "filter": {},
                "deleteMarkerReplication": {"status": "Disabled"},
                "destination": {"bucket": f"arn:aws:s3:::{buckets[1]}"},
            },
        ],
    }


def _stop_second_rule(world: World, deployed: Deployed) -> None:
    s3 = world.client("s3")
    bucket = _bucket_of(deployed)
    live = s3.get_bucket_replication(Bucket=bucket)["ReplicationConfiguration"]
    live["Rules"][1]["Status"] = "Disabled"
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=live)


def _notification(world: World) -> Inputs:
    sns, sqs = world.client("sns"), world.client("sqs")
    topic = sns.create_topic(Name=world.name)["TopicArn"]
    policy = document(allow("s3", "sns:Publish", topic))
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    queue = topic.replace(":sns:", ":sqs:")
    policy = document(allow("s3", "sqs:SendMessage", queue))
    sqs.create_queue(QueueName=world.name, Attributes={"Policy": policy})
    return {
        "bucket": world.bucket(),
        "topics": [
            {
                "topicArn": topic,
                "events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"],
                "filterPrefix": "AWSLogs/",
                "filterSuffix": ".json.gz",
            }
        ],
        "queues": [{"id": "removed", "queueArn": queue, "events": ["s3:ObjectRemoved:*"]}],
    }


def _tell_less(world: World, deployed: Deployed) -> None:
    topics: list[dict[str, Any]] = deployed.state["topics"]
    world.client("s3").put_bucket_notification_configuration(
        Bucket=_bucket_of(deployed),
        NotificationConfiguration={
            "TopicConfigurations": [
                {
                    "Id": topics[0]["id"],
                    "TopicArn": topics[0]["topicArn"],
                    "Events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"],
                }
            ]
        },
    )


def _metric(world: World) -> Inputs:
    return {"bucket": world.bucket(), "name": "log-files", "filter": {"prefix": "AWSLogs/"}}


def _count_all(world: World, deployed: Deployed) -> None:
    world.client("s3").put_bucket_metrics_configuration(
        Bucket=_bucket_of(deployed), Id="log-files", MetricsConfiguration={"Id": "log-files"}
    )


SCENARIOS = (
    s3(
        "BucketMetric",
        given=_metric,
        update={"filter": {"prefix": "AWSLogs/o-a1b2c3d4e5/"}},
        changes=("filter.prefix",),
        drift=_count_all,
        drifted=("filter",),
        remove=call("s3", "delete_bucket_metrics_configuration", Bucket=_bucket_of, Id="log-files"),
    ),
    s3(
        "BucketReplicationConfig",
        given=_replication,
        drift=_stop_second_rule,
        drifted=("rules[1].status",),
        remove=call("s3", "delete_bucket_replication", Bucket=_bucket_of),
    ),
    s3(
        "BucketNotification",
        given=_notification,
        update={"queues": None, "eventbridge": True},
        changes=("eventbridge", "queues"),
        drift=_tell_less,
        drifted=("queues", "topics[0].filterPrefix", "topics[0].filterSuffix"),
        remove=call("s3", "delete_bucket", Bucket=_bucket_of),
    ),
)
