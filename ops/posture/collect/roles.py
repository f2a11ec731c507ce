"""The exempt roles, who may assume them, and the IAM form of the guardrails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cloudtrail_guard.arns import is_permission_set, stands_for

from posture.collect.answers import ask, failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posture.collect.access import Clients
    from posture.collect.answers import Answer


def ask_about_role(clients_of: Mapping[str, Clients], arn: str, region: str) -> Answer:
    """Who may assume a role, or that it does not exist.

    Args:
        clients_of: clients by account.
        arn: the ARN of a role or user, or the pattern of a permission set's roles.
        region: any region of the partition.
    """
    account, resource = arn.split(":")[4], arn.split(":", maxsplit=5)[-1]
    call = "iam:GetRole" if resource.startswith("role/") else "iam:GetUser"
    if account not in clients_of:
        return failed(call, arn, f"account {account} was not read: no profile or role for it")
    iam = clients_of[account]("iam", region)
    name = resource.rsplit("/", maxsplit=1)[-1]

    def question() -> dict[str, Any] | None:
        if call == "iam:GetUser":
            iam.get_user(UserName=name)
            return {"user": True}
        found = _permission_set_role(iam, arn) if is_permission_set(arn) else name
        if found is None:
            return None
        role = iam.get_role(RoleName=found)["Role"]
        return {
            "trust": role["AssumeRolePolicyDocument"],
            "lastUsed": _time(role.get("RoleLastUsed", {}).get("LastUsedDate")),
        }

    return ask(call, arn, question, absent=("NoSuchEntity", "NoSuchEntityException"))


def _permission_set_role(iam: Any, pattern: str) -> str | None:  # noqa: ANN401 - boto3 has no types
    """The name of the role that the account has of a permission set, if it has one."""
    pages = iam.get_paginator("list_roles").paginate(PathPrefix="/aws-reserved/sso.amazonaws.com/")
    roles = (role for page in pages for role in page["Roles"])
    return next((role["RoleName"] for role in roles if stands_for(pattern, role["Arn"])), None)


def ask_about_identity_policy(iam: Any, arn: str) -> Answer:  # noqa: ANN401 - boto3 has no types
    """The document of an IAM policy, and what it is attached to."""

    def question() -> dict[str, Any]:
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        entities: list[str] = []
        for usage in ("PermissionsPolicy", "PermissionsBoundary"):
            for page in iam.get_paginator("list_entities_for_policy").paginate(
                PolicyArn=arn, PolicyUsageFilter=usage
            ):
                for kind in ("Group", "User", "Role"):
                    entities += [
                        f"{kind.lower()} {e[kind + 'Name']}" for e in page[f"Policy{kind}s"]
                    ]
        return {
            "document": document["PolicyVersion"]["Document"],
            "entities": sorted(set(entities)),
        }

    return ask("iam:GetPolicyVersion", arn, question, absent=("NoSuchEntity",))


def _time(moment: Any) -> str | None:  # noqa: ANN401 - boto3 has no types
    return moment.isoformat() if moment else None
