"""Objects of cloudwatch: log groups, metric filters, alarms."""

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World


def _group(world: World) -> Inputs:
    return {"name": world.name, "retentionInDays": 365, "tags": {"owner": "audit"}}


def _filter(world: World) -> Inputs:
    world.client("logs").create_log_group(logGroupName=world.name)
    return {
        "name": world.name,
        "logGroupName": world.name,
        "pattern": "{ $.eventName = StopLogging }",
        "metricTransformation": {
            "name": "stopped",
            "namespace": "Guard",
            "value": "1",
            "defaultValue": "0",
        },
    }


def _filter_drift(world: World, deployed: Deployed) -> None:
    world.client("logs").put_metric_filter(
        logGroupName=deployed.state["logGroupName"],
        filterName=deployed.id,
        filterPattern="{ $.eventName = Nothing }",
        metricTransformations=[
            {
                "metricName": "stopped",
                "metricNamespace": "Guard",
                "metricValue": "1",
                "defaultValue": 0,
                "unit": "None",
            }
        ],
    )


def _delete_filter(world: World, deployed: Deployed) -> None:
    world.client("logs").delete_metric_filter(
        logGroupName=deployed.state["logGroupName"], filterName=deployed.id
    )


def _alarm(world: World) -> Inputs:
    return {
        "name": world.name,
        "alarmDescription": "somebody stopped a trail",
        "metricName": "stopped",
        "namespace": "Guard",
        "statistic": "Sum",
        "period": 300,
        "evaluationPeriods": 1,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "threshold": 1,
        "treatMissingData": "notBreaching",
        "alarmActions": ["arn:aws:sns:us-east-1:123456789012:alerts"],
        "tags": {"owner": "audit"},
    }


def _composite(world: World) -> Inputs:
    for name in (world.name, f"{world.name}-other"):
        world.client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            MetricName="stopped",
            Namespace="Guard",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=1,
        )
    return {
        "alarmName": f"{world.name}-any",
        "alarmRule": f"ALARM({world.name}) OR ALARM({world.name}-other)",
        "alarmActions": ["arn:aws:sns:us-east-1:123456789012:alerts"],
        "actionsSuppressor": {"alarm": world.name, "extensionPeriod": 60, "waitPeriod": 30},
        "tags": {"owner": "audit"},
    }


SCENARIOS = (
    Scenario(
        "aws:cloudwatch/logGroup:LogGroup",
        given=_group,
        update={"retentionInDays": 731, "skipDestroy": False, "tags": {"owner": "security"}},
        changes=("retentionInDays", "tags.owner", "tagsAll.owner"),
        drift=call("logs", "delete_retention_policy", logGroupName=id_of),
        drifted=("retentionInDays",),
        remove=call("logs", "delete_log_group", logGroupName=id_of),
        replace={"name": "another"},
        computed=("arn",),
    ),
    Scenario(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        given=_filter,
        update={"pattern": "{ $.eventName = DeleteTrail }"},
        changes=("pattern",),
        drift=_filter_drift,
        drifted=("pattern",),
        remove=_delete_filter,
        replace={"name": "another"},
        import_id=lambda deployed: f"{deployed.state['logGroupName']}:{deployed.id}",
    ),
    Scenario(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        given=_alarm,
        update={"period": 60, "threshold": 2, "tags": {"owner": "security"}},
        changes=("period", "tags.owner", "tagsAll.owner", "threshold"),
        drift=call(
            "cloudwatch",
            "put_metric_alarm",
            AlarmName=id_of,
            MetricName="stopped",
            Namespace="Guard",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            Threshold=2,
            TreatMissingData="notBreaching",
            AlarmDescription="somebody stopped a trail",
        ),
        drifted=("alarmActions", "period", "threshold"),
        remove=lambda world, deployed: world.client("cloudwatch").delete_alarms(
            AlarmNames=[deployed.id]
        ),
        replace={"name": "another"},
        computed=("arn",),
    ),
    Scenario(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        given=_composite,
        update={"alarmDescription": "any of them", "actionsSuppressor": None},
        changes=("actionsSuppressor", "alarmDescription"),
        drift=call(
            "cloudwatch",
            "put_composite_alarm",
            AlarmName=id_of,
            AlarmRule=lambda deployed: f"NOT ALARM({deployed.state['actionsSuppressor']['alarm']})",
        ),
        drifted=("actionsSuppressor", "alarmActions", "alarmRule"),
        remove=lambda world, deployed: world.client("cloudwatch").delete_alarms(
            AlarmNames=[deployed.id]
        ),
        replace={"alarmName": "another"},
        computed=("arn",),
    ),
)
