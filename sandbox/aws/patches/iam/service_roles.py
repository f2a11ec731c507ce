"""Service-linked roles: their real names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.aws.call import AwsError
from sandbox.aws.patches.iam.store import backend, rewritten
from sandbox.aws.patches.registry import patch

if TYPE_CHECKING:
    from sandbox.aws.call import Answer, Call

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
