import pulumi_aws as aws

key = aws.kms.Key("logs", enable_key_rotation=True)
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn)
