"""Members of requests that nothing here reads: neither moto nor a patch.

What such a member asks for would be accepted and forgotten. So a call that gives one is refused,
unless it changes nothing that the sandbox has. A test finds all of them in the models of botocore
and the sources of moto and the patches, and holds this list to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.aws.call import Call

_OF_A_SAML_PROVIDER = ("AssertionEncryptionMode", "AddPrivateKey")
_OF_A_CHANGE = ("RollbackConfiguration", "DeploymentConfig", "DisableValidation")
_OF_A_FUNCTION = (
    *("FileSystemConfigs", "LoggingConfig", "CapacityProviderConfig", "DurableConfig"),
    *("RuntimeConfig", "AcceleratorConfig"),
)
_OF_AN_ALARM = (
    *("EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria", "EvaluationInterval"),
    "ActionConfiguration",
)
_OF_A_TABLE = ("TransactionId",)

REFUSED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "athena": {"StartQueryExecution": ("EngineConfiguration",)},
    "cloudformation": {
        "CreateChangeSet": (
            *_OF_A_CHANGE,
            *("ResourcesToImport", "IncludeNestedStacks", "OnStackFailure"),
            *("ImportExistingResources", "DeploymentMode"),
        ),
        "CreateStack": (*_OF_A_CHANGE, "OnFailure", "RetainExceptOnCreate"),
        "DeleteStack": ("RetainResources", "DeletionMode", "DeploymentConfig"),
        "ExecuteChangeSet": ("RetainExceptOnCreate",),
        "UpdateStack": (
            *_OF_A_CHANGE,
            *("StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL", "RetainExceptOnCreate"),
        ),
    },
    "cloudtrail": {
        "CreateTrail": ("RecursiveLogging",),
        "PutInsightSelectors": ("InsightsDestination",),
        "UpdateTrail": ("RecursiveLogging",),
    },
    "config": {
        "PutConfigurationAggregator": ("AggregatorFilters",),
        "PutOrganizationConfigRule": (
            *("OrganizationCustomRuleMetadata", "OrganizationCustomPolicyRuleMetadata"),
        ),
    },
    "events": {
        "CreateConnection": ("InvocationConnectivityParameters",),
        "CreateEventBus": ("LogConfig",),
        "PutEvents": ("EndpointId",),
        "UpdateConnection": ("InvocationConnectivityParameters",),
        "UpdateEventBus": ("LogConfig",),
    },
    "glue": {
        "BatchDeleteTable": _OF_A_TABLE,
        "CreateCrawler": ("LakeFormationConfiguration",),
        "CreateJob": ("JobMode", "JobRunQueuingEnabled", "MaintenanceWindow"),
        "CreateSession": ("SessionType",),
        "CreateTable": _OF_A_TABLE,
        "DeleteTable": _OF_A_TABLE,
        "StartJobRun": ("JobRunQueuingEnabled", "ExecutionRoleSessionPolicy"),
        "UpdateTable": (
            *_OF_A_TABLE,
            *("ViewUpdateAction", "Force", "UpdateOpenTableFormatInput"),
        ),
    },
    "iam": {
        "CreateSAMLProvider": _OF_A_SAML_PROVIDER,
        "UpdateSAMLProvider": (*_OF_A_SAML_PROVIDER, "RemovePrivateKey"),
    },
    "kms": {
        "CreateGrant": ("GranteeServicePrincipal", "RetiringServicePrincipal"),
        "CreateKey": ("CustomKeyStoreId", "XksKeyId"),
        "Decrypt": ("DryRunModifiers",),
        "GenerateRandom": ("CustomKeyStoreId",),
        "ReEncrypt": ("DryRunModifiers",),
    },
    "lambda": {
        "AddPermission": ("FunctionUrlAuthType", "InvokedViaFunctionUrl"),
        "CreateEventSourceMapping": ("LoggingConfig",),
        "CreateFunction": (*_OF_A_FUNCTION, "PublishTo", "TenancyConfig"),
        "Invoke": ("ClientContext", "DurableExecutionName", "TenantId"),
        "PublishVersion": ("PublishTo",),
        "UpdateEventSourceMapping": ("LoggingConfig",),
        "UpdateFunctionCode": (
            *("S3ObjectVersion", "S3ObjectStorageMode", "PublishTo", "SourceKMSKeyArn"),
        ),
        "UpdateFunctionConfiguration": _OF_A_FUNCTION,
    },
    "logs": {
        "DeleteResourcePolicy": ("expectedRevisionId",),
        "PutDeliverySource": ("deliverySourceConfiguration",),
        "PutMetricFilter": ("fieldSelectionCriteria", "emitSystemFieldDimensions"),
        "PutResourcePolicy": ("expectedRevisionId",),
        "PutSubscriptionFilter": ("fieldSelectionCriteria", "emitSystemFields"),
        "StartQuery": ("queryLanguage",),
    },
    "monitoring": {
        "PutCompositeAlarm": ("ActionConfiguration",),
        "PutMetricAlarm": _OF_AN_ALARM,
        "PutMetricData": ("EntityMetricData", "StrictEntityValidation"),
    },
    "s3": {
        "AbortMultipartUpload": ("IfMatchInitiatedTime",),
        "SelectObjectContent": ("ScanRange",),
    },
    "sns": {"CreateTopic": ("DataProtectionPolicy",)},
    "sts": {"AssumeRole": ("ProvidedContexts",)},
}
"""By service and operation, the members that change what a call does."""

HARMLESS: Mapping[str, str] = {
    "ClientRequestToken": "repeats of a call are no danger here",
    "ClientToken": "repeats of a call are no danger here",
    "clientToken": "repeats of a call are no danger here",
    "ReceiveRequestAttemptId": "repeats of a call are no danger here",
    "RequestProgress": "says how an answer travels",
    "ExpressionType": "has one value",
    "CopySourceSSECustomerKeyMD5": "goes with a key that is refused",
    "ConfirmRemoveSelfBucketAccess": "confirms what is asked for anyway",
    "SkipArchive": "former versions of a table are not kept",
    "Force": "is about rules that AWS services manage, of which there are none",
    "EncryptionAlgorithm": "what is encrypted here is decrypted here alone",
    "SourceEncryptionAlgorithm": "what is encrypted here is decrypted here alone",
    "DestinationEncryptionAlgorithm": "what is encrypted here is decrypted here alone",
    "IamUserAccessToBilling": "there is no billing",
    "MinimumSessionTokenSize": "a token here is as long as it is",
    "SourceIdentity": "policies that ask for it make a call NotImplemented",
    "TransitiveTagKeys": "sessions here have no tags to hand on",
    "ProviderId": "goes with tokens of OAuth 2.0, which are refused",
    "InvokeArgs": "functions do not run",
    "forceUpdate": "a policy of a destination is replaced at once",
}
"""The members that change nothing here, whatever the operation, and why."""


def refuse_unread(call: Call) -> None:
    """Refuse a call that gives a member which nothing would read.

    Raises:
        NotImplementedError: it does.
    """
    for name in REFUSED.get(call.service, {}).get(call.action, ()):
        if call.params.get(name) is not None:
            raise NotImplementedError(f"{name} of {call.action}")
