import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
key = aws.kms.Key("logs", enable_key_rotation=True)
aws.s3.BucketServerSideEncryptionConfiguration(
    "logs",
    bucket=logs.bucket,
    rules=[
        {
            "apply_server_side_encryption_by_default": {
                "sse_algorithm": "aws:kms",
                "kms_master_key_id": key.arn,
            },
            "bucket_key_enabled": True,
        }
    ],
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
