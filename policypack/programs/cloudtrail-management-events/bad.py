import pulumi_aws as aws

# Who reads what, and everything that KMS does, goes unrecorded.
aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    event_selectors=[
        {
            "read_write_type": "WriteOnly",
            "include_management_events": True,
            "exclude_management_event_sources": ["kms.amazonaws.com"],
        }
    ],
)
