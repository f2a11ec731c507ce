import json
from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, MemberTrails, MemberTrailsArgs

from tests.support.deployment import Deployment, deploy

ARGS: MemberTrailsArgs = {
    "trail_name": "DataAccess",
    "log_bucket_name": "org-logs",
    "log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "organizational_unit_ids": ["ou-a1b2-c3d4e5f6"],
    "data_events": {"s3": True},
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: MemberTrails("data-trails", args), **options)


def test_every_account_of_the_ous_gets_the_trail_and_so_do_those_that_join() -> None:
    deployment = make()

    stack_set = deployment.only("StackSet").inputs
    assert stack_set["permissionModel"] == "SERVICE_MANAGED"
    assert stack_set["autoDeployment"]["enabled"] is True
    instances = deployment.only("StackSetInstance").inputs
    assert instances["deploymentTargets"] == {"organizationalUnitIds": ["ou-a1b2-c3d4e5f6"]}
    assert instances["stackSetInstanceRegion"] == "eu-west-1"


def test_the_trail_is_encrypted_validated_and_never_records_the_log_bucket() -> None:
    template = json.loads(make().only("StackSet").inputs["templateBody"])

    (resource,) = template["Resources"].values()
    assert resource["Type"] == "AWS::CloudTrail::Trail"
    assert resource["Properties"] == {
        "TrailName": "DataAccess",
        "S3BucketName": "org-logs",
        "KMSKeyId": ARGS["log_key_arn"],
        "IsLogging": True,
        "IsMultiRegionTrail": True,
        "IncludeGlobalServiceEvents": True,
        "EnableLogFileValidation": True,
        "AdvancedEventSelectors": [
            {
                "Name": "S3 data events selector",
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Data"]},
                    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                    {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::org-logs/"]},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"organizational_unit_ids": []}, "organizational_unit_ids is empty"),
        ({"data_events": {}}, "would record nothing"),
    ],
)
def test_trails_for_nobody_or_of_nothing_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)
