"""Mutating actions that are not denied, each with the reason.

Together with the table they are every mutating action that AWS has on what is protected: a test
compares both with AWS's service authorization data, so that a new API is a failing test.
"""

from collections.abc import Mapping

_REASONS: Mapping[str, Mapping[str, str]] = {
    "it adds what others use, and changes nothing that exists": {
        "access-analyzer": "CreateAccessPreview CreateAnalyzer",
        "cloudtrail": (
            "CreateChannel CreateDashboard CreateEventDataStore "
            "CreateServiceLinkedChannel CreateTrail"
        ),
        "config": (
            "AssociateResourceTypes PutAggregationAuthorization PutConfigRule "
            "PutConfigurationAggregator PutConformancePack PutOrganizationConfigRule "
            "PutOrganizationConformancePack PutServiceLinkedConfigurationRecorder "
            "PutStoredQuery"
        ),
        "events": "AllowVendedLogDeliveryForResource CreateArchive CreateEventBus",
        "guardduty": (
            "CreateDetector CreateMalwareProtectionPlan CreateMembers "
            "CreatePublishingDestination CreateThreatEntitySet CreateThreatIntelSet "
            "EnableOrganizationAdminAccount InviteMembers"
        ),
        "iam": (
            "CreateGroup CreateOpenIDConnectProvider CreatePolicy CreateSAMLProvider "
            "CreateServiceLinkedRole"
        ),
        "kms": "CreateAlias CreateCustomKeyStore CreateKey",
        "lambda": "CreateAlias CreateFunction CreateFunctionUrlConfig PublishVersion",
        "logs": (
            "CreateExportTask CreateImportTask CreateLogAnomalyDetector "
            "CreateLogDelivery CreateLogGroup CreateLogStream IntegrateWithS3Table Link "
            "PutIntegration PutQueryDefinition AssociateSourceToS3TableIntegration"
        ),
        "organizations": (
            "CreateAccount CreateGovCloudAccount CreateOrganization "
            "CreateOrganizationalUnit CreatePolicy EnableAWSServiceAccess "
            "EnableAllFeatures EnablePolicyType InviteAccountToOrganization "
            "InviteOrganizationToTransferResponsibility"
        ),
        "s3": "CreateBucket CreateBucketMetadataTableConfiguration",
        "securityhub": (
            "AllowVendedLogDeliveryForResource BatchEnableStandards BatchImportFindings "
            "ConnectorRegistrationsV2 CreateActionTarget CreateAggregatorV2 "
            "CreateConfigurationPolicy CreateConnectorV2 CreateFindingAggregator "
            "CreateInsight CreateMembers CreateTicketV2 EnableImportFindingsForProduct "
            "EnableOrganizationAdminAccount EnableSecurityHub EnableSecurityHubV2 "
            "InviteMembers"
        ),
        "sns": "ConfirmSubscription CreateSMSSandboxPhoneNumber CreateTopic Subscribe",
        "sqs": "CreateQueue",
    },
    "it restores or strengthens": {
        "access-analyzer": "DeleteArchiveRule",
        "cloudtrail": "RestoreEventDataStore StartEventDataStoreIngestion StartLogging",
        "cloudwatch": "DeleteAlarmMuteRule EnableAlarmActions",
        "config": "StartConfigurationRecorder",
        "events": "EnableRule",
        "guardduty": (
            "DeleteFilter DeleteIPSet DeleteTrustedEntitySet StartMonitoringMembers "
            "UnarchiveFindings"
        ),
        "kms": "CancelKeyDeletion EnableKey EnableKeyRotation RotateKeyOnDemand",
        "lambda": "DeleteFunctionConcurrency",
        "logs": "DeleteDataProtectionPolicy",
        "organizations": "AttachPolicy",
        "s3": "RestoreObject",
        "securityhub": "BatchDeleteAutomationRules DeleteAutomationRuleV2",
    },
    "it uses the resource, and changes neither it nor the record": {
        "access-analyzer": (
            "CancelPolicyGeneration GenerateFindingRecommendation StartPolicyGeneration "
            "StartResourceScan"
        ),
        "cloudtrail": (
            "CancelQuery GenerateQuery StartDashboardRefresh StartImport StartQuery StopImport"
        ),
        "config": (
            "PutEvaluations PutExternalEvaluation StartConfigRulesEvaluation "
            "StartRemediationExecution StartResourceEvaluation"
        ),
        "events": "PutEvents StartReplay",
        "guardduty": (
            "CreateSampleFindings SendObjectMalwareScan SendSecurityTelemetry "
            "StartMalwareScan UpdateFindingsFeedback"
        ),
        "kms": (
            "Decrypt DeriveSharedSecret Encrypt GenerateDataKey GenerateDataKeyPair "
            "GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext "
            "GenerateMac GenerateRandom ReEncryptFrom ReEncryptTo Sign "
            "SynchronizeMultiRegionKey Verify VerifyMac"
        ),
        "lambda": "InvokeAsync InvokeFunction InvokeFunctionUrl",
        "logs": (
            "CallWithBearerToken CancelExportTask CancelImportTask ProcessWithPipeline PutLogEvents"
        ),
        "s3": "AbortMultipartUpload InitiateReplication",
        "sns": "Publish",
        "sqs": (
            "CancelMessageMoveTask ChangeMessageVisibility DeleteMessage SendMessage "
            "StartMessageMoveTask"
        ),
    },
    "it describes the resource, for people": {
        "cloudtrail": "AddTags DeleteDashboard UpdateDashboard",
        "account": "PutAccountName",
        "config": "DeleteStoredQuery TagResource UntagResource",
        "access-analyzer": "TagResource UntagResource",
        "cloudwatch": "TagResource UntagResource",
        "events": "TagResource UntagResource",
        "guardduty": "TagResource UntagResource",
        "iam": (
            "TagOpenIDConnectProvider TagPolicy TagSAMLProvider UntagOpenIDConnectProvider "
            "UntagPolicy UntagSAMLProvider UpdateRoleDescription"
        ),
        "kms": "UpdateKeyDescription",
        "lambda": "TagResource UntagResource",
        "logs": "DeleteQueryDefinition TagLogGroup TagResource UntagLogGroup UntagResource",
        "organizations": "TagResource UntagResource UpdateOrganizationalUnit",
        "securityhub": "DeleteInsight TagResource UntagResource UpdateActionTarget UpdateInsight",
        "sns": "TagResource UntagResource",
        "sqs": "TagQueue UntagQueue",
    },
    "it has no effect on what CloudTrail writes and on what is read": {
        "s3": (
            "DeleteBucketMetadataTableConfiguration DeleteBucketWebsite "
            "ObjectOwnerOverrideToBucketOwner PutAccelerateConfiguration "
            "PutAnalyticsConfiguration PutBucketCORS PutInventoryConfiguration "
            "UpdateBucketMetadataInventoryTableConfiguration "
            "UpdateBucketMetadataJournalTableConfiguration"
        ),
    },
    "the log key is no such key: it is symmetric, of KMS's own store": {
        "kms": (
            "ConnectCustomKeyStore DeleteCustomKeyStore DisconnectCustomKeyStore "
            "UpdateCustomKeyStore"
        ),
    },
    "only the principal of a grant gives it up, and CloudTrail holds none": {"kms": "RetireGrant"},
    "the channel or the recorder is of another service, which controls it": {
        "cloudtrail": "DeleteServiceLinkedChannel UpdateServiceLinkedChannel",
    },
    "it ends a federation or a query layer, not the record": {
        "cloudtrail": "DisableFederation",
        "logs": "DeleteIntegration DisassociateSourceFromS3TableIntegration",
    },
    "it works on one finding or one evaluation, of which a copy stays": {
        "access-analyzer": "UpdateFindings",
        "config": "DeleteEvaluationResults DeleteResourceConfig PutResourceConfig",
        "securityhub": "BatchUpdateFindings UpdateFindings",
    },
    "it is about rules, remediation or aggregators of others, not those about trails": {
        "config": (
            "DeleteAggregationAuthorization DeleteConfigRule "
            "DeleteConfigurationAggregator DeleteConformancePack "
            "DeletePendingAggregationRequest DeleteRemediationConfiguration "
            "DeleteRemediationExceptions DeleteRetentionConfiguration "
            "PutRemediationConfigurations PutRemediationExceptions"
        ),
        "guardduty": (
            "DeleteMalwareProtectionPlan DeleteThreatEntitySet DeleteThreatIntelSet "
            "UpdateMalwareProtectionPlan UpdateMalwareScanSettings "
            "UpdateThreatEntitySet UpdateThreatIntelSet"
        ),
        "securityhub": (
            "DeleteActionTarget DeleteConfigurationPolicy DeleteConnectorV2 "
            "StartConfigurationPolicyAssociation UpdateAggregatorV2 UpdateConnectorV2 "
            "UpdateSecurityControl"
        ),
    },
    "the other account has to agree, and an account of the organization has its administrator": {
        "guardduty": (
            "AcceptAdministratorInvitation AcceptInvitation DeclineInvitations DeleteInvitations"
        ),
        "securityhub": (
            "AcceptAdministratorInvitation AcceptInvitation DeclineInvitations DeleteInvitations"
        ),
        "organizations": (
            "AcceptHandshake CancelHandshake DeclineHandshake "
            "TerminateResponsibilityTransfer UpdateResponsibilityTransfer"
        ),
    },
    "an OU must be empty, and accounts are moved by MoveAccount": {
        "organizations": "DeleteOrganizationalUnit",
    },
    "it is about contacts and names of the account": {
        "account": (
            "AcceptPrimaryEmailUpdate DeleteAlternateContact EnableRegion "
            "PutAlternateContact PutContactInformation StartPrimaryEmailUpdate"
        ),
    },
    "it is about a group's permissions or members, and no permission ends a deny": {
        "iam": "AddUserToGroup AttachGroupPolicy DeleteGroupPolicy PutGroupPolicy",
    },
    "the caller has no role yet: the role's trust policy alone decides": {
        "sts": "AssumeRoleWithSAML AssumeRoleWithWebIdentity",
    },
    "it describes a session that another action starts, and no document asks for it": {
        "sts": "SetContext SetSourceIdentity TagSession",
    },
    "SCPs and RCPs bind the root user, and a rule reports the session": {"sts": "AssumeRoot"},
    "only the user itself calls it": {"iam": "ChangePassword"},
    "service-linked roles are neither exempt nor changed by their users": {
        "iam": "DeleteServiceLinkedRole",
    },
    "it works on deliveries, destinations and tables of others, not on the trail's log group": {
        "logs": (
            "DeleteIndexPolicy DeleteLogDelivery DeletePipelineRule "
            "DeleteResourcePolicy PutBearerTokenAuthentication PutIndexPolicy "
            "PutPipelineRule PutResourcePolicy UpdateLogDelivery"
        ),
    },
    "the response function has no alias, URL, signing or provisioned concurrency": {
        "lambda": (
            "AddPermission DeleteAlias DeleteFunctionCodeSigningConfig "
            "DeleteFunctionEventInvokeConfig DeleteFunctionUrlConfig "
            "DeleteProvisionedConcurrencyConfig DisableReplication EnableReplication "
            "PutFunctionRecursionConfig PutProvisionedConcurrencyConfig UpdateAlias "
            "UpdateFunctionCodeSigningConfig UpdateFunctionUrlConfig"
        ),
    },
    "it is about text messages and mobile applications": {
        "sns": (
            "CreatePlatformApplication CreatePlatformEndpoint DeleteEndpoint "
            "DeletePlatformApplication DeleteSMSSandboxPhoneNumber OptInPhoneNumber "
            "SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes "
            "VerifySMSSandboxPhoneNumber"
        ),
    },
}

HARMLESS: Mapping[str, str] = {
    f"{service}:{name}": reason
    for reason, services in _REASONS.items()
    for service, names in services.items()
    for name in names.split()
}
"""The reason by action."""
