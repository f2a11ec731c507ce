"""The AWS organization that every sandbox starts with.

::

    management account 123456789012   role OrganizationAdmin, user operator
    └── root                          SCPs and RCPs enabled, trusted access for CloudTrail
        ├── OU Security
        │   └── account security      roles OrganizationAccountAccessRole, AdminRole
        └── OU Workloads
            └── account workload      roles OrganizationAccountAccessRole, AdminRole
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.aws.identity import Credentials
from sandbox.aws.server import ROOT_ACCOUNT_ID
from sandbox.clients import client

if TYPE_CHECKING:
    from sandbox.clients import Client

PARTITION = "aws"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
BREAK_GLASS_ROLE = "AdminRole"
MEMBER_ROLE = "OrganizationAccountAccessRole"
MANAGEMENT_ROLE = "OrganizationAdmin"
OPERATOR = "operator"
_ADMINISTRATOR_ACCESS = f"arn:{PARTITION}:iam::aws:policy/AdministratorAccess"
_POLICY_TYPES = ("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY")


@dataclass(frozen=True, kw_only=True)
class Organization:
    """What is where in the sandbox's organization.

    Attributes:
        id: the organization's id, ``o-...``.
        root_id: the root's id, ``r-...``.
        management_account_id: 12 digits.
        security_account_id: the account for logs and keys.
        workload_account_id: the one member account that works.
        security_ou_id: the OU of the security account, ``ou-...``.
        workloads_ou_id: the OU of the workload account.
        operator: the access key of the IAM user that the profiles start from.
    """

    id: str
    root_id: str
    management_account_id: str
    security_account_id: str
    workload_account_id: str
    security_ou_id: str
    workloads_ou_id: str
    operator: Credentials

    @property
    def roles(self) -> dict[str, str]:
        """The role behind each profile, by the profile's name."""
        return {
            "management": role_arn(self.management_account_id, MANAGEMENT_ROLE),
            "security": role_arn(self.security_account_id, MEMBER_ROLE),
            "workload": role_arn(self.workload_account_id, MEMBER_ROLE),
        }


def role_arn(account_id: str, name: str) -> str:
    """The ARN of a role of the sandbox."""
    return f"arn:{PARTITION}:iam::{account_id}:role/{name}"


def found_organization(endpoint: str, root: Credentials, region: str) -> Organization:
    """Set the organization up, on a server that has none yet.

    Args:
        endpoint: the server's endpoint.
        root: the access key of the root user of the account to manage from.
        region: the region of the calls; nothing made here belongs to one.
    """
    organizations = client("organizations", endpoint, region, root)
    organization_id = organizations.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    root_id = organizations.list_roots()["Roots"][0]["Id"]
    for policy_type in _POLICY_TYPES:
        organizations.enable_policy_type(RootId=root_id, PolicyType=policy_type)
    organizations.enable_aws_service_access(ServicePrincipal=CLOUDTRAIL)
    security_ou, security = _found_account(organizations, root_id, "Security", "security")
    workloads_ou, workload = _found_account(organizations, root_id, "Workloads", "workload")
    iam = client("iam", endpoint, region, root)
    _make_administrator(iam, MANAGEMENT_ROLE, trusted=ROOT_ACCOUNT_ID)
    iam.create_service_linked_role(AWSServiceName=CLOUDTRAIL)
    operator = _make_operator(iam)
    sts = client("sts", endpoint, region, operator)
    for account_id in (security, workload):
        assumed = sts.assume_role(
            RoleArn=role_arn(account_id, MEMBER_ROLE), RoleSessionName="sandbox"
        )["Credentials"]
        key = Credentials(assumed["AccessKeyId"], assumed["SecretAccessKey"])
        member_iam = client("iam", endpoint, region, key, assumed["SessionToken"])
        _make_administrator(member_iam, BREAK_GLASS_ROLE, trusted=account_id)
        member_iam.create_service_linked_role(AWSServiceName=CLOUDTRAIL)
    return Organization(
        id=organization_id,
        root_id=root_id,
        management_account_id=ROOT_ACCOUNT_ID,
        security_account_id=security,
        workload_account_id=workload,
        security_ou_id=security_ou,
        workloads_ou_id=workloads_ou,
        operator=operator,
    )


def _found_account(
    organizations: Client, root_id: str, unit_name: str, name: str
) -> tuple[str, str]:
    """Make an OU with one account in it; the ids of both."""
    unit = organizations.create_organizational_unit(ParentId=root_id, Name=unit_name)
    unit_id = unit["OrganizationalUnit"]["Id"]
    status = organizations.create_account(AccountName=name, Email=f"{name}@example.com")
    account_id = status["CreateAccountStatus"]["AccountId"]
    organizations.move_account(
        AccountId=account_id, SourceParentId=root_id, DestinationParentId=unit_id
    )
    return unit_id, account_id


def _make_administrator(iam: Client, name: str, *, trusted: str) -> None:
    """Make a role that may do everything, for the principals of an account."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{PARTITION}:iam::{trusted}:root"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.attach_role_policy(RoleName=name, PolicyArn=_ADMINISTRATOR_ACCESS)


def _make_operator(iam: Client) -> Credentials:
    """Make the user that assumes the roles: a root user cannot."""
    iam.create_user(UserName=OPERATOR)
    iam.attach_user_policy(UserName=OPERATOR, PolicyArn=_ADMINISTRATOR_ACCESS)
    key = iam.create_access_key(UserName=OPERATOR)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])
