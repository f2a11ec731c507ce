"""Policies of what watches: the alert topic, its key, the log group's key and its delivery role."""

from collections.abc import Sequence
from dataclasses import dataclass

from cloudtrail_guard.documents.key_policy import administration
from cloudtrail_guard.documents.policy import Document, Statement, document

ALARMS = "cloudwatch.amazonaws.com"
EVENTS = "events.amazonaws.com"
CLOUDTRAIL = "cloudtrail.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a resource is: what its ARN is made of."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        """An ARN of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def topic_arn(place: Place, topic: str) -> str:
    """The ARN of a topic."""
    return place.arn("sns", topic)


def log_group_arn(place: Place, log_group: str) -> str:
    """The ARN of a log group, without the ``:*`` that stands for its streams."""
    return place.arn("logs", f"log-group:{log_group}")


def alert_key_policy(place: Place, *, topic: str, log_groups: Sequence[str] = ()) -> Document:
    """The policy of the key that encrypts alerts, and the log group that alarms are made of.

    Alarms and EventBridge reach an encrypted topic only if they may use its key. EventBridge
    sends no ``aws:SourceArn`` or ``aws:SourceAccount`` there, so the grant is bound to the topic by
    the encryption context that SNS uses
    (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).

    Args:
        place: where the key is.
        topic: the topic's name.
        log_groups: names of the log groups that are encrypted with the key.
    """
    statements: list[Statement] = [
        administration(place.partition, place.account),
        {
            "Sid": "AllowAlerts",
            "Effect": "Allow",
            "Principal": {"Service": [ALARMS, EVENTS]},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {"kms:EncryptionContext:aws:sns:topicArn": topic_arn(place, topic)}
            },
        },
    ]
    if log_groups:
        statements.append(
            {
                "Sid": "AllowLogGroups",
                "Effect": "Allow",
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
                "Principal": {"Service": f"logs.{place.region}.amazonaws.com"},
                "Action": [
                    "kms:Decrypt",
                    "kms:DescribeKey",
                    "kms:Encrypt",
                    "kms:GenerateDataKey*",
                    "kms:ReEncrypt*",
                ],
                "Resource": "*",
                "Condition": {
                    "ArnEquals": {
                        "kms:EncryptionContext:aws:logs:arn": [
                            log_group_arn(place, log_group) for log_group in log_groups
                        ]
                    }
                },
            }
        )
    return document(statements)


def alert_topic_policy(place: Place, *, topic: str, rule_prefix: str = "") -> Document:
    """The topic's policy: alarms and event rules of this account publish, over TLS.

    It takes the place of the default policy, which would let alarms through without naming them.

    Args:
        place: where the topic is.
        topic: the topic's name.
        rule_prefix: how the names of the event rules begin that publish.
    """
    arn = topic_arn(place, topic)
    return document(
        [
            _publish("AllowAlarms", ALARMS, arn, place, place.arn("cloudwatch", "alarm:*")),
            _publish(
                "AllowEventRules", EVENTS, arn, place, place.arn("events", f"rule/{rule_prefix}*")
            ),
            {
                "Sid": "DenyInsecureTransport",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sns:Publish",
                "Resource": arn,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ]
    )


def _publish(sid: str, service: str, topic: str, place: Place, source: str) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {
            "ArnLike": {"aws:SourceArn": source},
            "StringEquals": {"aws:SourceAccount": place.account},
        },
    }


def delivery_trust_policy(trail: str) -> Document:
    """Who may deliver to the log group: CloudTrail, for this trail."""
    return document(
        [
            {
                "Effect": "Allow",
                "Principal": {"Service": CLOUDTRAIL},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceArn": trail}},
            }
        ]
    )


def delivery_policy(place: Place, *, log_group: str, organization: str | None) -> Document:
    """What delivering to the log group takes: a stream for each account and region, and its events.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html

    Args:
        place: where the log group is; its account is the trail's.
        log_group: the log group's name.
        organization: the organization's id for an organization trail.
    """
    base = f"{log_group_arn(place, log_group)}:log-stream:"
    streams = [f"{base}{place.account}_CloudTrail_{place.region}*"]
    if organization is not None:
        streams.append(f"{base}{organization}_*")
    return document(
        [
            {
                "Sid": "DeliverEvents",
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": streams,
            }
        ]
    )
