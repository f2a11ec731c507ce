import pulumi_aws as aws

key = aws.kms.Key("logs", deletion_window_in_days=30)
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn)
