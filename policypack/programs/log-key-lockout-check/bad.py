import pulumi_aws as aws

key = aws.kms.Key("logs", bypass_policy_lockout_safety_check=True)
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn)
