import json

import pulumi_aws as aws

policy = aws.organizations.Policy(
    "protect-cloudtrail",
    content=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Action": ["s3:DeleteObject", "s3:DeleteBucket"],
                    "Resource": "arn:aws:s3:::example-org-cloudtrail-logs",
                }
            ],
        }
    ),
)
