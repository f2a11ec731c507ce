"""Objects of athena."""

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import World


def _workgroup(world: World) -> Inputs:
    return {
        "name": world.name,
        "description": "audit",
        "state": "ENABLED",
        "configuration": {
            "bytesScannedCutoffPerQuery": 10_485_760,
            "resultConfiguration": {
                "outputLocation": "s3://results/",
                "encryptionConfiguration": {
                    "encryptionOption": "SSE_KMS",
                    "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/results",
                },
            },
        },
        "tags": {"owner": "audit"},
    }


def _named_query(world: World) -> Inputs:
    world.client("athena").create_work_group(Name=world.name)
    return {
        "name": world.name,
        "database": "logs",
        "query": "SELECT * FROM trails WHERE day = '2030/01/31'",
        "workgroup": world.name,
        "description": "who stopped logging",
    }


_RESULTS = "configuration.resultConfiguration"

SCENARIOS = (
    Scenario(
        "aws:athena/workgroup:Workgroup",
        given=_workgroup,
        update={
            "configuration": {
                "enforceWorkgroupConfiguration": False,
                "resultConfiguration": {"outputLocation": "s3://elsewhere/"},
            },
            "description": "all",
            "state": "DISABLED",
            "forceDestroy": True,
            "tags": {"owner": "security"},
        },
        changes=(
            "configuration.bytesScannedCutoffPerQuery",
            "configuration.enforceWorkgroupConfiguration",
            f"{_RESULTS}.encryptionConfiguration",
            f"{_RESULTS}.outputLocation",
            "description",
            "forceDestroy",
            "state",
            "tags.owner",
            "tagsAll.owner",
        ),
        drift=call(
            "athena",
            "update_work_group",
            WorkGroup=id_of,
            State="DISABLED",
            ConfigurationUpdates={
                "EnforceWorkGroupConfiguration": False,
                "ResultConfigurationUpdates": {"RemoveEncryptionConfiguration": True},
            },
        ),
        drifted=(
            "configuration.enforceWorkgroupConfiguration",
            f"{_RESULTS}.encryptionConfiguration",
            "state",
        ),
        remove=call("athena", "delete_work_group", WorkGroup=id_of),
        replace={"name": "another"},
        computed=("arn",),
    ),
    Scenario(
        "aws:athena/namedQuery:NamedQuery",
        given=_named_query,
        remove=call("athena", "delete_named_query", NamedQueryId=id_of),
        replace={"database": "others", "description": "", "query": "SELECT 1"},
    ),
)
