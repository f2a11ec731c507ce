"""IAM and STS: who is exempt from the denies, the stacks' own roles, and IAM policies that deny."""

from collections.abc import Mapping

from cloudtrail_guard.operations.model import Allowed, Harm, Target, entries

_ROLE_ACTIONS: Mapping[Harm, str] = {
    Harm.UNGUARD: (
        "AttachRolePolicy CreateRole DeleteRolePermissionsBoundary PassRole "
        "PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy "
        "UpdateRole"
    ),
    Harm.DELAY: "DeleteRole DeleteRolePolicy DetachRolePolicy",
}

_ROLES = tuple(
    entry
    for target, allowed in (
        (Target.EXEMPT_ROLE, Allowed.BREAK_GLASS),
        (Target.OWN_ROLE, Allowed.DEPLOYER),
    )
    for entry in entries(
        "iam",
        target,
        allowed,
        _ROLE_ACTIONS,
        # It authorizes a part of the calls that give a role to a service.
        events={"PassRole": ""},
        notes={
            "CreateRole": "a role that is exempt before it exists could be made by anyone",
            "DeleteRole": "without break-glass a lock-out has no way back",
            "PassRole": "S3, Lambda or CloudTrail would act with the role for another resource",
        },
    )
)

_SESSIONS = tuple(
    entries(
        "sts",
        Target.BREAK_GLASS_SESSION,
        Allowed.TRUSTED,
        {Harm.UNGUARD: "AssumeRole"},
        notes={
            "AssumeRole": (
                "a trust policy that names a whole account names its deploying role, too; who is "
                "trusted besides, it alone decides"
            )
        },
    )
)

_USERS = tuple(
    entries(
        "iam",
        Target.EXEMPT_USER,
        Allowed.BREAK_GLASS,
        {
            Harm.UNGUARD: (
                "AttachUserPolicy CreateAccessKey CreateLoginProfile "
                "CreateServiceSpecificCredential CreateUser DeactivateMFADevice "
                "DeleteUserPermissionsBoundary EnableMFADevice PutUserPermissionsBoundary "
                "PutUserPolicy ResetServiceSpecificCredential ResyncMFADevice TagUser UntagUser "
                "UpdateAccessKey UpdateLoginProfile UpdateSSHPublicKey "
                "UpdateServiceSpecificCredential UpdateSigningCertificate UpdateUser "
                "UploadSSHPublicKey UploadSigningCertificate"
            ),
            Harm.DELAY: (
                "DeleteAccessKey DeleteLoginProfile DeleteSSHPublicKey "
                "DeleteServiceSpecificCredential DeleteSigningCertificate DeleteUser "
                "DeleteUserPolicy DetachUserPolicy"
            ),
        },
        notes={
            "CreateAccessKey": "credentials of an exempt user are the exemption itself",
            "UpdateUser": "another user could be renamed to the exempt one's name",
        },
    )
)

_PROVIDERS = tuple(
    entries(
        "iam",
        Target.IDENTITY_PROVIDER,
        Allowed.BREAK_GLASS,
        {
            Harm.UNGUARD: (
                "AddClientIDToOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint "
                "UpdateSAMLProvider"
            ),
            Harm.DELAY: (
                "DeleteOpenIDConnectProvider DeleteSAMLProvider "
                "RemoveClientIDFromOpenIDConnectProvider"
            ),
        },
        notes={
            "UpdateSAMLProvider": "who controls the provider is everyone whom a role trusts by it",
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
        Target.GUARDED_GROUP,
        Allowed.DEPLOYER,
        {Harm.UNGUARD: "DeleteGroup RemoveUserFromGroup UpdateGroup"},
        notes={"UpdateGroup": "a group of another name is another resource for this deny"},
    ),
    *entries(
        "iam",
        Target.BOUNDARY,
        Allowed.DEPLOYER,
        {Harm.UNGUARD: "DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary"},
    ),
)

IAM = (*_ROLES, *_SESSIONS, *_USERS, *_PROVIDERS, *_POLICIES)
