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
                        "cloudtrail:PutEventConfiguration",
                        "cloudtrail:PutEventSelectors",
                        "cloudtrail:PutInsightSelectors",
                        "cloudtrail:StopLogging",
                        "cloudtrail:UpdateTrail",
                    ],
                    "Resource": "*",
                }
            ],
        }
    ),
)
# The policy is attached to nothing.
aws.cloudtrail.Trail(
    "audit", s3_bucket_name="example-org-cloudtrail-logs", is_organization_trail=True
)
