"""Objects of iam."""

from sandbox.tests.plugin.scenarios.scenario import Scenario, call, id_of
from sandbox.tests.plugin.world import READ, TRUST, WRITE, World, trust


def _group(world: World) -> str:
    world.client("iam").create_group(GroupName=world.name)
    return world.name


def _user(world: World) -> str:
    world.client("iam").create_user(UserName=world.name)
    return world.name


SCENARIOS = (
    Scenario(
        "aws:iam/role:Role",
        given=lambda world: {
            "name": world.name,
            "assumeRolePolicy": TRUST,
            "description": "d",
            "inlinePolicies": [{"name": "in", "policy": READ}],
            "tags": {"a": "1"},
        },
        update={
            "assumeRolePolicy": trust("ec2"),
            "description": None,
            "maxSessionDuration": 7200,
            "inlinePolicies": [{"name": "in", "policy": WRITE}],
            "tags": {"a": "2"},
        },
        changes=(
            "assumeRolePolicy",
            "description",
            "inlinePolicies[0].policy",
            "maxSessionDuration",
            "tags.a",
            "tagsAll.a",
        ),
        drift=call("iam", "update_assume_role_policy", RoleName=id_of, PolicyDocument=trust("ec2")),
        drifted=("assumeRolePolicy",),
        remove=lambda world, deployed: (
            world.client("iam").delete_role_policy(RoleName=deployed.id, PolicyName="in"),
            world.client("iam").delete_role(RoleName=deployed.id),
            None,
        )[-1],
        replace={"path": "/other/"},
        computed=("arn", "createDate", "managedPolicyArns", "uniqueId"),
    ),
    Scenario(
        "aws:iam/rolePolicy:RolePolicy",
        given=lambda world: {"name": "in", "role": world.role(), "policy": READ},
        update={"policy": WRITE},
        changes=("policy",),
        drift=lambda world, deployed: world.client("iam").put_role_policy(
            RoleName=deployed.state["role"], PolicyName="in", PolicyDocument=WRITE
        ),
        drifted=("policy",),
        remove=lambda world, deployed: world.client("iam").delete_role_policy(
            RoleName=deployed.state["role"], PolicyName="in"
        ),
        replace={"name": "out"},
    ),
    Scenario(
        "aws:iam/policy:Policy",
        given=lambda world: {"name": world.name, "policy": READ, "tags": {"a": "1"}},
        update={"policy": WRITE, "tags": {}},
        changes=("policy", "tags.a", "tagsAll.a"),
        drift=call(
            "iam",
            "create_policy_version",
            PolicyArn=id_of,
            PolicyDocument=WRITE,
            SetAsDefault=True,
        ),
        drifted=("policy",),
        remove=call("iam", "delete_policy", PolicyArn=id_of),
        replace={"description": "another"},
        computed=("arn", "attachmentCount", "policyId"),
    ),
    Scenario(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        given=lambda world: {"role": world.role(), "policyArn": world.iam_policy()},
        remove=lambda world, deployed: world.client("iam").detach_role_policy(
            RoleName=deployed.state["role"], PolicyArn=deployed.state["policyArn"]
        ),
        replace={"role": "another"},
    ),
    Scenario(
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        given=lambda world: {"group": _group(world), "policyArn": world.iam_policy()},
        remove=lambda world, deployed: world.client("iam").detach_group_policy(
            GroupName=deployed.state["group"], PolicyArn=deployed.state["policyArn"]
        ),
        replace={"group": "another"},
    ),
    Scenario(
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        given=lambda world: {"user": _user(world), "policyArn": world.iam_policy()},
        remove=lambda world, deployed: world.client("iam").detach_user_policy(
            UserName=deployed.state["user"], PolicyArn=deployed.state["policyArn"]
        ),
        replace={"user": "another"},
    ),
)
