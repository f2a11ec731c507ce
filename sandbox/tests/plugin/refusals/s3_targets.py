"""What replication and notifications reject."""

from sandbox.tests.plugin.refusals.case import NOT_ACCOUNT, NOT_ARN, Case, Sound

REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
METRIC = "aws:s3/bucketMetric:BucketMetric"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
PAYMENT = "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration"

_RULE = {"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::replica"}}

SOUND: Sound = {
    REPLICATION: {
        "bucket": "logs",
        "role": "arn:aws:iam::123456789012:role/replication",
        "rules": [_RULE],
    },
    METRIC: {"bucket": "logs", "name": "log-files"},
    NOTIFICATION: {"bucket": "logs"},
    PAYMENT: {"bucket": "logs", "payer": "BucketOwner"},
}

_SWITCH = 'to be one of ["Enabled" "Disabled"], got On'
_1024 = "in the range (0 - 1024)"
_DESTINATION = "rules[0].destination"
_MINUTES = {"status": "Enabled", "time": {"minutes": 15}}

CASES = (
    Case(METRIC, "bucket", "", "in the range (1 - 63)"),
    Case(PAYMENT, "bucket", "", "in the range (1 - 63)"),
    Case(PAYMENT, "payer", "Owner", 'to be one of ["BucketOwner" "Requester"], got Owner'),
    Case(METRIC, "name", "x" * 65, "in the range (0 - 64)"),
    Case(REPLICATION, "bucket", "", "in the range (1 - 63)"),
    Case(REPLICATION, "role", "replication", NOT_ARN),
    Case(REPLICATION, "token", "x" * 1025, _1024),
    Case(REPLICATION, "rules", [], "list must contain at least 1 elements"),
    Case(REPLICATION, "rules", [_RULE] * 1001, "No more than 1000"),
    Case(REPLICATION, "rules[0].id", "x" * 256, "in the range (0 - 255)"),
    Case(REPLICATION, "rules[0].status", "On", _SWITCH),
    Case(REPLICATION, "rules[0].prefix", "x" * 1025, _1024),
    Case(REPLICATION, "rules[0].filter.prefix", "x" * 1025, _1024),
    Case(REPLICATION, "rules[0].filter.and.prefix", "x" * 1025, _1024),
    Case(REPLICATION, "rules[0].deleteMarkerReplication.status", "On", _SWITCH),
    Case(REPLICATION, "rules[0].existingObjectReplication.status", "On", _SWITCH),
    *(
        Case(REPLICATION, f"rules[0].sourceSelectionCriteria.{criterion}.status", "On", _SWITCH)
        for criterion in ("replicaModifications", "sseKmsEncryptedObjects")
    ),
    Case(REPLICATION, f"{_DESTINATION}.bucket", "replica", NOT_ARN),
    Case(REPLICATION, f"{_DESTINATION}.account", "1234", NOT_ACCOUNT),
    Case(REPLICATION, f"{_DESTINATION}.storageClass", "COLD", "to be one of"),
    Case(
        REPLICATION,
        f"{_DESTINATION}.accessControlTranslation.owner",
        "Source",
        'to be one of ["Destination"]',
    ),
    Case(
        REPLICATION,
        f"{_DESTINATION}.encryptionConfiguration.replicaKmsKeyId",
        "alias/replica",
        NOT_ARN,
    ),
    Case(REPLICATION, f"{_DESTINATION}.metrics.status", "On", _SWITCH),
    Case(
        REPLICATION,
        f"{_DESTINATION}.metrics.eventThreshold.minutes",
        -1,
        "at least (0)",
        {f"{_DESTINATION}.metrics.status": "Enabled"},
    ),
    *(
        Case(
            REPLICATION,
            f"{_DESTINATION}.replicationTime.{place}",
            bad,
            reason,
            {f"{_DESTINATION}.replicationTime": _MINUTES},
        )
        for place, bad, reason in (("status", "On", _SWITCH), ("time.minutes", -1, "at least (0)"))
    ),
    *(
        Case(NOTIFICATION, f"{kind}[0].{arn}", "name", NOT_ARN, {f"{kind}[0].events": ["s3:*"]})
        for kind, arn in (
            ("lambdaFunctions", "lambdaFunctionArn"),
            ("queues", "queueArn"),
            ("topics", "topicArn"),
        )
    ),
)
