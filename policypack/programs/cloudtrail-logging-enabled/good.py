import pulumi_aws as aws

# enable_logging is true unless it is set.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
