"""A feed of new log files for a SIEM: from S3 to a topic, and on to a queue."""

# No `from __future__ import annotations`: the component host reads annotations at run time.
from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from cloudtrail_guard.arns import queue_arn
from cloudtrail_guard.inputs.reader import checked_inputs
from cloudtrail_guard.inputs.values import compute
from cloudtrail_guard.policies.bucket_guard import LOG_PREFIX
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_feed import (
    feed_key_policy,
    feed_queue_policy,
    feed_topic_policy,
    redrive_policy,
)
from cloudtrail_guard.policies.log_key import DELETION_WINDOW_DAYS
from cloudtrail_guard.resources.caller import caller_location, exempt_from_denies
from cloudtrail_guard.resources.options import child_options

FOURTEEN_DAYS = 14 * 24 * 3600
"""The longest that SQS keeps a message, in seconds."""

NOTIFICATION_ID = "new-log-files"
"""The notification's id in the bucket."""


class LogNotificationsArgs(TypedDict):
    """The arguments of `LogNotifications`."""

    log_bucket_name: pulumi.Input[str]
    """The log bucket's name: the output `log_bucket_name` of `LogBucket`, in this account and
    region. A bucket has one notification configuration: this replaces any other."""
    consumer_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """ARNs of the roles, users or accounts that may receive from the queue, and do nothing else.
    They must exist. Default: none, IAM policies of this account decide."""
    feed_name: NotRequired[str]
    """The name of topic and queue. Default: the component's name."""
    raw_messages: NotRequired[bool]
    """Whether the queue gets S3's message alone, without the topic's envelope. Default: false."""
    visibility_timeout_seconds: NotRequired[pulumi.Input[int]]
    """How long a message is hidden from others once it is received, in seconds. Default: 300."""
    event_bridge: NotRequired[pulumi.Input[bool]]
    """Whether the bucket notifies EventBridge too, as AWS Backup needs it. Default: false."""
    break_glass_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may disable and delete the key. Default: the key's policy denies
    neither to anyone."""
    deployer_role_arns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    """Full ARNs of the roles that may change the key besides. Default: the principal that
    deploys."""
    account_id: NotRequired[str]
    """The account, 12 digits. Default: the account that is deployed to."""


class LogNotifications(pulumi.ComponentResource):
    """A queue with a message for every new log file, and for every digest file.

    Both end in `.json.gz`, and S3 cannot leave digests out: its filters are a prefix and a suffix
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html). The
    object's key tells them apart: logs are in `.../CloudTrail/<region>/...`, digests, one an hour
    for each account and region, in `.../CloudTrail-Digest/<region>/...`.

    Topic and queues are encrypted with a key of their own, that the log bucket may use, and that is
    kept in AWS even when it leaves the stack. A message
    that is received five times and never deleted goes to a dead-letter queue. To read the files
    themselves, the consumer needs a role of `LogReaders`.
    """

    feed_topic_arn: pulumi.Output[str]
    """The topic's ARN, to subscribe further queues."""
    queue_arn: pulumi.Output[str]
    """The queue's ARN."""
    queue_url: pulumi.Output[str]
    """The queue's URL, which a SIEM is given; known once its policy is in place."""
    dead_letter_queue_arn: pulumi.Output[str]
    """ARN of the queue with the messages that no consumer could handle."""
    feed_key_arn: pulumi.Output[str]
    """ARN of the key that encrypts topic and queues."""

    def __init__(
        self, name: str, args: LogNotificationsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make topic, queues and key, and have the log bucket notify of new files.

        Args:
            name: the component's name.
            args: see `LogNotificationsArgs`.
            opts: resource options; children inherit them.

        Raises:
            ArgumentError: a consumer is a pattern or no ARN of IAM.
        """
        super().__init__("cloudtrail-guard:index:LogNotifications", name, {}, opts)
        args = checked_inputs(self, args)
        self._prefix = name
        self._args = args
        self._feed = args.get("feed_name", name)
        self._location = caller_location(self, account=args.get("account_id"))
        # First, so that nothing is registered when there are too many consumers.
        may_receive = compute(
            self,
            lambda values: to_json(
                feed_queue_policy(self._location, queue=self._feed, topic=self._feed, **values)
            ),
            consumers=args.get("consumer_arns", ()),
        )
        key = self._key()
        topic = self._topic(key)
        dead_letters = self._dead_letters(key)
        queue, queue_policy = self._queue(key, dead_letters, may_receive)
        subscription = aws.sns.TopicSubscription(
            f"{name}-subscription",
            topic=topic,
            protocol="sqs",
            endpoint=queue.arn,
            raw_message_delivery=args.get("raw_messages", False),
            opts=child_options(self, depends_on=[queue_policy]),
        )
        aws.s3.BucketNotification(
            f"{name}-notification",
            bucket=args["log_bucket_name"],
            eventbridge=args.get("event_bridge"),
            topics=[
                {
                    "id": NOTIFICATION_ID,
                    "topic_arn": topic,
                    "events": ["s3:ObjectCreated:*"],
                    "filter_prefix": f"{LOG_PREFIX}/",
                    "filter_suffix": ".json.gz",
                }
            ],
            # Once somebody listens: a message before that is lost.
            opts=child_options(self, depends_on=[subscription]),
        )
        self.feed_topic_arn = topic
        self.queue_arn = queue.arn
        self.queue_url = queue_policy.queue_url
        self.dead_letter_queue_arn = dead_letters.arn
        self.feed_key_arn = key.arn
        self.register_outputs(
            {
                "feed_topic_arn": self.feed_topic_arn,
                "queue_arn": self.queue_arn,
                "queue_url": self.queue_url,
                "dead_letter_queue_arn": self.dead_letter_queue_arn,
                "feed_key_arn": self.feed_key_arn,
            }
        )

    @property
    def _dead_letter_name(self) -> str:
        return f"{self._feed}-failures"

    def _key(self) -> "aws.kms.Key":
        key = aws.kms.Key(
            f"{self._prefix}-key",
            description="Encrypts the feed of new CloudTrail log files",
            enable_key_rotation=True,
            deletion_window_in_days=DELETION_WINDOW_DAYS,
            policy=compute(
                self,
                lambda values: to_json(feed_key_policy(self._location, topic=self._feed, **values)),
                bucket=self._args["log_bucket_name"],
                consumers=self._args.get("consumer_arns", ()),
                **exempt_from_denies(self, self._args),
            ),
            opts=child_options(self, retain=True),
        )
        aws.kms.Alias(
            f"{self._prefix}-alias",
            name=f"alias/{self._prefix}",
            target_key_id=key.key_id,
            opts=child_options(self),
        )
        return key

    def _topic(self, key: "aws.kms.Key") -> pulumi.Output[str]:
        topic = aws.sns.Topic(
            f"{self._prefix}-topic",
            name=self._feed,
            kms_master_key_id=key.arn,
            opts=child_options(self),
        )
        policy = aws.sns.TopicPolicy(
            f"{self._prefix}-topic",
            arn=topic.arn,
            policy=compute(
                self,
                lambda values: to_json(
                    feed_topic_policy(self._location, topic=self._feed, **values)
                ),
                bucket=self._args["log_bucket_name"],
            ),
            opts=child_options(self),
        )
        # Through the policy: S3 tries to publish before it takes the notification.
        return policy.arn

    def _dead_letters(self, key: "aws.kms.Key") -> "aws.sqs.Queue":
        queue = aws.sqs.Queue(
            f"{self._prefix}-failures",
            name=self._dead_letter_name,
            kms_master_key_id=key.arn,
            message_retention_seconds=FOURTEEN_DAYS,
            opts=child_options(self),
        )
        aws.sqs.QueuePolicy(
            f"{self._prefix}-failures",
            queue_url=queue.url,
            policy=to_json(
                feed_queue_policy(self._location, queue=self._dead_letter_name, topic=None)
            ),
            opts=child_options(self),
        )
        return queue

    def _queue(
        self, key: "aws.kms.Key", dead_letters: "aws.sqs.Queue", may_receive: pulumi.Input[str]
    ) -> "tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]":
        queue = aws.sqs.Queue(
            f"{self._prefix}-queue",
            name=self._feed,
            kms_master_key_id=key.arn,
            message_retention_seconds=FOURTEEN_DAYS,
            visibility_timeout_seconds=self._args.get("visibility_timeout_seconds", 300),
            redrive_policy=redrive_policy(queue_arn(self._location, self._dead_letter_name)),
            opts=child_options(self, depends_on=[dead_letters]),
        )
        policy = aws.sqs.QueuePolicy(
            f"{self._prefix}-queue",
            queue_url=queue.url,
            policy=may_receive,
            opts=child_options(self),
        )
        return queue, policy
