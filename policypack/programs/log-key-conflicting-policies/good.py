import json

import pulumi_aws as aws

document = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
)
key = aws.kms.Key("logs", enable_key_rotation=True)
aws.kms.KeyPolicy("logs", key_id=key.id, policy=document)
aws.cloudtrail.Trail("audit", s3_bucket_name="example-org-cloudtrail-logs", kms_key_id=key.arn)
