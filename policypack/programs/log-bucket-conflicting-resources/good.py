import json

import pulumi_aws as aws


def deny(action: str, resource: str, **condition: dict[str, str]) -> dict[str, object]:
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}
    return {**statement, **({"Condition": condition} if condition else {})}


logs = aws.s3.Bucket("logs", bucket="example-logs")
aws.s3.BucketPolicy(
    "logs",
    bucket=logs.bucket,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                deny("s3:*", "arn:aws:s3:::example-logs/*", Bool={"aws:SecureTransport": "false"}),
                deny("s3:DeleteObject*", "arn:aws:s3:::example-logs/*"),
            ],
        }
    ),
)
aws.cloudtrail.Trail("audit", s3_bucket_name=logs.bucket)
