import pulumi_aws as aws

# is_multi_region_trail is false unless it is set.
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs")
