import pulumi_aws as aws

group = aws.cloudwatch.LogGroup("trail")
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    cloud_watch_logs_group_arn=group.arn.apply(lambda arn: f"{arn}:*"),
    cloud_watch_logs_role_arn="arn:aws:iam::111122223333:role/TrailDelivery",
)
aws.cloudwatch.LogMetricFilter(
    "trail-changes",
    log_group_name=group.name,
    pattern=(
        "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) ||"
        " ($.eventName = DeleteTrail) || ($.eventName = StartLogging) ||"
        " ($.eventName = StopLogging) }"
    ),
    metric_transformation={"name": "TrailChanges", "namespace": "CIS", "value": "1"},
)
