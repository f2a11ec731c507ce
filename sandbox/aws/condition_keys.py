"""The condition keys that are evaluated here.

A policy may test a key that a request does not have: that has a meaning of its own. So every key
that is known must be in the request's context whenever AWS would put it there; the sandbox refuses
to guess about all others.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from typing import Final

_OF_EVERY_REQUEST: Final = {
    *("aws:RequestedRegion", "aws:SecureTransport", "aws:SourceIp", "aws:ViaAWSService"),
}
_OF_CALLERS: Final = {
    *("aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalIsAWSService"),
    *("aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalType"),
    *("aws:userid", "aws:username"),
    *("aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"),
}
_OF_RESOURCES: Final = {"aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"}
_OF_SERVICES: Final = {
    *("aws:PrincipalServiceName", "aws:SourceArn", "aws:SourceAccount"),
    *("aws:SourceOrgID", "aws:SourceOrgPaths"),
}
_OF_S3: Final = {
    *("s3:TlsVersion", "s3:x-amz-acl", "s3:x-amz-copy-source", "s3:VersionId"),
    *("s3:prefix", "s3:delimiter", "s3:max-keys", "s3:object-lock-mode"),
    *("s3:object-lock-legal-hold", "s3:object-lock-retain-until-date"),
    *("s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
    "s3:x-amz-storage-class",
}
_OF_KMS: Final = {
    *("kms:CallerAccount", "kms:EncryptionContextKeys"),
    *("kms:BypassPolicyLockoutSafetyCheck", "kms:ScheduleKeyDeletionPendingWindowInDays"),
    "kms:TrailingDaysWithoutKeyUsage",
}
_OF_IAM: Final = {
    *("iam:AWSServiceName", "iam:PermissionsBoundary", "iam:PolicyARN"),
}
_OF_STS: Final = {"sts:ExternalId", "sts:RoleSessionName"}
_OF_ORGANIZATIONS: Final = {"organizations:PolicyType", "organizations:ServicePrincipal"}
_OF_SNS: Final = {"aws:SourceOwner", "sns:Endpoint", "sns:Protocol"}

_NEVER_HERE: Final = {
    # Requests reach the sandbox directly: through no VPC endpoint, and through no AWS service that
    # passes a caller's request on.
    *("aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn", "aws:VpcSourceIp"),
    *("aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"),
    *("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "kms:ViaService"),
}

_KNOWN: Final = frozenset(
    key.lower()
    for key in (
        *_OF_EVERY_REQUEST,
        *_OF_CALLERS,
        *_OF_RESOURCES,
        *_OF_SERVICES,
        *_OF_S3,
        *_OF_KMS,
        *_OF_IAM,
        *_OF_STS,
        *_OF_ORGANIZATIONS,
        *_OF_SNS,
        *_NEVER_HERE,
    )
)
_KNOWN_PREFIXES: Final = ("kms:encryptioncontext:",)
_OF_TOKENS: Final = (":aud", ":sub", ":amr")
"""Behind the name of an OIDC provider, e.g. ``gitlab.com:aud``."""


def is_known(key: str) -> bool:
    """Whether a condition key, in any case, is one of those that the sandbox evaluates."""
    folded = key.lower()
    return (
        folded in _KNOWN
        or folded.startswith(_KNOWN_PREFIXES)
        or ("." in folded and folded.endswith(_OF_TOKENS))
    )
