"""Policies of what watches: the alert topic, its key, the log group's key and its delivery role."""

from collections.abc import Sequence

from cloudtrail_guard import quotas
from cloudtrail_guard.arns import Location, log_group_arn, topic_arn
from cloudtrail_guard.policies.document import Document, Statement, document, to_json
from cloudtrail_guard.policies.log_key import administration, deny_tampering_if_exempt

ALARMS = "cloudwatch.amazonaws.com"
EVENTS = "events.amazonaws.com"
CLOUDTRAIL = "cloudtrail.amazonaws.com"


def alert_key_policy(
    location: Location,
    *,
    topic: str,
    log_groups: Sequence[str] = (),
    break_glass: Sequence[str] = (),
    deployers: Sequence[str] = (),
) -> Document:
    """The policy of the key that encrypts alerts, and the log group that alarms are made of.

    Alarms and EventBridge reach an encrypted topic only if they may use its key. EventBridge
    sends no ``aws:SourceArn`` or ``aws:SourceAccount`` there, so the grant is bound to the topic by
    the encryption context that SNS uses
    (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).

    Args:
        location: where the key is.
        topic: the topic's name.
        log_groups: names of the log groups that are encrypted with the key.
        break_glass: full ARNs of the roles that may disable and delete the key.
        deployers: full ARNs of the roles that may change it besides. With neither, the policy
            denies nothing.

    Raises:
        InvalidValueError: there are too many log groups, or deployers and no break-glass role, or
            an ARN is malformed.
    """
    statements: list[Statement] = [
        administration(location.partition, location.account),
        {
            "Sid": "AllowAlerts",
            "Effect": "Allow",
            "Principal": {"Service": [ALARMS, EVENTS]},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:sns:topicArn": topic_arn(location, topic)
                }
            },
        },
    ]
    if log_groups:
        statements.append(
            {
                "Sid": "AllowLogGroups",
                "Effect": "Allow",
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
                "Principal": {"Service": f"logs.{location.region}.amazonaws.com"},
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
                            log_group_arn(location, log_group) for log_group in log_groups
                        ]
                    }
                },
            }
        )
    policy = document([*statements, *deny_tampering_if_exempt(break_glass, deployers, "alert key")])
    quotas.KEY_POLICY.check(to_json(policy), ": name fewer log groups")
    return policy


def alert_topic_policy(location: Location, *, topic: str, rule_prefix: str = "") -> Document:
    """The topic's policy: alarms and event rules of this account publish, over TLS.

    It takes the place of the default policy, which would let alarms through without naming them.

    Args:
        location: where the topic is.
        topic: the topic's name.
        rule_prefix: how the names of the event rules begin that publish.
    """
    arn = topic_arn(location, topic)
    return document(
        [
            _publish("AllowAlarms", ALARMS, arn, location, location.arn("cloudwatch", "alarm:*")),
            _publish(
                "AllowEventRules",
                EVENTS,
                arn,
                location,
                location.arn("events", f"rule/{rule_prefix}*"),
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


def _publish(sid: str, service: str, topic: str, location: Location, source: str) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {
            "ArnLike": {"aws:SourceArn": source},
            "StringEquals": {"aws:SourceAccount": location.account},
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


def delivery_policy(location: Location, *, log_group: str, organization: str | None) -> Document:
    """What delivering to the log group takes: a stream for each account and region, and its events.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html

    Args:
        location: where the log group is; its account is the trail's.
        log_group: the log group's name.
        organization: the organization's id for an organization trail.
    """
    base = f"{log_group_arn(location, log_group)}:log-stream:"
    streams = [f"{base}{location.account}_CloudTrail_{location.region}*"]
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
