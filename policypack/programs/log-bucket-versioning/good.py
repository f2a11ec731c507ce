import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketVersioning(
    "logs",
    bucket=logs.bucket,
    versioning_configuration={"status": "Enabled"},
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
