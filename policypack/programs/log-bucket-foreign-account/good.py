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
                    "Resource": "arn:aws:s3:::example-logs/AWSLogs/*",
                    "Condition": {
                        "StringEquals": {
                            "aws:SourceArn": (
                                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
                            )
                        }
                    },
                },
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::111122223333:role/Auditor"},
                    "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::example-logs/AWSLogs/*",
                },
            ],
        }
    ),
)
