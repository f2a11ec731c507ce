"""Organizations and Account Management: the guardrails, and whom they bind."""

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

ORGANIZATIONS = (*_MEMBERSHIP, *_ORGANIZATION, *_GUARDRAIL_POLICIES)
