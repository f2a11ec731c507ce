import json

import pulumi_aws as aws

aws.kms.Key(
    "logs",
    enable_key_rotation=True,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                },
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudtrail.amazonaws.com"},
                    "Action": "kms:GenerateDataKey*",
                    "Resource": "*",
                    "Condition": {
                        "StringEquals": {
                            "aws:SourceArn": (
                                "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
                            )
                        },
                        "StringLike": {
                            "kms:EncryptionContext:aws:cloudtrail:arn": (
                                "arn:aws:cloudtrail:*:111122223333:trail/audit"
                            )
                        },
                    },
                },
            ],
        }
    ),
)
