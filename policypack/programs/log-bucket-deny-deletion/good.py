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
                    "Sid": "DenyDeleteCloudTrailLogs",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
                    "Resource": "arn:aws:s3:::example-logs/*",
                    "Condition": {
                        "StringNotEquals": {
                            "aws:PrincipalArn": "arn:aws:iam::111122223333:role/BreakGlass"
                        }
                    },
                }
            ],
        }
    ),
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
