import json

import pulumi_aws as aws


def policy(action: str, **condition: dict[str, str]) -> str:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": "arn:aws:s3:::example-logs/*",
        **({"Condition": condition} if condition else {}),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# S3 keeps the one that is applied last.
logs = aws.s3.Bucket("logs", bucket="example-logs")
aws.s3.BucketPolicy(
    "tls", bucket=logs.bucket, policy=policy("s3:*", Bool={"aws:SecureTransport": "false"})
)
aws.s3.BucketPolicy("deletion", bucket=logs.bucket, policy=policy("s3:DeleteObject*"))
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
