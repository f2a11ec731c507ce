import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    kms_key_id="arn:aws:kms:eu-west-1:111122223333:alias/aws/s3",
)
