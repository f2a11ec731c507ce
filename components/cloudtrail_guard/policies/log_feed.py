"""Policies of the feed of new log files: S3 tells a topic, the topic fills a queue, a SIEM reads.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html,
https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html.
"""

import json
from collections.abc import Sequence

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import Location, bucket_arn, dns_suffix, queue_arn, topic_arn
from cloudtrail_guard.errors import QuotaError
from cloudtrail_guard.policies.document import (
    Document,
    Statement,
    distinct,
    document,
    one_or_many,
    to_json,
)
from cloudtrail_guard.policies.log_key import administration, deny_tampering_if_exempt
from cloudtrail_guard.policies.trust import check_principals

S3 = "s3.amazonaws.com"
SNS = "sns.amazonaws.com"

RECEIVING = (
    "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
)
"""What a consumer does: deleting a message is how it says that it has read it."""

MAX_CONSUMERS = 50
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html"""

_FEWER = ": name fewer consumers, such as an account (...:root) for many of its roles"

MAX_RECEIVES = 5
"""After so many tries a message goes to the dead-letter queue."""


def feed_key_policy(  # noqa: PLR0913 - who uses it, and who may change it
    location: Location,
    *,
    bucket: str,
    topic: str,
    consumers: Sequence[str] = (),
    break_glass: Sequence[str] = (),
    deployers: Sequence[str] = (),
) -> Document:
    """The policy of the key that encrypts topic and queues.

    Args:
        location: where the key is.
        bucket: the log bucket's name.
        topic: the topic's name.
        consumers: ARNs of the principals that read the queue.
        break_glass: full ARNs of the roles that may disable and delete the key.
        deployers: full ARNs of the roles that may change it besides. With neither, the policy
            denies nothing.

    Raises:
        InvalidValueError: a consumer is a pattern or no ARN of IAM, or there are deployers and no
            break-glass role.
    """
    statements: list[Statement] = [
        administration(location.partition, location.account),
        _use("AllowLogBucket", S3, _from_bucket(location, bucket)),
        _use("AllowTopic", SNS, {"ArnEquals": {"aws:SourceArn": topic_arn(location, topic)}}),
    ]
    if consumers:
        check_principals("feed of log files", consumers)
        statements.append(
            {
                "Sid": "AllowConsumersDecrypt",
                "Effect": "Allow",
                "Principal": {"AWS": one_or_many(distinct(consumers))},
                "Action": "kms:Decrypt",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {
                        "kms:ViaService": f"sqs.{location.region}.{dns_suffix(location.partition)}"
                    }
                },
            }
        )
    policy = document([*statements, *deny_tampering_if_exempt(break_glass, deployers, "feed key")])
    quotas.KEY_POLICY.check(to_json(policy), _FEWER)
    return policy


def feed_topic_policy(location: Location, *, bucket: str, topic: str) -> Document:
    """The topic's policy: the log bucket alone publishes, over TLS."""
    arn = topic_arn(location, topic)
    return document(
        [
            {
                "Sid": "AllowLogBucket",
                "Effect": "Allow",
                "Principal": {"Service": S3},
                "Action": "sns:Publish",
                "Resource": arn,
                "Condition": _from_bucket(location, bucket),
            },
            _deny_insecure("sns:Publish", arn),
        ]
    )


def feed_queue_policy(
    location: Location, *, queue: str, topic: str | None, consumers: Sequence[str] = ()
) -> Document:
    """A queue's policy: the topic sends, consumers receive, over TLS.

    Args:
        location: where the queue is.
        queue: the queue's name.
        topic: the name of the topic that fills it; None for a dead-letter queue.
        consumers: ARNs of the principals that read it.

    Raises:
        QuotaError: there are too many consumers.
    """
    arn = queue_arn(location, queue)
    statements: list[Statement] = []
    if topic is not None:
        statements.append(
            {
                "Sid": "AllowTopic",
                "Effect": "Allow",
                "Principal": {"Service": SNS},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn(location, topic)}},
            }
        )
    if consumers:
        statements.append(
            {
                "Sid": "AllowConsumersReceive",
                "Effect": "Allow",
                "Principal": {"AWS": one_or_many(distinct(consumers))},
                "Action": list(RECEIVING),
                "Resource": arn,
            }
        )
    policy = document([*statements, _deny_insecure("sqs:*", arn)])
    quotas.QUEUE_POLICY.check(to_json(policy), _FEWER)
    if len(distinct(consumers)) > MAX_CONSUMERS:
        raise QuotaError(
            f"the queue's policy names {len(distinct(consumers))} consumers, more than the "
            f"{MAX_CONSUMERS} principals that SQS allows ({quotas.QUEUE_POLICY.source}){_FEWER}"
        )
    return policy


def redrive_policy(dead_letters: str) -> str:
    """Where a message goes that no consumer could handle, as SQS takes it.

    Args:
        dead_letters: ARN of the dead-letter queue.
    """
    wanted = {"deadLetterTargetArn": dead_letters, "maxReceiveCount": MAX_RECEIVES}
    return json.dumps(wanted, separators=(",", ":"))


def _from_bucket(location: Location, bucket: str) -> dict[str, object]:
    return {
        "ArnLike": {"aws:SourceArn": bucket_arn(location.partition, bucket)},
        "StringEquals": {"aws:SourceAccount": location.account},
    }


def _use(sid: str, service: str, condition: dict[str, object]) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": condition,
    }


def _deny_insecure(action: str, resource: str) -> Statement:
    return {
        "Sid": "DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
