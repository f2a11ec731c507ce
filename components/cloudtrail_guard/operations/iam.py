"""IAM: the roles that the denies exempt, and the denies that are IAM policies."""

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_ROLES = tuple(
    entries(
        "iam",
        Target.EXEMPT_ROLE,
        Allowed.BREAK_GLASS,
        {
            Harm.UNGUARD: (
                "AttachRolePolicy CreateRole DeleteRolePermissionsBoundary PassRole "
                "PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy "
                "UpdateRole"
            ),
            Harm.DELAY: "DeleteRole DeleteRolePolicy DetachRolePolicy",
        },
        # It authorizes a part of the calls that give a role to a service.
        events={"PassRole": ""},
        notes={
            "CreateRole": "a role that is exempt before it exists could be made by anyone",
            "DeleteRole": "without break-glass a lock-out has no way back",
        },
    )
)

_POLICIES = (
    *entries(
        "iam",
        Target.IAM_POLICY,
        Allowed.DEPLOYER,
        {
            Harm.UNGUARD: (
                "CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion"
            )
        },
    ),
    *entries(
        "iam",
        Target.IAM_ATTACHMENT,
        Allowed.DEPLOYER,
        {Harm.UNGUARD: "DetachGroupPolicy DetachRolePolicy DetachUserPolicy"},
    ),
    *entries(
        "iam",
        Target.BOUNDARY,
        Allowed.DEPLOYER,
        {Harm.UNGUARD: "DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary"},
    ),
)

IAM = (*_ROLES, *_POLICIES)
