"""Objects of cloudtrail."""

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import Deployed, World


def _trail(world: World) -> Inputs:
    return {
        "name": world.name,
        "s3BucketName": world.trail_bucket(),
        "isMultiRegionTrail": True,
        "enableLogFileValidation": True,
        "eventSelectors": [
            {"dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3:::a/"]}]}
        ],
        "insightSelectors": [{"insightType": "ApiCallRateInsight"}],
        "tags": {"owner": "audit"},
    }


def _weaken_trail(world: World, deployed: Deployed) -> None:
    client = world.client("cloudtrail")
    client.stop_logging(Name=deployed.id)
    client.update_trail(Name=deployed.id, EnableLogFileValidation=False)
    client.put_event_selectors(
        TrailName=deployed.id,
        EventSelectors=[
            {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True, "DataResources": []}
        ],
    )


SCENARIOS = (
    Scenario(
        "aws:cloudtrail/trail:Trail",
        given=_trail,
        update={
            "eventSelectors": None,
            "advancedEventSelectors": [
                {
                    "name": "Management events selector",
                    "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}],
                }
            ],
            "insightSelectors": None,
            "enableLogging": False,
            "includeGlobalServiceEvents": False,
            "isMultiRegionTrail": False,
        },
        changes=(
            "advancedEventSelectors",
            "enableLogging",
            "eventSelectors",
            "includeGlobalServiceEvents",
            "insightSelectors",
            "isMultiRegionTrail",
        ),
        drift=_weaken_trail,
        drifted=(
            "enableLogFileValidation",
            "enableLogging",
            "eventSelectors[0].dataResources",
            "eventSelectors[0].readWriteType",
        ),
        remove=call("cloudtrail", "delete_trail", Name=id_of),
        replace={"name": "another"},
        computed=("arn", "homeRegion"),
    ),
    Scenario(
        "aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount",
        given=lambda world: {"accountId": world.organization.security_account_id},
        remove=call(
            "cloudtrail", "deregister_organization_delegated_admin", DelegatedAdminAccountId=id_of
        ),
        replace={"accountId": "111111111111"},
        computed=("arn", "email", "name", "servicePrincipal"),
    ),
    Scenario(
        "aws:cloudtrail/eventDataStore:EventDataStore",
        given=lambda world: {
            "name": world.name,
            "retentionPeriod": 30,
            "terminationProtectionEnabled": False,
            "tags": {"owner": "audit"},
        },
        update={
            "advancedEventSelectors": [
                {
                    "name": "Data events",
                    "fieldSelectors": [
                        {"field": "eventCategory", "equals": ["Data"]},
                        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                    ],
                }
            ],
            "multiRegionEnabled": False,
            "retentionPeriod": 90,
            "tags": {"owner": "security"},
        },
        changes=(
            "advancedEventSelectors[0].fieldSelectors[0].equals[0]",
            "advancedEventSelectors[0].fieldSelectors[1]",
            "advancedEventSelectors[0].name",
            "multiRegionEnabled",
            "retentionPeriod",
            "tags.owner",
            "tagsAll.owner",
        ),
        drift=call(
            "cloudtrail",
            "update_event_data_store",
            EventDataStore=id_of,
            MultiRegionEnabled=False,
            RetentionPeriod=7,
        ),
        drifted=("multiRegionEnabled", "retentionPeriod"),
        remove=call("cloudtrail", "delete_event_data_store", EventDataStore=id_of),
        replace={"name": "another", "kmsKeyId": "alias/another"},
        computed=("arn",),
    ),
)
