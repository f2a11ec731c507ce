"""Objects of IAM Access Analyzer."""

from sandbox.tests.plugin.scenarios.scenario import Scenario, call, id_of

SCENARIOS = (
    Scenario(
        "aws:accessanalyzer/analyzer:Analyzer",
        given=lambda world: {
            "analyzerName": world.name,
            "type": "ORGANIZATION",
            "tags": {"owner": "audit"},
        },
        update={"tags": {"owner": "security"}},
        changes=("tags.owner", "tagsAll.owner"),
        drift=call(
            "accessanalyzer",
            "tag_resource",
            resourceArn=lambda deployed: deployed.state["arn"],
            tags={"owner": "somebody"},
        ),
        drifted=("tags.owner", "tagsAll.owner"),
        remove=call("accessanalyzer", "delete_analyzer", analyzerName=id_of),
        replace={"analyzerName": "another", "type": "ACCOUNT"},
        computed=("arn",),
    ),
)
