"""Roles: their trust policies, settings and boundaries; service-linked roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.patches.iam.policies import backend, managed_policy, over_quota, rewritten, size
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_evaluation import principals, statements
from sandbox.aws.policy_grammar import TRUST_POLICY, GrammarError, parse

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (characters)
_MAX_TRUST_POLICY_SIZE = 2048
_PROTECTED_PATHS = ("/aws-service-role/", "/aws-reserved/")


@patch(
    "iam",
    ("CreateRole", "UpdateAssumeRolePolicy"),
    "moto takes any text as trust policy; AWS refuses what is no trust policy, one that is too "
    "long, and principals that do not exist",
    limit="the quota of a trust policy's size is the default one; AWS raises it on request",
)
def check_trust_policy(call: Call) -> None:
    """Check a role's trust policy."""
    text = call.text("AssumeRolePolicyDocument") or call.text("PolicyDocument")
    try:
        document = parse(text, TRUST_POLICY)
    except GrammarError as error:
        raise AwsError("MalformedPolicyDocument", str(error)) from None
    if size(text) > _MAX_TRUST_POLICY_SIZE:
        raise over_quota(f"Cannot exceed quota for ACLSizePerRole: {_MAX_TRUST_POLICY_SIZE}")
    for statement in statements(document):
        for kind, value in principals(statement):
            if lookups.unknown_principal(kind, value):
                message = f'Invalid principal in policy: "{kind}":"{value}"'
                raise AwsError("MalformedPolicyDocument", message)


@patch(
    "iam",
    "UpdateRole",
    "moto erases the description when only the session's length is given, and sets the length to "
    "an hour when only the description is; AWS keeps what is not given",
)
def update_role(call: Call) -> Answer:
    """Update what is given, and nothing else."""
    role = backend(call).get_role(call.text("RoleName"))
    kept = (role.description, role.max_session_duration)
    reply = call.forward()
    if "Description" not in call.params:
        role.description = kept[0]
    if "MaxSessionDuration" not in call.params:
        role.max_session_duration = kept[1]
    return reply


@patch(
    "iam",
    ("CreateRole", "PutRolePermissionsBoundary"),
    "moto takes a permissions boundary that does not exist",
)
def check_boundary(call: Call) -> None:
    """Refuse a boundary that is no policy."""
    arn = call.text("PermissionsBoundary")
    if arn and managed_policy(call, arn) is None:
        message = f"Scope ARN: {arn} does not exist or is not attachable."
        raise AwsError("NoSuchEntity", message)


@patch(
    "iam",
    (
        *("AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy"),
        *("UpdateAssumeRolePolicy", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary"),
        "DeleteRole",
    ),
    "moto lets every caller change service-linked roles and those of IAM Identity Center's "
    "permission sets; AWS changes them itself",
    limit="every caller may create a role below /aws-reserved/, in Identity Center's place",
)
def protect_service_role(call: Call) -> None:
    """Refuse to change a role that a service made.

    Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html
    """
    name = call.text("RoleName")
    found = (role for role in backend(call).get_roles() if role.name == name)
    if any(role.path.startswith(_PROTECTED_PATHS) for role in found):
        raise AwsError(
            "UnmodifiableEntity",
            f"Cannot perform the operation on the protected role '{name}' - this role is only "
            "modifiable by AWS",
        )


_NAMES = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
    "access-analyzer.amazonaws.com": "AWSServiceRoleForAccessAnalyzer",
    "cloudtrail.amazonaws.com": "AWSServiceRoleForCloudTrail",
    "config.amazonaws.com": "AWSServiceRoleForConfig",
    "config-multiaccountsetup.amazonaws.com": "AWSServiceRoleForConfigMultiAccountSetup",
    "guardduty.amazonaws.com": "AWSServiceRoleForAmazonGuardDuty",
    "member.org.stacksets.cloudformation.amazonaws.com": (
        "AWSServiceRoleForCloudFormationStackSetsOrgMember"
    ),
    "organizations.amazonaws.com": "AWSServiceRoleForOrganizations",
    "securityhub.amazonaws.com": "AWSServiceRoleForSecurityHub",
    "stacksets.cloudformation.amazonaws.com": "AWSServiceRoleForCloudFormationStackSetsOrgAdmin",
}


@patch(
    "iam",
    "CreateServiceLinkedRole",
    "moto takes the role's name from the service's (AWSServiceRoleForcloudtrail), and answers "
    "EntityAlreadyExists the second time; AWS has fixed names, and answers InvalidInput",
    limit="names are known for the services around CloudTrail; for the others moto's stand. A role "
    "has no policies; it can be deleted while its service uses it",
)
def create_service_linked_role(call: Call) -> Answer | None:
    """Create the role under its real name."""
    service = call.text("AWSServiceName")
    name = _NAMES.get(service)
    if name is None:
        return None
    if call.text("CustomSuffix"):
        raise AwsError("InvalidInput", f"Custom suffix is not allowed for {service}")
    roles = backend(call).roles
    if any(role.name == name for role in roles.values()):
        raise AwsError(
            "InvalidInput",
            f"Service role name {name} has been taken in this account, please try a different "
            "suffix.",
        )
    before = set(roles)
    reply = call.forward()
    for role_id in set(roles) - before:
        role = roles[role_id]
        reply = rewritten(reply, role.name, name)
        role.name = name
    return reply
