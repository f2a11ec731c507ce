import pulumi_aws as aws

# Without kms_key_id the log files are encrypted with a key that S3 manages.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
