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
            "DeletePolicy DetachPolicy DisablePolicyType UpdatePolicy MoveAccount "
            "RemoveAccountFromOrganization DeleteOrganization DeleteResourcePolicy "
            "PutResourcePolicy RegisterDelegatedAdministrator"
        ),
        Harm.STOP: "DisableAWSServiceAccess DeregisterDelegatedAdministrator",
        Harm.DESTROY: "CloseAccount",
    },
    undone="DetachPolicy",
    notes={
        "MoveAccount": "moves an account out of the OU to which guardrails are attached",
        "DisableAWSServiceAccess": "CloudTrail's trusted access carries the organization trail",
    },
)

_LOG_POLICIES = entries(
    "logs",
    Target.ORGANIZATION,
    Allowed.DEPLOYER,
    {Harm.BLIND: "PutAccountPolicy DeleteAccountPolicy"},
    notes={
        "PutAccountPolicy": (
            "masks events of every log group, or keeps them for less time. It names no log group, "
            "so it is denied where the trail's is: in the management account"
        )
    },
)

ORGANIZATIONS = (*_MEMBERSHIP, *_ORGANIZATION, *_LOG_POLICIES)
