"""Acts on the stacks' roles and IAM policies, on who is exempt, and on groups."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cloudtrail_guard.operations import Target

from tests.drift.act import Act, found

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.drift.act import Stage

_ROLE = "CloudTrailLogIntegrity"
_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
_ALLOWED = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
_EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": _ALLOWED})

_FURTHER = (
    "the provider reads further policies of a role into computed properties, which it compares "
    "with nothing"
)


def _trust(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _role(aws: Any, _stage: Stage, name: str = _ROLE) -> Any:
    answer = found(lambda: aws.get_role(RoleName=name)["Role"])
    if answer is None:
        return None
    inline = aws.list_role_policies(RoleName=name)["PolicyNames"]
    attached = aws.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    kept = ("AssumeRolePolicyDocument", "MaxSessionDuration", "PermissionsBoundary", "Tags")
    documents = [
        aws.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in inline
    ]
    # An inline policy that is made again has another generated name.
    return {each: answer.get(each) for each in kept}, documents, attached


def _own(
    name: str,
    calls: str,
    do: Callable[[Any, Stage], Any],
    shows: str = "Role cloudtrail-guard-integrity-role",
    **more: Any,
) -> Act:
    return Act(
        name=name,
        on=Target.OWN_ROLE,
        calls=" ".join(f"iam:{each}" for each in calls.split()),
        stack="security",
        service="iam",
        do=do,
        look=_role,
        shows=shows,
        **more,
    )


def _inline(aws: Any) -> str:
    (name,) = aws.list_role_policies(RoleName=_ROLE)["PolicyNames"]
    return name


def _delete_role(aws: Any, _stage: Stage) -> None:
    aws.delete_role_policy(RoleName=_ROLE, PolicyName=_inline(aws))
    aws.delete_role(RoleName=_ROLE)


ROLES = (
    _own(
        "open a role of the stack to another account",
        "UpdateAssumeRolePolicy",
        lambda aws, stage: aws.update_assume_role_policy(
            RoleName=_ROLE, PolicyDocument=_trust(f"arn:aws:iam::{stage.workload}:root")
        ),
    ),
    _own(
        "let a role of the stack do anything in S3",
        "PutRolePolicy",
        lambda aws, _: aws.put_role_policy(
            RoleName=_ROLE, PolicyName=_inline(aws), PolicyDocument=_EVERYTHING
        ),
        "RolePolicy cloudtrail-guard-integrity-role",
    ),
    _own(
        "take a role's policy away",
        "DeleteRolePolicy",
        lambda aws, _: aws.delete_role_policy(RoleName=_ROLE, PolicyName=_inline(aws)),
        "RolePolicy cloudtrail-guard-integrity-role",
    ),
    _own("delete a role of the stack", "DeleteRole DeleteRolePolicy", _delete_role, alone=True),
    _own(
        "give a role of the stack a boundary",
        "PutRolePermissionsBoundary DeleteRolePermissionsBoundary",
        lambda aws, _: aws.put_role_permissions_boundary(
            RoleName=_ROLE, PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess"
        ),
    ),
    _own(
        "let sessions of a role of the stack last for twelve hours",
        "UpdateRole",
        lambda aws, _: aws.update_role(RoleName=_ROLE, MaxSessionDuration=43200),
    ),
    _own(
        "tag a role of the stack",
        "TagRole UntagRole",
        lambda aws, _: aws.tag_role(RoleName=_ROLE, Tags=[{"Key": "team", "Value": "mine"}]),
    ),
    _own(
        "give a role of the stack a further policy",
        "PutRolePolicy",
        lambda aws, _: aws.put_role_policy(
            RoleName=_ROLE, PolicyName="mine", PolicyDocument=_EVERYTHING
        ),
        "",
        undo=lambda aws, _, __: aws.delete_role_policy(RoleName=_ROLE, PolicyName="mine"),
        why=_FURTHER,
    ),
    _own(
        "attach a policy to a role of the stack",
        "AttachRolePolicy DetachRolePolicy",
        lambda aws, _: aws.attach_role_policy(RoleName=_ROLE, PolicyArn=_ADMINISTRATOR),
        "",
        undo=lambda aws, _, __: aws.detach_role_policy(RoleName=_ROLE, PolicyArn=_ADMINISTRATOR),
        why=_FURTHER,
    ),
    Act(
        name="open the break-glass role to everyone",
        on=Target.EXEMPT_ROLE,
        calls="iam:UpdateAssumeRolePolicy",
        stack="security",
        service="iam",
        do=lambda aws, _: aws.update_assume_role_policy(
            RoleName="AdminRole", PolicyDocument=_trust("*")
        ),
        look=lambda aws, stage: _role(aws, stage, "AdminRole"),
        undo=lambda aws, _, before: aws.update_assume_role_policy(
            RoleName="AdminRole",
            PolicyDocument=json.dumps(before[0]["AssumeRolePolicyDocument"]),
        ),
        why="the exempt roles are there before the stacks, and no resource of theirs",
        posture="exempt",
    ),
)


def _policy(stage: Stage) -> str:
    return f"arn:aws:iam::{stage.management}:policy/cloudtrail-guard"


def _document(aws: Any, stage: Stage) -> Any:
    version = found(lambda: aws.get_policy(PolicyArn=_policy(stage))["Policy"]["DefaultVersionId"])
    attached = aws.list_attached_group_policies(GroupName="administrators")["AttachedPolicies"]
    names = sorted(each["PolicyName"] for each in attached)
    return names, version and aws.get_policy_version(PolicyArn=_policy(stage), VersionId=version)[
        "PolicyVersion"
    ]["Document"]


def _allow(aws: Any, stage: Stage) -> None:
    aws.create_policy_version(
        PolicyArn=_policy(stage), PolicyDocument=_EVERYTHING, SetAsDefault=True
    )


def _delete_policy(aws: Any, stage: Stage) -> None:
    _detach(aws, stage)
    policy = {"PolicyArn": _policy(stage)}
    for version in aws.list_policy_versions(**policy)["Versions"]:
        if not version["IsDefaultVersion"]:  # AWS deletes the default one with the policy
            aws.delete_policy_version(**policy, VersionId=version["VersionId"])
    aws.delete_policy(**policy)


def _detach(aws: Any, stage: Stage) -> None:
    aws.detach_group_policy(GroupName="administrators", PolicyArn=_policy(stage))


POLICIES = (
    Act(
        name="let the guardrails' IAM policy deny nothing",
        on=Target.IAM_POLICY,
        calls="iam:CreatePolicyVersion iam:SetDefaultPolicyVersion iam:DeletePolicyVersion",
        service="iam",
        do=_allow,
        look=_document,
        shows="Policy cloudtrail-guard",
    ),
    Act(
        name="delete the guardrails' IAM policy",
        on=Target.IAM_POLICY,
        calls="iam:DeletePolicy",
        service="iam",
        do=_delete_policy,
        look=_document,
        shows="Policy cloudtrail-guard",
        alone=True,
    ),
    Act(
        name="detach the guardrails' IAM policy",
        on=Target.IAM_ATTACHMENT,
        calls="iam:DetachGroupPolicy",
        service="iam",
        do=_detach,
        look=_document,
        shows="GroupPolicyAttachment cloudtrail-guard-group-administrators",
    ),
    Act(
        name="leave the group that has the guardrails' IAM policy",
        on=Target.GUARDED_GROUP,
        calls="iam:RemoveUserFromGroup",
        service="iam",
        do=lambda aws, _: aws.remove_user_from_group(
            GroupName="administrators", UserName="administrator"
        ),
        look=lambda aws, _: [
            each["UserName"] for each in aws.get_group(GroupName="administrators")["Users"]
        ],
        undo=lambda aws, _, __: aws.add_user_to_group(
            GroupName="administrators", UserName="administrator"
        ),
        why="the groups and their members are there before the stacks, and no resource of theirs",
    ),
)

IDENTITY = (*ROLES, *POLICIES)
