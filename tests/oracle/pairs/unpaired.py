"""Prowler's checks of CloudTrail, S3 and KMS that no rule is about, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_A_PROGRAMS: Final = "It looks at what happened in the account, which no program says."
_ENCLAVES: Final = "Nitro Enclaves read no log files."
_MFA_DELETE: Final = (
    "Only the root user can switch MFA delete on, and no lifecycle may be beside it. Object Lock"
    " and the Deny of deletions do its work."
)
_ACLS: Final = (
    "log-bucket-not-public covers public ACLs. On a bucket made since April 2023 ACLs are off, so"
    " that a program cannot make one with the bucket."
)

UNPAIRED: Final[Mapping[str, str]] = {
    "cloudtrail_bedrock_logging_enabled": "The rules are about the record, not about one service.",
    "cloudtrail_bucket_requires_mfa_delete": _MFA_DELETE,
    "cloudtrail_threat_detection_enumeration": _NOT_A_PROGRAMS,
    "cloudtrail_threat_detection_llm_jacking": _NOT_A_PROGRAMS,
    "cloudtrail_threat_detection_privilege_escalation": _NOT_A_PROGRAMS,
    "kms_cmk_not_deleted_unintentionally": _NOT_A_PROGRAMS,
    "kms_cmk_not_multi_region": "A log key of several regions is no weaker for its purpose.",
    "kms_key_enclave_attestation_bypassable_path": _ENCLAVES,
    "kms_key_enclave_attestation_no_deployment_binding": _ENCLAVES,
    "kms_key_enclave_attestation_not_enforced": _ENCLAVES,
    "kms_key_enclave_attestation_pcr_mismatch": _ENCLAVES,
    "kms_key_enclave_attestation_unknown_image": _ENCLAVES,
    "kms_key_enclave_debug_attestation_detected": _ENCLAVES,
    "s3_access_point_public_access_block": "The rules are about buckets; AWS blocks public access"
    " for new access points.",
    "s3_account_level_public_access_blocks": "It is about the account; a block of the account's"
    " counts for log-bucket-public-access-block.",
    "s3_bucket_cross_region_replication": "A replica is a choice of cost, which no rule makes.",
    "s3_bucket_default_encryption": "S3 encrypts all buckets since January 2023, so that it always"
    " passes.",
    "s3_bucket_event_notifications_enabled": "Who is notified of log files is a program's choice.",
    "s3_bucket_no_mfa_delete": _MFA_DELETE,
    "s3_bucket_object_public": _NOT_A_PROGRAMS,
    "s3_bucket_public_list_acl": _ACLS,
    "s3_bucket_public_write_acl": _ACLS,
    "s3_bucket_shadow_resource_vulnerability": "It is about names that AWS services make up.",
    "s3_multi_region_access_point_public_access_block": "The rules are about buckets; AWS blocks"
    " public access for new access points.",
}
