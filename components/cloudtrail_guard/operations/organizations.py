"""Organizations and Account Management: the guardrails, and whom they bind."""

from collections.abc import Mapping

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_MEMBERSHIP = (
    *entries(
        "organizations",
        Target.MEMBERSHIP,
        Allowed.BREAK_GLASS,
        {Harm.UNGUARD: "LeaveOrganization"},
        notes={"LeaveOrganization": "recorded in the member account alone"},
    ),
    *entries(
        "account",
        Target.MEMBERSHIP,
        Allowed.BREAK_GLASS,
        {Harm.DESTROY: "CloseAccount", Harm.DELAY: "DisableRegion"},
        notes={"DisableRegion": "the management account still can, for any member account"},
    ),
)

_ORGANIZATION = entries(
    "organizations",
    Target.ORGANIZATION,
    Allowed.DEPLOYER,
    {
        Harm.UNGUARD: (
            "DisablePolicyType MoveAccount RemoveAccountFromOrganization DeleteOrganization "
            "DeleteResourcePolicy PutResourcePolicy RegisterDelegatedAdministrator"
        ),
        Harm.STOP: "DisableAWSServiceAccess DeregisterDelegatedAdministrator",
        Harm.DESTROY: "CloseAccount",
    },
    notes={
        "MoveAccount": "moves an account out of the OU to which guardrails are attached",
        "DisableAWSServiceAccess": "CloudTrail's trusted access carries the organization trail",
    },
)

_GUARDRAIL_POLICIES = entries(
    "organizations",
    Target.GUARDRAIL_POLICY,
    Allowed.DEPLOYER,
    {Harm.UNGUARD: "DeletePolicy DetachPolicy UpdatePolicy"},
    undone="DetachPolicy",
    notes={"DetachPolicy": "a delegated administrator of policies may, in a member account"},
)

NOT_UNDONE: Mapping[str, str] = {
    "UpdatePolicy": "the function holds no policies' texts, which are longer than its environment",
    "DeletePolicy": "a new policy would have another id than the one that Pulumi knows",
    "DisablePolicyType": (
        "Organizations removes all attachments with the type, and takes a while to enable it again"
    ),
}
"""Events on guardrails that the tamper response reports and leaves to people, with the reason."""

ORGANIZATIONS = (*_MEMBERSHIP, *_ORGANIZATION, *_GUARDRAIL_POLICIES)
