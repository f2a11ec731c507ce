import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketLifecycleConfiguration(
    "logs",
    bucket=logs.bucket,
    rules=[
        {"id": "expire", "status": "Enabled", "filter": {}, "expiration": {"days": 90}},
    ],
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
