import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketServerSideEncryptionConfiguration(
    "logs",
    bucket=logs.bucket,
    rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
