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
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::example-logs/*",
                }
            ],
        }
    ),
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
