"""The CloudFormation template that gives every account of an OU a trail for its data events.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
"""

from collections.abc import Sequence
from typing import Any

from cloudtrail_guard.documents.policy import Document
from cloudtrail_guard.documents.selectors import EventSelector

_FIELDS = {
    "equals": "Equals",
    "starts_withs": "StartsWith",
    "not_starts_withs": "NotStartsWith",
}


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
                    "AdvancedEventSelectors": [_selector(each) for each in selectors],
                },
            }
        },
        "Outputs": {"TrailArn": {"Value": {"Fn::GetAtt": ["Trail", "Arn"]}}},
    }


def _selector(selector: EventSelector) -> dict[str, Any]:
    return {
        "Name": selector["name"],
        "FieldSelectors": [
            {
                "Field": field["field"],
                **{_FIELDS[key]: value for key, value in field.items() if key in _FIELDS},
            }
            for field in selector["field_selectors"]
        ],
    }
