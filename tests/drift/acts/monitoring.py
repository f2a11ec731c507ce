"""Acts on what notices tampering: logs, alarms, rules, topics, queues, the response."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import Target

from tests.drift.act import Act, found

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.drift.act import Stage

_GROUP = "/aws/cloudtrail/SecurityAuditTrail"
_ALARM = "cloudtrail-guard-CloudTrailChanges"
_RULE = "cloudtrail-guard-trail"
_BUS = "cloudtrail-guard-watch"
_FUNCTION = "cloudtrail-guard-response"
_QUEUE = "cloudtrail-guard-log-feed"
_FILTER = {"logGroupName": _GROUP, "filterName": "CloudTrailChanges"}


def _act(
    name: str,
    calls: str,
    do: Callable[[Any, Stage], Any],
    look: Callable[[Any, Stage], Any],
    shows: str = "",
    **more: Any,
) -> Act:
    """An act on a service's resource; calls without a service are of the first one's."""
    service = calls.split(":", maxsplit=1)[0]
    actions = [each if ":" in each else f"{service}:{each}" for each in calls.split()]
    fields: dict[str, Any] = {
        "name": name,
        "on": Target.MONITORING,
        "calls": " ".join(actions),
        "service": service,
        "do": do,
        "look": look,
        "shows": shows,
        **more,
    }
    return Act(**fields)


def _group(aws: Any, _stage: Stage) -> Any:
    (found_group,) = aws.describe_log_groups(logGroupNamePrefix=_GROUP)["logGroups"] or [None]
    kept = {"logGroupName", "retentionInDays", "kmsKeyId", "deletionProtectionEnabled"}
    return found_group and {key: found_group.get(key) for key in kept}


def _filters(aws: Any, _stage: Stage) -> Any:
    answer = found(lambda: aws.describe_metric_filters(logGroupName=_GROUP))
    return answer and {
        each["filterName"]: (each["filterPattern"], each["metricTransformations"])
        for each in answer["metricFilters"]
    }


def _alarm(aws: Any, _stage: Stage) -> Any:
    found_alarms = aws.describe_alarms(AlarmNames=[_ALARM])["MetricAlarms"]
    return [
        {key: value for key, value in each.items() if not key.startswith(("State", "AlarmConf"))}
        for each in found_alarms
    ]


def _weaken_the_alarm(aws: Any, stage: Stage) -> None:
    (alarm,) = aws.describe_alarms(AlarmNames=[_ALARM])["MetricAlarms"]
    kept = {"AlarmName", "Namespace", "MetricName", "Period", "EvaluationPeriods", "Statistic"}
    kept |= {"ComparisonOperator", "AlarmActions"}
    changed = {key: value for key, value in alarm.items() if key in kept}
    aws.put_metric_alarm(**changed, Threshold=1000, TreatMissingData="notBreaching")
    del stage


LOGS = (
    _act(
        "delete the trail's log group",
        "logs:DeleteLogGroup",
        lambda aws, _: aws.delete_log_group(logGroupName=_GROUP),
        lambda aws, stage: (_group(aws, stage), _filters(aws, stage)),
        "LogGroup cloudtrail-guard-log-group",
        note="the events in it are lost; they are in the log bucket as well",
        alone=True,
    ),
    _act(
        "keep the trail's log group for a day",
        "logs:PutRetentionPolicy",
        lambda aws, _: aws.put_retention_policy(logGroupName=_GROUP, retentionInDays=1),
        _group,
        "LogGroup cloudtrail-guard-log-group",
        posture="alerts.log-group",
    ),
    _act(
        "keep the trail's log group for ever",
        "logs:DeleteRetentionPolicy",
        lambda aws, _: aws.delete_retention_policy(logGroupName=_GROUP),
        _group,
        "LogGroup cloudtrail-guard-log-group",
    ),
    _act(
        "take the key from the trail's log group",
        "logs:DisassociateKmsKey AssociateKmsKey",
        lambda aws, _: aws.disassociate_kms_key(logGroupName=_GROUP),
        _group,
        "LogGroup cloudtrail-guard-log-group",
        posture="alerts.log-group",
    ),
    _act(
        "delete a metric filter",
        "logs:DeleteMetricFilter",
        lambda aws, _: aws.delete_metric_filter(**_FILTER),
        _filters,
        "LogMetricFilter cloudtrail-guard-CloudTrailChanges",
        posture="alerts.alarm.CloudTrailChanges",
    ),
    _act(
        "let a metric filter match nothing",
        "logs:PutMetricFilter",
        lambda aws, _: aws.put_metric_filter(
            **_FILTER,
            filterPattern="{ $.eventName = Nothing }",
            metricTransformations=_filters(aws, _)["CloudTrailChanges"][1],
        ),
        _filters,
        "LogMetricFilter cloudtrail-guard-CloudTrailChanges",
        posture="alerts.alarm.CloudTrailChanges",
    ),
)

ALARMS = (
    _act(
        "delete an alarm",
        "cloudwatch:DeleteAlarms",
        lambda aws, _: aws.delete_alarms(AlarmNames=[_ALARM]),
        _alarm,
        "MetricAlarm cloudtrail-guard-CloudTrailChanges",
        posture="alerts.alarm.CloudTrailChanges",
    ),
    _act(
        "silence an alarm",
        "cloudwatch:DisableAlarmActions",
        lambda aws, _: aws.disable_alarm_actions(AlarmNames=[_ALARM]),
        _alarm,
        "MetricAlarm cloudtrail-guard-CloudTrailChanges",
        posture="alerts.alarm.CloudTrailChanges",
    ),
    _act(
        "let an alarm ring at a thousand events",
        "cloudwatch:PutMetricAlarm",
        _weaken_the_alarm,
        _alarm,
        "MetricAlarm cloudtrail-guard-CloudTrailChanges",
    ),
)


def _rule(aws: Any, _stage: Stage) -> Any:
    answer = found(lambda: aws.describe_rule(Name=_RULE))
    return answer and (
        answer["State"],
        json.loads(answer["EventPattern"]),
        _targets(aws, _stage),
    )


def _targets(aws: Any, _stage: Stage) -> Any:
    return aws.list_targets_by_rule(Rule=_RULE)["Targets"]


def _delete_rule(aws: Any, _stage: Stage) -> None:
    aws.remove_targets(Rule=_RULE, Ids=["alert-topic"])
    aws.delete_rule(Name=_RULE)


def _match_nothing(aws: Any, _stage: Stage) -> None:
    aws.put_rule(Name=_RULE, EventPattern='{"source":["nothing"]}')


def _send_elsewhere(aws: Any, stage: Stage) -> None:
    other = f"arn:aws:sns:us-east-1:{stage.management}:elsewhere"
    aws.put_targets(Rule=_RULE, Targets=[{"Id": "alert-topic", "Arn": other}])


def _bus(aws: Any, _stage: Stage) -> Any:
    answer = found(lambda: aws.describe_event_bus(Name=_BUS))
    policy = answer and answer.get("Policy")
    rules = found(lambda: aws.list_rules(EventBusName=_BUS)["Rules"])
    return answer and (
        answer.get("Description"),
        policy and json.loads(policy),
        sorted(each["Name"] for each in rules or []),
    )


def _delete_bus(aws: Any, _stage: Stage) -> None:
    for rule in aws.list_rules(EventBusName=_BUS)["Rules"]:
        of = {"Rule": rule["Name"], "EventBusName": _BUS}
        ids = [each["Id"] for each in aws.list_targets_by_rule(**of)["Targets"]]
        if ids:
            aws.remove_targets(**of, Ids=ids)
        aws.delete_rule(Name=rule["Name"], EventBusName=_BUS)
    aws.delete_event_bus(Name=_BUS)


def _let_in(aws: Any, stage: Stage) -> None:
    policy = json.loads(aws.describe_event_bus(Name=_BUS)["Policy"])
    mine = {
        "Sid": "mine",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{stage.workload}:root"},
        "Action": "events:PutEvents",
        "Resource": f"arn:aws:events:us-east-1:{stage.security}:event-bus/{_BUS}",
    }
    statements = [*policy["Statement"], mine]
    text = json.dumps({**policy, "Statement": statements})
    aws.put_permission(EventBusName=_BUS, Policy=text)


RULES = (
    _act(
        "disable a rule",
        "events:DisableRule",
        lambda aws, _: aws.disable_rule(Name=_RULE),
        _rule,
        "EventRule cloudtrail-guard-trail",
        posture="alerts.rule.trail",
    ),
    _act(
        "delete a rule",
        "events:RemoveTargets DeleteRule",
        _delete_rule,
        _rule,
        "EventRule cloudtrail-guard-trail",
        alone=True,
    ),
    _act(
        "let a rule match nothing",
        "events:PutRule",
        _match_nothing,
        _rule,
        "EventRule cloudtrail-guard-trail",
        posture="alerts.rule.trail",
    ),
    _act(
        "take a rule's target away",
        "events:RemoveTargets",
        lambda aws, _: aws.remove_targets(Rule=_RULE, Ids=["alert-topic"]),
        _rule,
        "EventTarget cloudtrail-guard-trail",
    ),
    _act(
        "send a rule's alerts elsewhere",
        "events:PutTargets",
        _send_elsewhere,
        _rule,
        "EventTarget cloudtrail-guard-trail",
    ),
    _act(
        "disable a forwarding rule in the replica's region",
        "events:DisableRule",
        lambda aws, _: aws.disable_rule(Name="cloudtrail-guard-logs-forward-replica-bucket"),
        lambda aws, _: aws.describe_rule(Name="cloudtrail-guard-logs-forward-replica-bucket")[
            "State"
        ],
        "EventRule cloudtrail-guard-logs-forward-replica-bucket",
        stack="security",
        region="us-west-2",
    ),
    _act(
        "delete the bus of alerts",
        "events:DeleteEventBus DeleteRule RemoveTargets",
        _delete_bus,
        _bus,
        "EventBus cloudtrail-guard-watch-bus",
        stack="security",
        alone=True,
    ),
    _act(
        "change the bus of alerts",
        "events:UpdateEventBus",
        lambda aws, _: aws.update_event_bus(Name=_BUS, Description="mine"),
        _bus,
        "EventBus cloudtrail-guard-watch-bus",
        stack="security",
        note="a key of the bus, its dead-letter queue and its logging show as well",
    ),
    _act(
        "let no account send to the bus of alerts",
        "events:RemovePermission",
        lambda aws, _: aws.remove_permission(EventBusName=_BUS, RemoveAllPermissions=True),
        _bus,
        "EventBusPolicy cloudtrail-guard-watch-policy",
        on=Target.ACCOUNT_MONITORING,
        stack="security",
    ),
    _act(
        "let another account send to the bus of alerts",
        "events:PutPermission",
        _let_in,
        _bus,
        "EventBusPolicy cloudtrail-guard-watch-policy",
        on=Target.ACCOUNT_MONITORING,
        stack="security",
    ),
)


def _topic(aws: Any, stage: Stage) -> Any:
    answer = found(lambda: aws.get_topic_attributes(TopicArn=stage.topic)["Attributes"])
    if answer is None:
        return None
    policy = json.loads(answer["Policy"])
    subscriptions = aws.list_subscriptions_by_topic(TopicArn=stage.topic)["Subscriptions"]
    endpoints = sorted(each["Endpoint"] for each in subscriptions)
    return policy, answer.get("KmsMasterKeyId"), endpoints


def _subscription(aws: Any, stage: Stage) -> Any:
    listed = aws.list_subscriptions_by_topic(TopicArn=stage.topic)["Subscriptions"]
    policies = [
        aws.get_subscription_attributes(SubscriptionArn=each["SubscriptionArn"])["Attributes"].get(
            "FilterPolicy", "{}"
        )
        for each in listed
    ]
    return [json.loads(each) for each in policies]


def _only_subscription(aws: Any, stage: Stage) -> str:
    (one,) = aws.list_subscriptions_by_topic(TopicArn=stage.topic)["Subscriptions"]
    return one["SubscriptionArn"]


TOPICS = (
    _act(
        "delete the topic of alerts",
        "sns:DeleteTopic",
        lambda aws, stage: aws.delete_topic(TopicArn=stage.topic),
        _topic,
        "Topic cloudtrail-guard-alerts-topic",
        note="a person has to confirm a subscription by email again",
        alone=True,
    ),
    _act(
        "take the key from the topic of alerts",
        "sns:SetTopicAttributes",
        lambda aws, stage: aws.set_topic_attributes(
            TopicArn=stage.topic, AttributeName="KmsMasterKeyId", AttributeValue=""
        ),
        _topic,
        "Topic cloudtrail-guard-alerts-topic",
    ),
    _act(
        "let no service publish to the topic of alerts",
        "sns:SetTopicAttributes RemovePermission",
        lambda aws, stage: aws.set_topic_attributes(
            TopicArn=stage.topic,
            AttributeName="Policy",
            AttributeValue=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Sid": "mine",
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{stage.management}:root"},
                        "Action": "sns:GetTopicAttributes",
                        "Resource": stage.topic,
                    },
                }
            ),
        ),
        _topic,
        "TopicPolicy cloudtrail-guard-alerts-policy",
    ),
    _act(
        "let another account publish to the topic of alerts",
        "sns:AddPermission",
        lambda aws, stage: aws.add_permission(
            TopicArn=stage.topic,
            Label="mine",
            AWSAccountId=[stage.workload],
            ActionName=["Publish"],
        ),
        _topic,
        "TopicPolicy cloudtrail-guard-alerts-policy",
    ),
    _act(
        "filter all alerts out",
        "sns:SetSubscriptionAttributes",
        lambda aws, stage: aws.set_subscription_attributes(
            SubscriptionArn=_only_subscription(aws, stage),
            AttributeName="FilterPolicy",
            AttributeValue='{"nothing":["matches"]}',
        ),
        _subscription,
        "TopicSubscription cloudtrail-guard-alerts-subscription-1",
        on=Target.ACCOUNT_MONITORING,
    ),
    _act(
        "end the subscription to alerts",
        "sns:Unsubscribe",
        lambda aws, stage: aws.unsubscribe(SubscriptionArn=_only_subscription(aws, stage)),
        _topic,
        "TopicSubscription cloudtrail-guard-alerts-subscription-1",
        on=Target.ACCOUNT_MONITORING,
        note="a person has to confirm a subscription by email again",
    ),
)


def _queue(aws: Any, _stage: Stage) -> Any:
    url = found(lambda: aws.get_queue_url(QueueName=_QUEUE)["QueueUrl"])
    if url is None:
        return None
    answer = aws.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    kept = ("MessageRetentionPeriod", "KmsMasterKeyId", "RedrivePolicy", "VisibilityTimeout")
    policy = answer.get("Policy")
    return {key: answer.get(key) for key in kept}, policy and json.loads(policy)


def _url(aws: Any) -> str:
    return aws.get_queue_url(QueueName=_QUEUE)["QueueUrl"]


QUEUES = (
    _act(
        "delete the queue of the log feed",
        "sqs:DeleteQueue",
        lambda aws, _: aws.delete_queue(QueueUrl=_url(aws)),
        _queue,
        "Queue cloudtrail-guard-log-feed-queue",
        stack="security",
        alone=True,
    ),
    _act(
        "keep messages of the log feed for a minute",
        "sqs:SetQueueAttributes",
        lambda aws, _: aws.set_queue_attributes(
            QueueUrl=_url(aws), Attributes={"MessageRetentionPeriod": "60"}
        ),
        _queue,
        "Queue cloudtrail-guard-log-feed-queue",
        stack="security",
    ),
    _act(
        "let another account receive the log feed",
        "sqs:AddPermission RemovePermission",
        lambda aws, stage: aws.add_permission(
            QueueUrl=_url(aws),
            Label="mine",
            AWSAccountIds=[stage.workload],
            Actions=["ReceiveMessage"],
        ),
        _queue,
        "QueuePolicy cloudtrail-guard-log-feed-queue",
        stack="security",
    ),
)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("handler.py", "def handler(event, context): pass\n")
    return buffer.getvalue()


def _function(aws: Any, _stage: Stage) -> Any:
    answer = found(lambda: aws.get_function(FunctionName=_FUNCTION))
    kept = {"Handler", "Role", "Runtime", "Timeout", "MemorySize", "CodeSha256", "Environment"}
    kept |= {"DeadLetterConfig"}
    return answer and (
        {key: answer["Configuration"].get(key) for key in kept},
        answer.get("Concurrency"),
    )


def _permissions(aws: Any, _stage: Stage) -> Any:
    policy = found(lambda: aws.get_policy(FunctionName=_FUNCTION)["Policy"])
    statements = json.loads(policy)["Statement"] if policy else []
    return sorted(json.dumps({**each, "Sid": ""}, sort_keys=True) for each in statements)


def _remove_permission(aws: Any, _stage: Stage) -> None:
    policy = json.loads(aws.get_policy(FunctionName=_FUNCTION)["Policy"])
    for each in policy["Statement"]:
        if "cloudtrail-guard-response-cloudtrail" in json.dumps(each):
            aws.remove_permission(FunctionName=_FUNCTION, StatementId=each["Sid"])


RESPONSE = (
    _act(
        "delete the response function",
        "lambda:DeleteFunction",
        lambda aws, _: aws.delete_function(FunctionName=_FUNCTION),
        lambda aws, stage: (_function(aws, stage), _permissions(aws, stage)),
        "Function cloudtrail-guard-response-function",
        alone=True,
    ),
    _act(
        "replace the response function's code",
        "lambda:UpdateFunctionCode",
        lambda aws, _: aws.update_function_code(FunctionName=_FUNCTION, ZipFile=_zip()),
        _function,
        "Function cloudtrail-guard-response-function",
    ),
    _act(
        "change what the response function watches",
        "lambda:UpdateFunctionConfiguration",
        lambda aws, _: aws.update_function_configuration(
            FunctionName=_FUNCTION, Environment={"Variables": {"DRY_RUN": "true"}}
        ),
        _function,
        "Function cloudtrail-guard-response-function",
    ),
    _act(
        "let the response function never run",
        "lambda:PutFunctionConcurrency",
        lambda aws, _: aws.put_function_concurrency(
            FunctionName=_FUNCTION, ReservedConcurrentExecutions=0
        ),
        _function,
        "Function cloudtrail-guard-response-function",
    ),
    _act(
        "let no rule call the response function",
        "lambda:RemovePermission",
        _remove_permission,
        _permissions,
        "Permission cloudtrail-guard-response-cloudtrail",
    ),
)

MONITORING = (*LOGS, *ALARMS, *RULES, *TOPICS, *QUEUES, *RESPONSE)
