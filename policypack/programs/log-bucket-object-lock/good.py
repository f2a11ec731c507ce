import pulumi_aws as aws

logs = aws.s3.Bucket("logs", object_lock_enabled=True)
aws.s3.BucketObjectLockConfiguration(
    "logs",
    bucket=logs.bucket,
    rule={"default_retention": {"mode": "GOVERNANCE", "days": 365}},
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
