import json

import pulumi_aws as aws

policy = aws.organizations.Policy(
    "protect-cloudtrail",
    content=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "ProtectCloudTrail",
                    "Effect": "Deny",
                    "Action": [
                        "cloudtrail:DeleteTrail",
                        "cloudtrail:PutEventSelectors",
                        "cloudtrail:StopLogging",
                        "cloudtrail:UpdateTrail",
                    ],
                    "Principal": "*",
                    "Resource": "*",
                }
            ],
        }
    ),
)
