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
            "DeleteAlarms DisableAlarmActions PutCompositeAlarm PutMetricAlarm SetAlarmState"
        )
    },
)

_RULES = entries(
    "events",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.SILENCE: (
            "DeleteRule DisableRule PutRule RemoveTargets DeleteEventBus UpdateEventBus"
        ),
        Harm.REDIRECT: "PutTargets",
    },
    notes={
        "PutTargets": "with the same id it redirects a rule",
        "UpdateEventBus": "with another key the bus of alerts matches no event",
    },
)

_TOPICS = entries(
    "sns",
    Target.MONITORING,
    Allowed.DEPLOYER,
    {
        Harm.SILENCE: ("DeleteTopic RemovePermission SetTopicAttributes"),
        Harm.BLIND: "PutDataProtectionPolicy",
        Harm.EXPOSE: "AddPermission",
    },
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
            "DeleteFunction DeleteResourcePolicy PutFunctionConcurrency "
            "PutFunctionEventInvokeConfig PutFunctionScalingConfig PutResourcePolicy "
            "PutRuntimeManagementConfig RemovePermission UpdateFunctionCode "
            "UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig"
        ),
        Harm.DELAY: "PutFunctionCodeSigningConfig",
    },
    notes={
        "PutFunctionEventInvokeConfig": "events that wait for a minute are then dropped",
        "PutFunctionCodeSigningConfig": "a deployer could not deploy the function any more",
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

_SUBSCRIPTIONS = entries(
    "sns",
    Target.ACCOUNT_MONITORING,
    Allowed.DEPLOYER,
    {Harm.SILENCE: "SetSubscriptionAttributes Unsubscribe"},
    notes={
        "SetSubscriptionAttributes": "a filter policy that nothing matches ends all alerts",
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
        "Unsubscribe": "IAM knows no resource of subscriptions, so a deny by topic holds for none",
    },
)

_MUTE_RULES = entries(
    "cloudwatch",
    Target.ACCOUNT_MONITORING,
    Allowed.DEPLOYER,
    {Harm.SILENCE: "PutAlarmMuteRule"},
    notes={"PutAlarmMuteRule": "silences up to 100 alarms by name, under a name of its own"},
)

_BUS_POLICIES = entries(
    "events",
    Target.ACCOUNT_MONITORING,
    Allowed.DEPLOYER,
    {Harm.SILENCE: "PutPermission RemovePermission"},
    notes={
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
        "PutPermission": "decides who may send to the bus of alerts; IAM knows no resource of it",
    },
)

_LOG_POLICIES = entries(
    "logs",
    Target.ACCOUNT_MONITORING,
    Allowed.DEPLOYER,
    {Harm.BLIND: "PutAccountPolicy DeleteAccountPolicy"},
    notes={
        "PutAccountPolicy": "masks events of every log group, or keeps them for less time",
    },
)

MONITORING = (
    *_LOGS,
    *_ALARMS,
    *_RULES,
    *_TOPICS,
    *_QUEUES,
    *_RESPONSE,
    *_SUBSCRIPTIONS,
    *_MUTE_RULES,
    *_BUS_POLICIES,
    *_LOG_POLICIES,
)
