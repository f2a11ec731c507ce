import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketPublicAccessBlock(
    "logs",
    bucket=logs.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
