"""Notifications as S3 has them: who can be notified, and what S3 validates first."""

import json
from typing import Any

import pytest

from sandbox.organization import Organization
from sandbox.tests.support import Clients, allow, deny, document, refused

S3 = {"Service": "s3.amazonaws.com"}
CREATED = "s3:ObjectCreated:*"


@pytest.fixture
def topic(clients: Clients, name: str) -> str:
    """A topic of the security account that takes what S3 publishes."""
    sns = clients("sns", "security")
    arn = sns.create_topic(Name=name)["TopicArn"]
    policy = document(allow(S3, "sns:Publish", arn))
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
    return arn


@pytest.fixture
def queue(clients: Clients, name: str) -> str:
    """A queue of the security account that takes what S3 sends."""
    return make_queue(clients, name)


def make_queue(clients: Clients, name: str) -> str:
    sqs = clients("sqs", "security")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = arn["Attributes"]["QueueArn"]
    policy = document(allow(S3, "sqs:SendMessage", arn))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    return arn


def put(clients: Clients, bucket: str, **configuration: Any) -> None:
    clients("s3", "security").put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration=configuration
    )


def of_topic(arn: str, *events: str, **filters: str) -> dict[str, Any]:
    rules = [{"Name": name, "Value": value} for name, value in filters.items()]
    return {
        "TopicArn": arn,
        "Events": list(events or (CREATED,)),
        "Filter": {"Key": {"FilterRules": rules}},
    }


def of_queue(arn: str, *events: str) -> dict[str, Any]:
    return {"QueueArn": arn, "Events": list(events or (CREATED,))}


def test_notifications_keep_the_event_bridge_switch(clients: Clients, bucket: str) -> None:
    s3 = clients("s3", "security")
    empty = s3.get_bucket_notification_configuration(Bucket=bucket)

    put(clients, bucket, EventBridgeConfiguration={})
    kept = s3.get_bucket_notification_configuration(Bucket=bucket)

    assert "EventBridgeConfiguration" not in empty
    assert kept["EventBridgeConfiguration"] == {}


def test_targets_are_kept_whole_and_get_ids(clients: Clients, bucket: str, topic: str) -> None:
    wanted = of_topic(topic, "s3:ObjectCreated:Put", prefix="AWSLogs/", suffix=".gz")

    put(clients, bucket, TopicConfigurations=[wanted])

    live = clients("s3", "security").get_bucket_notification_configuration(Bucket=bucket)
    [found] = live["TopicConfigurations"]
    assert found.pop("Id")
    assert found == wanted


def test_a_queue_is_notified_of_a_new_object(clients: Clients, bucket: str, queue: str) -> None:
    put(clients, bucket, QueueConfigurations=[of_queue(queue)])

    clients("s3", "security").put_object(Bucket=bucket, Key="log.gz", Body=b"")

    sqs = clients("sqs", "security")
    url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    records = [
        record for text in messages for record in json.loads(text["Body"]).get("Records", [])
    ]
    assert [record["s3"]["object"]["key"] for record in records] == ["log.gz"]


def test_an_empty_configuration_takes_all_away(clients: Clients, bucket: str, queue: str) -> None:
    put(clients, bucket, QueueConfigurations=[of_queue(queue)])

    put(clients, bucket)

    live = clients("s3", "security").get_bucket_notification_configuration(Bucket=bucket)
    assert "QueueConfigurations" not in live


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("Topic", "sns:us-east-1:{}:none"),
        ("Queue", "sqs:us-east-1:{}:none"),
        ("LambdaFunction", "lambda:us-east-1:{}:function:none"),
    ],
)
def test_a_target_that_does_not_exist_is_refused(
    kind: str, resource: str, clients: Clients, organization: Organization, bucket: str
) -> None:
    arn = f"arn:aws:{resource.format(organization.security_account_id)}"
    with refused("InvalidArgument", f"{arn} does not exist"):
        target = {f"{kind}Arn": arn, "Events": [CREATED]}
        put(clients, bucket, **{f"{kind}Configurations": [target]})


def test_validation_of_targets_can_be_skipped(
    clients: Clients, organization: Organization, bucket: str
) -> None:
    arn = f"arn:aws:sqs:us-east-1:{organization.security_account_id}:none"
    clients("s3", "security").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"QueueConfigurations": [of_queue(arn)]},
        SkipDestinationValidation=True,
    )


def test_a_topic_must_let_s3_in_for_this_bucket(clients: Clients, bucket: str, topic: str) -> None:
    sns = clients("sns", "security")

    def set_policy(source: str) -> None:
        condition = {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{source}"}}
        policy = document(allow(S3, "sns:Publish", topic, Condition=condition))
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)

    set_policy("another-bucket")
    with refused("InvalidArgument", "does not allow sns:Publish to s3.amazonaws.com"):
        put(clients, bucket, TopicConfigurations=[of_topic(topic)])
    set_policy(bucket)
    put(clients, bucket, TopicConfigurations=[of_topic(topic)])


def test_the_key_of_a_topic_must_let_s3_in(
    clients: Clients, organization: Organization, bucket: str, topic: str, key_arn: str
) -> None:
    sns, kms = clients("sns", "security"), clients("kms", "security")

    def encrypt(key: str) -> None:
        sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=key)

    for key in ("alias/aws/sns", key_arn):
        encrypt(key)
        with refused("InvalidArgument", "does not allow kms:GenerateDataKey"):
            put(clients, bucket, TopicConfigurations=[of_topic(topic)])
    root = {"AWS": f"arn:aws:iam::{organization.security_account_id}:root"}
    policy = document(allow(root, "kms:*"), allow(S3, ["kms:GenerateDataKey*", "kms:Decrypt"]))
    kms.put_key_policy(KeyId=key_arn, PolicyName="default", Policy=policy)
    put(clients, bucket, TopicConfigurations=[of_topic(topic)])


def test_a_denial_of_the_queue_outweighs_what_it_allows(
    clients: Clients, bucket: str, queue: str
) -> None:
    sqs = clients("sqs", "security")
    url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
    policy = document(allow(S3, "sqs:SendMessage", queue), deny("sqs:*", queue))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    with refused("InvalidArgument", "does not allow sqs:SendMessage"):
        put(clients, bucket, QueueConfigurations=[of_queue(queue)])


def test_a_target_in_another_region_is_refused(
    clients: Clients, organization: Organization, bucket: str
) -> None:
    arn = f"arn:aws:sns:eu-west-1:{organization.security_account_id}:topic"
    with refused("InvalidArgument", "destination service region is not valid"):
        put(clients, bucket, TopicConfigurations=[of_topic(arn)])


def test_what_is_no_topic_event_or_filter_is_refused(
    clients: Clients, bucket: str, topic: str, queue: str
) -> None:
    with refused("InvalidArgument", "The ARN could not be parsed"):
        put(clients, bucket, TopicConfigurations=[of_topic(queue)])
    with refused("InvalidArgument", "event is not supported"):
        put(clients, bucket, TopicConfigurations=[of_topic(topic, "s3:ObjectRead:*")])
    with refused("InvalidArgument", "either prefix or suffix"):
        put(clients, bucket, TopicConfigurations=[of_topic(topic, size="9")])


def test_two_targets_for_one_event_of_one_object_are_refused(
    clients: Clients, bucket: str, topic: str, queue: str
) -> None:
    with refused("InvalidArgument", "Configurations overlap"):
        put(
            clients,
            bucket,
            TopicConfigurations=[of_topic(topic, prefix="AWSLogs/")],
            QueueConfigurations=[of_queue(queue, "s3:ObjectCreated:Put")],
        )
    put(
        clients,
        bucket,
        TopicConfigurations=[
            of_topic(topic, prefix="AWSLogs/"),
            of_topic(topic, prefix="Config/"),
            of_topic(topic, "s3:ObjectRemoved:Delete"),
        ],
        QueueConfigurations=[of_queue(queue, "s3:ObjectRemoved:DeleteMarkerCreated")],
    )
