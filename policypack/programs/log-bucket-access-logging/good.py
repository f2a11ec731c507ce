import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
access = aws.s3.Bucket("access-logs")
aws.s3.BucketLogging(
    "logs",
    bucket=logs.bucket,
    target_bucket=access.bucket,
    target_prefix="access/",
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
