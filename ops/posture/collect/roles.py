"""The exempt roles, who may assume them, and the IAM form of the guardrails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from posture.collect.answers import ask, failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posture.collect.access import Clients
    from posture.collect.answers import Answer


def ask_about_role(clients_of: Mapping[str, Clients], arn: str, region: str) -> Answer:
    """Who may assume a role, or that it does not exist.

    Args:
        clients_of: clients by account.
        arn: the ARN of a role or user.
        region: any region of the partition.
    """
    account, resource = arn.split(":")[4], arn.split(":", maxsplit=5)[-1]
    call = "iam:GetRole" if resource.startswith("role/") else "iam:GetUser"
    if account not in clients_of:
        return failed(call, arn, f"account {account} was not read: no profile or role for it")
    iam = clients_of[account]("iam", region)
    name = resource.rsplit("/", maxsplit=1)[-1]

    def question() -> dict[str, Any]:
        if call == "iam:GetUser":
            iam.get_user(UserName=name)
            return {"user": True}
        role = iam.get_role(RoleName=name)["Role"]
        return {
            "trust": role["AssumeRolePolicyDocument"],
            "lastUsed": _time(role.get("RoleLastUsed", {}).get("LastUsedDate")),
        }

    return ask(call, arn, question, absent=("NoSuchEntity", "NoSuchEntityException"))


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
