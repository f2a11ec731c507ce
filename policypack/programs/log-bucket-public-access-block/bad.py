import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
# A setting that is left out is false.
aws.s3.BucketPublicAccessBlock(
    "logs",
    bucket=logs.bucket,
    block_public_acls=True,
    block_public_policy=True,
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
