"""What notices tampering: logs, alarms, event rules, topics, queues, the response function."""

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_LOGS = entries(
    "logs",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.DESTROY: "DeleteLogGroup DeleteLogStream",
        Harm.SHRINK: "DeleteRetentionPolicy PutRetentionPolicy PutLogGroupDeletionProtection",
        Harm.SILENCE: "DeleteMetricFilter PutMetricFilter",
        Harm.BLIND: "PutDataProtectionPolicy PutTransformer DeleteTransformer",
        Harm.REENCRYPT: "AssociateKmsKey DisassociateKmsKey",
        Harm.REDIRECT: "DeleteSubscriptionFilter PutSubscriptionFilter",
    },
    notes={"PutDataProtectionPolicy": "masks events before metric filters see them"},
)

_ALARMS = entries(
    "cloudwatch",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.SILENCE: (
            "DeleteAlarms DisableAlarmActions PutCompositeAlarm PutMetricAlarm SetAlarmState "
            "PutAlarmMuteRule"
        )
    },
    notes={"PutAlarmMuteRule": "silences up to 100 alarms by name"},
)

_RULES = entries(
    "events",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {Harm.SILENCE: "DeleteRule DisableRule PutRule RemoveTargets", Harm.REDIRECT: "PutTargets"},
    notes={"PutTargets": "with the same id it redirects a rule"},
)

_TOPICS = entries(
    "sns",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.SILENCE: (
            "DeleteTopic RemovePermission SetSubscriptionAttributes SetTopicAttributes Unsubscribe"
        ),
        Harm.BLIND: "PutDataProtectionPolicy",
        Harm.EXPOSE: "AddPermission",
    },
    notes={"SetSubscriptionAttributes": "a filter policy that nothing matches ends all alerts"},
)

_QUEUES = entries(
    "sqs",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.SILENCE: "DeleteQueue PurgeQueue SetQueueAttributes RemovePermission",
        Harm.EXPOSE: "AddPermission",
    },
)

_RESPONSE = entries(
    "lambda",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.SILENCE: (
            "DeleteFunction DeleteResourcePolicy PutFunctionConcurrency PutResourcePolicy "
            "RemovePermission UpdateFunctionCode UpdateFunctionConfiguration"
        )
    },
    # Lambda's event names carry the date of the API's version.
    events={
        "DeleteFunction": "DeleteFunction20150331",
        "PutFunctionConcurrency": "PutFunctionConcurrency20171031",
        "RemovePermission": "RemovePermission20150331v2",
        "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
        "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
    },
)

MONITORING = (*_LOGS, *_ALARMS, *_RULES, *_TOPICS, *_QUEUES, *_RESPONSE)
