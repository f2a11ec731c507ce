import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketOwnershipControls(
    "logs",
    bucket=logs.bucket,
    rule={"object_ownership": "ObjectWriter"},
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
