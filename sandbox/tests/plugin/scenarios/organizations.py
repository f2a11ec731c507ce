"""Objects of organizations."""

from sandbox.tests.plugin.scenarios.scenario import Inputs, Scenario, call, id_of
from sandbox.tests.plugin.world import DENY, DENY_MORE, World


def _delegate(world: World) -> Inputs:
    principal = "access-analyzer.amazonaws.com"
    world.client("organizations").enable_aws_service_access(ServicePrincipal=principal)
    return {
        "accountId": world.organization.security_account_id,
        "servicePrincipal": principal,
    }


SCENARIOS = (
    Scenario(
        "aws:organizations/policy:Policy",
        given=lambda world: {"name": world.name, "content": DENY, "tags": {"a": "1"}},
        update={"content": DENY_MORE, "description": "more", "tags": {"a": "2"}},
        changes=("content", "description", "tags.a", "tagsAll.a"),
        drift=call("organizations", "update_policy", PolicyId=id_of, Description="drift"),
        drifted=("description",),
        remove=call("organizations", "delete_policy", PolicyId=id_of),
        replace={"type": "RESOURCE_CONTROL_POLICY"},
        computed=("arn",),
    ),
    Scenario(
        "aws:organizations/policyAttachment:PolicyAttachment",
        given=lambda world: {
            "policyId": world.scp(),
            "targetId": world.organization.workload_account_id,
        },
        update={"skipDestroy": False},
        remove=call(
            "organizations",
            "detach_policy",
            PolicyId=lambda deployed: deployed.state["policyId"],
            TargetId=lambda deployed: deployed.state["targetId"],
        ),
        replace={"targetId": "111111111111"},
    ),
    Scenario(
        "aws:organizations/awsServiceAccess:AwsServiceAccess",
        given=lambda _: {"servicePrincipal": "ram.amazonaws.com"},
        remove=call("organizations", "disable_aws_service_access", ServicePrincipal=id_of),
        replace={"servicePrincipal": "config.amazonaws.com"},
        computed=("dateEnabled",),
    ),
    Scenario(
        "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
        given=_delegate,
        remove=call(
            "organizations",
            "deregister_delegated_administrator",
            AccountId=lambda deployed: deployed.state["accountId"],
            ServicePrincipal="access-analyzer.amazonaws.com",
        ),
        replace={"accountId": "111111111111"},
        computed=("arn", "email", "status"),
    ),
)
