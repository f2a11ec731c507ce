"""Policies of the organization: what they may say, and what they may be attached to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from moto.organizations.utils import DEFAULT_RCP_POLICY_ID, DEFAULT_SCP_POLICY_ID

from sandbox.aws import lookups
from sandbox.aws.call import AwsError
from sandbox.aws.lookups import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from sandbox.aws.patches.organizations.access import own_organization
from sandbox.aws.patches.registry import patch
from sandbox.aws.policy_grammar import RCP, SCP, GrammarError, check_rcp, parse

if TYPE_CHECKING:
    from moto.organizations.models import (
        FakeAccount,
        FakeOrganizationalUnit,
        FakePolicy,
        OrganizationsBackend,
    )

    from sandbox.aws.call import Answer, Call

    Target: TypeAlias = FakeAccount | FakeOrganizationalUnit

MAX_SIZE = {SERVICE_CONTROL_POLICY: 10_240, RESOURCE_CONTROL_POLICY: 5_120}
"""Characters of a policy's content, spaces included.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html; SCPs
had 5,120 until 15 May 2026."""


@patch(
    "organizations",
    ("CreatePolicy", "UpdatePolicy"),
    "moto takes any text of any length as content of a policy",
    limit="only SCPs and RCPs are checked; which services RCPs know is not",
)
def check_content(call: Call) -> None:
    """Check the content of an SCP or RCP."""
    if "Content" not in call.params:
        return
    content, kind = call.text("Content"), call.text("Type")
    if call.action == "UpdatePolicy":
        kind = own_organization(call).get_policy_by_id(call.text("PolicyId")).type
    if kind not in MAX_SIZE:
        return
    try:
        document = parse(content, SCP if kind == SERVICE_CONTROL_POLICY else RCP)
        if kind == RESOURCE_CONTROL_POLICY:
            check_rcp(document)
    except GrammarError as error:
        message = f"The provided policy document does not meet the requirements: {error}"
        raise AwsError("MalformedPolicyDocumentException", message) from None
    if len(content) > MAX_SIZE[kind]:
        raise AwsError(
            "ConstraintViolationException",
            f"You have exceeded the maximum policy size: {len(content)} characters of at most "
            f"{MAX_SIZE[kind]} (POLICY_CONTENT_LIMIT_EXCEEDED)",
        )


MAX_ATTACHED = {SERVICE_CONTROL_POLICY: 10, RESOURCE_CONTROL_POLICY: 5}
"""Policies of a type attached directly to one root, OU or account.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html; SCPs
had 5 until 15 May 2026."""

_DEFAULTS = {
    SERVICE_CONTROL_POLICY: DEFAULT_SCP_POLICY_ID,
    RESOURCE_CONTROL_POLICY: DEFAULT_RCP_POLICY_ID,
}


@patch(
    "organizations",
    "AttachPolicy",
    "moto attaches policies of types that are not enabled, twice, and any number; it names the "
    "missing target's kind where AWS answers TargetNotFoundException",
)
def check_attachment(call: Call) -> None:
    """Reject what may not be attached there."""
    organization = own_organization(call)
    policy = organization.get_policy_by_id(call.text("PolicyId"))
    target = _target(organization, call.text("TargetId"))
    _check_enabled(organization, policy.type)
    if policy in target.attached_policies:
        raise AwsError(
            "DuplicatePolicyAttachmentException",
            f"Policy {policy.id} is attached to {target.id} already.",
        )
    limit = MAX_ATTACHED.get(policy.type)
    if limit is not None and len(_of_type(target, policy.type)) >= limit:
        raise AwsError(
            "ConstraintViolationException",
            f"You have attached the maximum number of {policy.type} policies to {target.id}: "
            f"{limit} (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)",
        )


@patch(
    "organizations",
    "DetachPolicy",
    "moto detaches the last SCP, and what is not attached",
)
def check_detachment(call: Call) -> None:
    """Reject what may not be detached."""
    organization = own_organization(call)
    policy = organization.get_policy_by_id(call.text("PolicyId"))
    target = _target(organization, call.text("TargetId"))
    _check_enabled(organization, policy.type)
    if policy not in target.attached_policies:
        raise AwsError(
            "PolicyNotAttachedException", f"Policy {policy.id} is not attached to {target.id}."
        )
    last = policy.type == SERVICE_CONTROL_POLICY and len(_of_type(target, policy.type)) == 1
    if last or policy.id == DEFAULT_RCP_POLICY_ID:
        raise AwsError(
            "ConstraintViolationException",
            f"{policy.id} cannot be detached from {target.id}: at least one {policy.type} must "
            "stay (MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)",
        )


@patch(
    "organizations",
    ("EnablePolicyType", "DisablePolicyType"),
    "moto keeps the attachments of a type that is disabled; AWS detaches all, and attaches the "
    "default policy everywhere when the type is enabled",
)
def switch_policy_type(call: Call) -> Answer:
    """Enable or disable a type, with its attachments."""
    organization = own_organization(call)
    reply = call.forward()
    kind = call.text("PolicyType")
    if reply.ok and kind in _DEFAULTS:
        everywhere: list[Target] = [*organization.ou, *organization.accounts]
        for target in everywhere:
            for policy in _of_type(target, kind):
                _detach(policy, target)
        if call.action == "EnablePolicyType":
            default = organization.get_policy_by_id(_DEFAULTS[kind])
            for target in everywhere:
                target.attached_policies.append(default)
                default.attachments.append(target)
    return reply


def _detach(policy: FakePolicy, target: Target) -> None:
    target.attached_policies.remove(policy)
    policy.attachments.remove(target)


def _check_enabled(organization: OrganizationsBackend, kind: str) -> None:
    if not lookups.policy_type_is_enabled(organization, kind):
        root = organization.list_roots()["Roots"][0]
        raise AwsError(
            "PolicyTypeNotEnabledException",
            f"{kind} is not enabled on {root['Id']}; EnablePolicyType enables it.",
        )


def _target(organization: OrganizationsBackend, target_id: str) -> Target:
    everywhere: list[Target] = [*organization.ou, *organization.accounts]
    for target in everywhere:
        if target.id == target_id:
            return target
    raise AwsError("TargetNotFoundException", f"There is no root, OU or account {target_id}.")


def _of_type(target: Target, kind: str) -> list[FakePolicy]:
    return [policy for policy in target.attached_policies if policy.type == kind]
