import pulumi_aws as aws

logs = aws.s3.Bucket("logs")
aws.s3.BucketAcl("logs", bucket=logs.bucket, acl="log-delivery-write")
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
