import pulumi_aws as aws

for name, other in (("audit", "data"), ("data", "audit")):
    aws.cloudtrail.Trail(
        name,
        s3_bucket_name=f"example-org-{name}-logs",
        advanced_event_selectors=[
            {
                "name": "S3 data events selector",
                "field_selectors": [
                    {"field": "eventCategory", "equals": ["Data"]},
                    {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                    {
                        "field": "resources.ARN",
                        "starts_withs": [f"arn:aws:s3:::example-org-{other}-logs/"],
                    },
                ],
            }
        ],
    )
