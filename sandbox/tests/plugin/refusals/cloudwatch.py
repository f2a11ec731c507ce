"""What log groups, metric filters and alarms reject."""

from sandbox.tests.plugin.refusals.case import NOT_ARN, Case, Sound

GROUP = "aws:cloudwatch/logGroup:LogGroup"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"

SOUND: Sound = {
    GROUP: {},
    FILTER: {
        "logGroupName": "trail",
        "pattern": "",
        "metricTransformation": {"name": "m", "namespace": "n", "value": "1"},
    },
    ALARM: {
        "metricName": "m",
        "statistic": "Sum",
        "evaluationPeriods": 1,
        "comparisonOperator": "GreaterThanThreshold",
    },
    COMPOSITE: {"alarmName": "a", "alarmRule": 'ALARM("b")'},
}

CASES = (
    Case(GROUP, "name", "x" * 513, "in the range (0 - 512)"),
    Case(GROUP, "name", "a b", "isn't a valid log group name (alphanumeric characters"),
    Case(GROUP, "namePrefix", "x" * 484, "in the range (0 - 483)"),
    Case(GROUP, "namePrefix", "a b", "isn't a valid log group name (alphanumeric characters"),
    Case(GROUP, "logGroupClass", "CHEAP", "to be one of"),
    Case(GROUP, "retentionInDays", 100, "expected retention_in_days to be one of [0 1 3 5"),
    Case(FILTER, "name", "x" * 513, "in the range (0 - 512)"),
    Case(FILTER, "name", "a:b", "must not contain colon nor asterisk"),
    Case(FILTER, "pattern", "x" * 1025, "in the range (0 - 1024)"),
    Case(FILTER, "metricTransformation.name", "a*", "isn't a valid log metric name"),
    Case(FILTER, "metricTransformation.name", "x" * 256, "in the range (0 - 255)"),
    Case(FILTER, "metricTransformation.namespace", "a:b", "isn't a valid log metric name"),
    Case(FILTER, "metricTransformation.namespace", "x" * 256, "in the range (0 - 255)"),
    Case(FILTER, "metricTransformation.value", "x" * 101, "in the range (0 - 100)"),
    Case(FILTER, "metricTransformation.defaultValue", "none", "to be a number"),
    Case(ALARM, "name", "x" * 256, "in the range (1 - 255)"),
    Case(ALARM, "alarmDescription", "x" * 1025, "in the range (0 - 1024)"),
    Case(ALARM, "comparisonOperator", ">", "to be one of"),
    Case(ALARM, "evaluationPeriods", 0, "to be at least (1)"),
    Case(ALARM, "datapointsToAlarm", 0, "to be at least (1)"),
    Case(ALARM, "period", 45, "must be 10, 20, 30 or a multiple of 60, got 45"),
    Case(ALARM, "statistic", "Median", "to be one of"),
    Case(ALARM, "treatMissingData", "fine", "to be one of"),
    Case(COMPOSITE, "alarmName", "x" * 256, "in the range (0 - 255)"),
    Case(COMPOSITE, "alarmRule", "", "in the range (1 - 10240)"),
    *(
        Case(COMPOSITE, f"{name}[0]", "alerts", NOT_ARN, {name: []})
        for name in ("alarmActions", "insufficientDataActions", "okActions")
    ),
    *(
        Case(ALARM, name, ["arn:aws:sns:us-east-1:123456789012:a"] * 6, "No more than 5")
        for name in ("alarmActions", "insufficientDataActions", "okActions")
    ),
    *(
        Case(ALARM, f"{name}[0]", "alerts", NOT_ARN, {name: []})
        for name in ("alarmActions", "insufficientDataActions", "okActions")
    ),
)
