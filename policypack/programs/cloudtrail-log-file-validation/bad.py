import pulumi_aws as aws

# enable_log_file_validation is false unless it is set.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
