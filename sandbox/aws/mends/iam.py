"""IAM: trust policies, managed policies and service-linked roles."""

from __future__ import annotations

import json
import secrets
import string
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

from sandbox.aws import world
from sandbox.aws.call import AwsError
from sandbox.aws.grammar import TRUST_POLICY, GrammarError, parse
from sandbox.aws.mends.registry import mend
from sandbox.aws.policies import principals, statements

if TYPE_CHECKING:
    from moto.iam.models import IAMBackend

    from sandbox.aws.call import Answer, Call

_ATTACHMENTS = ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_POLICY_ID_PREFIX, _ID_LENGTH = "ANPA", 17
_SERVICE_LINKED_ROLES = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
    "access-analyzer.amazonaws.com": "AWSServiceRoleForAccessAnalyzer",
    "cloudtrail.amazonaws.com": "AWSServiceRoleForCloudTrail",
    "config.amazonaws.com": "AWSServiceRoleForConfig",
    "config-multiaccountsetup.amazonaws.com": "AWSServiceRoleForConfigMultiAccountSetup",
    "guardduty.amazonaws.com": "AWSServiceRoleForAmazonGuardDuty",
    "securityhub.amazonaws.com": "AWSServiceRoleForSecurityHub",
}


@mend(
    "iam",
    ("CreateRole", "UpdateAssumeRolePolicy"),
    "moto takes any text as trust policy; AWS refuses what is no trust policy, and principals that "
    "do not exist",
)
def check_trust_policy(call: Call) -> None:
    """Check a role's trust policy."""
    text = call.text("AssumeRolePolicyDocument") or call.text("PolicyDocument")
    try:
        document = parse(text, TRUST_POLICY)
    except GrammarError as error:
        raise AwsError("MalformedPolicyDocument", str(error)) from None
    for statement in statements(document):
        for kind, value in principals(statement):
            if world.unknown_principal(kind, value):
                message = f'Invalid principal in policy: "{kind}":"{value}"'
                raise AwsError("MalformedPolicyDocument", message)


@mend(
    "iam",
    "UpdateRole",
    "moto erases the description when only the session's length is given; AWS keeps it",
)
def update_role(call: Call) -> Answer | None:
    """Update what is given, and nothing else."""
    if "Description" in call.params:
        return None
    role = _backend(call).get_role(call.text("RoleName"))
    description = role.description
    reply = call.forward()
    role.description = description
    return reply


@mend(
    "iam",
    (*_ATTACHMENTS, "GetPolicy", "GetPolicyVersion", "ListPolicyVersions"),
    "moto loads the 1,500 AWS managed policies only on request, for every account at once, which "
    "would cost the sandbox half a second; here the one that is named is loaded when it is used",
    limit="ListPolicies lists only the AWS managed policies that were used before",
)
def load_managed_policy(call: Call) -> None:
    """Load the AWS managed policy that a call names."""
    arn = call.text("PolicyArn")
    backend = _backend(call)
    if f"arn:{call.partition}:iam::aws:policy/" not in arn or arn in backend.managed_policies:
        return
    name = arn.rpartition("/")[2]
    known = _managed_policies().get(name)
    if known is None:
        return
    policy = AWSManagedPolicy.from_data(name, backend.account_id, call.region, known)
    backend.managed_policies[policy.arn] = policy
    backend.aws_managed_policies.append(policy)


@mend(
    "iam",
    _ATTACHMENTS,
    "moto counts a policy twice when it is attached twice; AWS does nothing the second time",
)
def attach_policy(call: Call) -> Answer | None:
    """Do nothing when the policy is attached already."""
    kind = call.action.removeprefix("Attach").removesuffix("Policy")
    backend, name = _backend(call), call.text(f"{kind}Name")
    holders = {"Role": backend.get_role, "User": backend.get_user, "Group": backend.get_group}
    holder = holders[kind](name)
    return {} if call.text("PolicyArn") in holder.managed_policies else None


@mend(
    "iam",
    "DeletePolicy",
    "moto deletes a policy that is attached; AWS answers DeleteConflict",
)
def delete_policy(call: Call) -> None:
    """Refuse to delete what is in use."""
    policy = _backend(call).managed_policies.get(call.text("PolicyArn"))
    if policy and policy.attachment_count:
        message = "Cannot delete a policy attached to entities."
        raise AwsError("DeleteConflict", message, HTTPStatus.CONFLICT)


@mend("iam", "CreatePolicy", "moto's policy ids lack the prefix ANPA")
def create_policy(call: Call) -> Answer:
    """Give the new policy an id as AWS would."""
    backend = _backend(call)
    before = set(backend.managed_policies)
    reply = call.forward()
    for arn in set(backend.managed_policies) - before:
        policy = backend.managed_policies[arn]
        letters = string.ascii_uppercase + string.digits
        chosen = _POLICY_ID_PREFIX + "".join(secrets.choice(letters) for _ in range(_ID_LENGTH))
        reply = replace(reply, body=reply.body.replace(policy.id.encode(), chosen.encode()))
        policy.id = chosen
    return reply


@mend(
    "iam",
    "CreateServiceLinkedRole",
    "moto takes the role's name from the service's (AWSServiceRoleForcloudtrail), and answers "
    "EntityAlreadyExists the second time; AWS has fixed names, and answers InvalidInput",
    limit="names are known for the services around CloudTrail; for the others moto's stand",
)
def create_service_linked_role(call: Call) -> Answer | None:
    """Create the role under its real name."""
    name = _SERVICE_LINKED_ROLES.get(call.text("AWSServiceName"))
    if name is None:
        return None
    backend = _backend(call)
    if any(role.name == name for role in backend.roles.values()):
        raise AwsError(
            "InvalidInput",
            f"Service role name {name} has been taken in this account, please try a different "
            "suffix.",
        )
    before = set(backend.roles)
    reply = call.forward()
    for role_id in set(backend.roles) - before:
        role = backend.roles[role_id]
        reply = replace(reply, body=reply.body.replace(role.name.encode(), name.encode()))
        role.name = name
    return reply


@cache
def _managed_policies() -> dict[str, Any]:
    return json.loads(aws_managed_policies_data)


def _backend(call: Call) -> IAMBackend:
    return iam_backends[call.signer.account_id][call.partition]
