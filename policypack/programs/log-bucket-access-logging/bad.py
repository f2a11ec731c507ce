import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketLogging(
    "logs",
    bucket=logs.bucket,
    target_bucket=logs.bucket,
    target_prefix="access/",
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
