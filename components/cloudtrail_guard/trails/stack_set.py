"""The CloudFormation template that gives every account of an OU a trail for its data events.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
"""

from collections.abc import Sequence

from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.trails.event_selectors import EventSelector, as_api_value


def trail_template(
    *, trail_name: str, bucket: str, key_arn: str, selectors: Sequence[EventSelector]
) -> Document:
    """The template.

    Args:
        trail_name: the trail's name in every account.
        bucket: the shared bucket's name.
        key_arn: the shared key's ARN.
        selectors: what the trail records.
    """
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "A CloudTrail trail for data events, written to the organization's bucket",
        "Resources": {
            "Trail": {
                "Type": "AWS::CloudTrail::Trail",
                "Properties": {
                    "TrailName": trail_name,
                    "S3BucketName": bucket,
                    "KMSKeyId": key_arn,
                    "IsLogging": True,
                    "IsMultiRegionTrail": True,
                    # CloudTrail wants these from every multi-region trail.
                    "IncludeGlobalServiceEvents": True,
                    "EnableLogFileValidation": True,
                    "AdvancedEventSelectors": as_api_value(selectors),
                },
            }
        },
        "Outputs": {"TrailArn": {"Value": {"Fn::GetAtt": ["Trail", "Arn"]}}},
    }
