"""The operations that no act of the table takes, with the reason why a preview shows none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cloudtrail_guard.operations import Target

if TYPE_CHECKING:
    from collections.abc import Mapping

UNTRIED: Mapping[str, Mapping[Target, str]] = {
    "log files are no resources of a stack; Object Lock, the replica and "
    "`cloudtrail-guard integrity` are there for them": {
        Target.OBJECTS: (
            "s3:DeleteObject s3:DeleteObjectVersion s3:DeleteObjectAnnotation "
            "s3:BypassGovernanceRetention s3:PutObjectRetention s3:PutObjectLegalHold "
            "s3:PutObjectTagging s3:PutObjectVersionTagging s3:DeleteObjectTagging "
            "s3:DeleteObjectVersionTagging s3:UpdateObjectEncryption s3:PutObjectAnnotation "
            "s3:PutObjectAcl s3:PutObjectVersionAcl"
        ),
        Target.LOG_PREFIX: "s3:PutObject",
        Target.REPLICATION: "s3:ReplicateObject s3:ReplicateDelete s3:ReplicateTags",
    },
    "there is no such API": {Target.TRAIL: "cloudtrail:DeleteEventSelectors"},
    "the stacks set none, and tags that are set (`aws:defaultTags`) show when they go": {
        Target.TRAIL: "cloudtrail:RemoveTags",
    },
    "the provider has no property for it": {
        Target.TRAIL: "cloudtrail:PutEventConfiguration",
        Target.CLOUDTRAIL: "cloudtrail:EnableFederation",
        Target.BUCKET: "s3:PauseReplication",
        Target.MONITORING: "lambda:PutFunctionScalingConfig",
    },
    'what a stack does not make it does not compare, and there is no resource that says "none"': {
        Target.CLOUDTRAIL: (
            "cloudtrail:PutResourcePolicy cloudtrail:DeleteChannel cloudtrail:UpdateChannel "
            "cloudtrail:DeleteResourcePolicy"
        ),
        Target.BUCKET: "s3:PutBucketAbac s3:PutIntelligentTieringConfiguration",
        Target.MONITORING: (
            "logs:PutLogGroupDeletionProtection logs:PutDataProtectionPolicy logs:PutTransformer "
            "logs:DeleteTransformer logs:DeleteSubscriptionFilter logs:PutSubscriptionFilter "
            "cloudwatch:PutCompositeAlarm sns:PutDataProtectionPolicy "
            "lambda:DeleteResourcePolicy lambda:PutResourcePolicy "
            "lambda:PutFunctionEventInvokeConfig lambda:UpdateFunctionEventInvokeConfig "
            "lambda:PutRuntimeManagementConfig lambda:PutFunctionCodeSigningConfig"
        ),
        Target.ACCOUNT_MONITORING: (
            "cloudwatch:PutAlarmMuteRule logs:PutAccountPolicy logs:DeleteAccountPolicy"
        ),
        Target.OWN_ROLE: "iam:PassRole",
    },
    "it leaves nothing that could be compared: messages, events, sessions or a state that passes": {
        Target.MONITORING: "logs:DeleteLogStream cloudwatch:SetAlarmState sqs:PurgeQueue",
        Target.BREAK_GLASS_SESSION: "sts:AssumeRole",
    },
    "AWS refuses it: for buckets without ACLs, keys of one region, keys of KMS's own material": {
        Target.BUCKET: "s3:PutBucketAcl",
        Target.KEY: (
            "kms:UpdatePrimaryRegion kms:ReplicateKey kms:DeleteImportedKeyMaterial "
            "kms:ImportKeyMaterial"
        ),
    },
    "the stacks make no grants, and no service of theirs works by one": {
        Target.KEY: "kms:RevokeGrant",
    },
    "it takes the role's name before the stack does: the stack then fails": {
        Target.OWN_ROLE: "iam:CreateRole",
    },
    "the exempt roles and users are there before the stacks, and no resources of theirs": {
        Target.EXEMPT_ROLE: (
            "iam:AttachRolePolicy iam:CreateRole iam:DeleteRolePermissionsBoundary iam:PassRole "
            "iam:PutRolePermissionsBoundary iam:PutRolePolicy iam:TagRole iam:UntagRole "
            "iam:UpdateRole iam:DeleteRole iam:DeleteRolePolicy iam:DetachRolePolicy"
        ),
        Target.EXEMPT_USER: (
            "iam:AttachUserPolicy iam:CreateAccessKey iam:CreateLoginProfile "
            "iam:CreateServiceSpecificCredential iam:CreateUser iam:DeactivateMFADevice "
            "iam:DeleteUserPermissionsBoundary iam:EnableMFADevice "
            "iam:PutUserPermissionsBoundary iam:PutUserPolicy "
            "iam:ResetServiceSpecificCredential iam:ResyncMFADevice iam:TagUser iam:UntagUser "
            "iam:UpdateAccessKey iam:UpdateLoginProfile iam:UpdateSSHPublicKey "
            "iam:UpdateServiceSpecificCredential iam:UpdateSigningCertificate iam:UpdateUser "
            "iam:UploadSSHPublicKey iam:UploadSigningCertificate iam:DeleteAccessKey "
            "iam:DeleteLoginProfile iam:DeleteSSHPublicKey "
            "iam:DeleteServiceSpecificCredential iam:DeleteSigningCertificate iam:DeleteUser "
            "iam:DeleteUserPolicy iam:DetachUserPolicy"
        ),
    },
    "identity providers, groups and whom a boundary binds are no resources of the stacks": {
        Target.IDENTITY_PROVIDER: (
            "iam:AddClientIDToOpenIDConnectProvider iam:UpdateOpenIDConnectProviderThumbprint "
            "iam:UpdateSAMLProvider iam:DeleteOpenIDConnectProvider iam:DeleteSAMLProvider "
            "iam:RemoveClientIDFromOpenIDConnectProvider"
        ),
        Target.GUARDED_GROUP: "iam:DeleteGroup iam:UpdateGroup",
        Target.BOUNDARY: "iam:DeleteRolePermissionsBoundary iam:DeleteUserPermissionsBoundary",
    },
    "as the act on a group: the attachment is a resource of the same kind": {
        Target.IAM_ATTACHMENT: "iam:DetachRolePolicy iam:DetachUserPolicy",
    },
    "the organization, its accounts and policy types are no resources of the stacks; the checks "
    "before a deployment refuse to go on where they are not as needed": {
        Target.MEMBERSHIP: (
            "organizations:LeaveOrganization account:CloseAccount account:DisableRegion"
        ),
        Target.ORGANIZATION: (
            "organizations:DisablePolicyType organizations:RemoveAccountFromOrganization "
            "organizations:DeleteOrganization organizations:DeleteResourcePolicy "
            "organizations:PutResourcePolicy organizations:RegisterDelegatedAdministrator "
            "organizations:DeregisterDelegatedAdministrator organizations:CloseAccount"
        ),
    },
    "recorders, members, filters and findings of the security services are no resources of the "
    "stacks, which make rules, a detector, a hub with standards and an analyzer": {
        Target.SECURITY_SERVICES: (
            "config:DeleteConfigurationRecorder config:DeleteServiceLinkedConfigurationRecorder "
            "config:StopConfigurationRecorder config:DeleteOrganizationConformancePack "
            "config:DisassociateResourceTypes config:PutConfigurationRecorder "
            "config:DeleteDeliveryChannel config:PutDeliveryChannel "
            "config:PutRetentionConfiguration guardduty:DeleteMembers "
            "guardduty:DisableOrganizationAdminAccount "
            "guardduty:DisassociateFromAdministratorAccount "
            "guardduty:DisassociateFromMasterAccount guardduty:DisassociateMembers "
            "guardduty:StopMonitoringMembers guardduty:CreateIPSet "
            "guardduty:CreateTrustedEntitySet guardduty:UpdateIPSet "
            "guardduty:UpdateMemberDetectors guardduty:UpdateOrganizationConfiguration "
            "guardduty:UpdateTrustedEntitySet guardduty:ArchiveFindings guardduty:CreateFilter "
            "guardduty:UpdateFilter guardduty:DeletePublishingDestination "
            "guardduty:UpdatePublishingDestination securityhub:DeleteMembers "
            "securityhub:DisableOrganizationAdminAccount securityhub:DisableSecurityHubFeatureV2 "
            "securityhub:DisableSecurityHubV2 securityhub:DisassociateFromAdministratorAccount "
            "securityhub:DisassociateFromMasterAccount securityhub:DisassociateMembers "
            "securityhub:BatchUpdateStandardsControlAssociations "
            "securityhub:DisableImportFindingsForProduct "
            "securityhub:StartConfigurationPolicyDisassociation "
            "securityhub:UpdateConfigurationPolicy securityhub:UpdateOrganizationConfiguration "
            "securityhub:UpdateSecurityHubConfiguration securityhub:UpdateStandardsControl "
            "securityhub:BatchUpdateAutomationRules securityhub:CreateAutomationRule "
            "securityhub:CreateAutomationRuleV2 securityhub:UpdateAutomationRuleV2 "
            "securityhub:DeleteAggregatorV2 securityhub:DeleteFindingAggregator "
            "securityhub:UpdateFindingAggregator access-analyzer:UpdateAnalyzer "
            "access-analyzer:ApplyArchiveRule access-analyzer:CreateArchiveRule "
            "access-analyzer:UpdateArchiveRule"
        ),
    },
}
"""Actions, separated by spaces, by what they act on and the reason."""
