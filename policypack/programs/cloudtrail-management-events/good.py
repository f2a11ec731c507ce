import pulumi_aws as aws

aws.cloudtrail.Trail(
    "audit",
    s3_bucket_name="example-org-cloudtrail-logs",
    advanced_event_selectors=[
        {
            "name": "Management events selector",
            "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
        }
    ],
)
