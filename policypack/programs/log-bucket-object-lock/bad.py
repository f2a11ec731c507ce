import pulumi_aws as aws

# Without a default retention nothing is locked.
logs = aws.s3.Bucket("logs", object_lock_enabled=True)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
