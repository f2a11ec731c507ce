import json

import pulumi_aws as aws

logs = aws.s3.Bucket("logs", bucket="example-logs")
aws.s3.BucketPolicy(
    "logs",
    bucket=logs.bucket,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "s3:PutObject",
                    "Resource": "arn:aws:s3:::example-logs/AWSLogs/111122223333/*",
                }
            ],
        }
    ),
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket, is_organization_trail=True)
