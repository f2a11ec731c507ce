"""What each row reject before anything is made."""

from typing import Any

import pytest

from sandbox.plugin.catalog import find_resource_type
from sandbox.plugin.property_path import parse_path
from sandbox.plugin.provider import Provider
from sandbox.plugin.services import TABLE
from sandbox.plugin.values import UNKNOWN
from sandbox.tests.plugin import refusals
from sandbox.tests.plugin.refusals.case import NOT_ACCOUNT, NOT_ARN, Case, Sound
from sandbox.tests.plugin.world import READ, TRUST

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_V2 = "aws:s3/bucketV2:BucketV2"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
TRAIL = "aws:cloudtrail/trail:Trail"
ADMIN = "aws:cloudtrail/organizationDelegatedAdminAccount:OrganizationDelegatedAdminAccount"
KEY = "aws:kms/key:Key"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
ALIAS = "aws:kms/alias:Alias"
SCP = "aws:organizations/policy:Policy"
DELEGATE = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
IAM_POLICY = "aws:iam/policy:Policy"
GROUP_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
USER_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

SOUND: Sound = {
    **refusals.SOUND,
    LIFECYCLE: {"bucket": "logs", "rules": [{"id": "r", "status": "Enabled"}]},
    ENCRYPTION: {"bucket": "logs", "rules": [{}]},
    LOCK: {"bucket": "logs"},
    VERSIONING: {"bucket": "logs", "versioningConfiguration": {"status": "Enabled"}},
    OWNERSHIP: {"bucket": "logs", "rule": {"objectOwnership": "ObjectWriter"}},
    LOGGING: {"bucket": "logs", "targetBucket": "target", "targetPrefix": ""},
    POLICY: {"bucket": "logs", "policy": "{}"},
    BUCKET: {},
    BUCKET_V2: {},
    OBJECT: {"bucket": "logs", "key": "k"},
    TRAIL: {"name": "trail", "s3BucketName": "logs"},
    ADMIN: {"accountId": "123456789012"},
    KEY: {},
    KEY_POLICY: {"keyId": "k", "policy": "{}"},
    ALIAS: {"name": "alias/k", "targetKeyId": "k"},
    SCP: {"content": "{}"},
    DELEGATE: {"accountId": "123456789012", "servicePrincipal": "x.amazonaws.com"},
    ROLE: {"assumeRolePolicy": TRUST},
    ROLE_POLICY: {"role": "r", "policy": READ},
    IAM_POLICY: {"policy": READ},
    ATTACHMENT: {"role": "r", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    GROUP_ATTACHMENT: {"group": "g", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    USER_ATTACHMENT: {"user": "u", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
}
"""The least that each type takes."""

_RULE = "rules[0]"
_EXPIRY = f"{_RULE}.noncurrentVersionExpiration"
_TRANSITION = f"{_RULE}.noncurrentVersionTransitions[0]"
_OLD = {"noncurrentDays": 30, "storageClass": "GLACIER"}
_NAME = r"(must match [\w+=,.@-])"
_63 = "in the range (1 - 63)"


CASES = (
    *refusals.CASES,
    Case(LIFECYCLE, "bucket", "", _63),
    Case(LIFECYCLE, "rules", [], "Attribute rule list must contain at least 1 elements, got: 0"),
    Case(LIFECYCLE, f"{_RULE}.id", "x" * 256, "length of rule.0.id to be in the range (1 - 255)"),
    Case(LIFECYCLE, f"{_RULE}.status", "On", 'rule.0.status to be one of ["Enabled" "Disabled"]'),
    Case(LIFECYCLE, f"{_RULE}.expiration.date", "2030-01-31", "must be a valid RFC3339 date"),
    Case(
        LIFECYCLE,
        f"{_RULE}.transitions[0].date",
        "soon",
        "must be a valid RFC3339 date",
        {f"{_RULE}.transitions[0].storageClass": "GLACIER"},
    ),
    Case(
        LIFECYCLE,
        f"{_RULE}.transitions[0].storageClass",
        "COLD",
        "expected rule.0.transition.0.storage_class to be one of",
        {f"{_RULE}.transitions[0].days": 1},
    ),
    Case(LIFECYCLE, f"{_EXPIRY}.noncurrentDays", 0, "to be at least (1), got 0"),
    Case(
        LIFECYCLE,
        f"{_EXPIRY}.newerNoncurrentVersions",
        0,
        "to be at least (1), got 0",
        {f"{_EXPIRY}.noncurrentDays": 1},
    ),
    Case(LIFECYCLE, f"{_TRANSITION}.noncurrentDays", -1, "at least (0)", {_TRANSITION: _OLD}),
    Case(
        LIFECYCLE, f"{_TRANSITION}.newerNoncurrentVersions", 0, "at least (1)", {_TRANSITION: _OLD}
    ),
    Case(LIFECYCLE, f"{_TRANSITION}.storageClass", "COLD", "to be one of", {_TRANSITION: _OLD}),
    Case(LIFECYCLE, f"{_RULE}.filter.and.objectSizeGreaterThan", -1, "at least (0)"),
    Case(LIFECYCLE, f"{_RULE}.filter.and.objectSizeLessThan", 0, "at least (1)"),
    Case(LIFECYCLE, "transitionDefaultMinimumObjectSize", "128K", "to be one of"),
    Case(ENCRYPTION, "bucket", "", _63),
    Case(
        ENCRYPTION,
        "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        "aws:kms2",
        "expected rule.0.apply_server_side_encryption_by_default.0.sse_algorithm to be one of "
        '["AES256" "aws:fsx" "aws:backup" "aws:kms" "aws:kms:dsse"], got aws:kms2',
    ),
    Case(ENCRYPTION, "rules[0].blockedEncryptionTypes[0]", "SSE", 'one of ["NONE" "SSE-C"]'),
    Case(LOCK, "bucket", "x" * 64, _63),
    Case(LOCK, "objectLockEnabled", "Disabled", 'to be one of ["Enabled"], got Disabled'),
    Case(
        LOCK,
        "rule.defaultRetention.mode",
        "STRICT",
        "expected rule.0.default_retention.0.mode to be one of "
        '["GOVERNANCE" "COMPLIANCE"], got STRICT',
    ),
    Case(VERSIONING, "bucket", "", _63),
    Case(VERSIONING, "versioningConfiguration.status", "On", "to be one of"),
    Case(VERSIONING, "versioningConfiguration.mfaDelete", "On", "to be one of"),
    Case(OWNERSHIP, "bucket", "", _63),
    Case(OWNERSHIP, "rule.objectOwnership", "Mine", "to be one of"),
    Case(LOGGING, "bucket", "", _63),
    Case(LOGGING, "targetBucket", "", _63),
    Case(
        LOGGING,
        "targetObjectKeyFormat.partitionedPrefix.partitionDateSource",
        "Now",
        'to be one of ["EventTime" "DeliveryTime"], got Now',
    ),
    Case(POLICY, "policy", "{", '"policy" contains an invalid JSON: '),
    *(
        Case(bucket, place, value, reason)
        for bucket in (BUCKET, BUCKET_V2)
        for place, value, reason in (
            ("bucket", "x" * 64, "in the range (0 - 63)"),
            ("bucket", "logs--use1-az4--x-s3", "that is a directory bucket"),
            ("bucketPrefix", "x" * 38, "in the range (0 - 37)"),
            ("bucketNamespace", "account-regional", "are not emulated in the sandbox"),
            ("acl", "everybody", "to be one of"),
            ("objectLockConfiguration.objectLockEnabled", "On", "to be one of"),
            ("policy", "no", '"policy" contains an invalid JSON: '),
        )
    ),
    Case(
        BUCKET,
        "objectLockConfiguration.rule.defaultRetention.mode",
        "STRICT",
        "to be one of",
        {"objectLockConfiguration.objectLockEnabled": "Enabled"},
    ),
    Case(
        BUCKET,
        "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.sseAlgorithm",
        "none",
        "to be one of",
    ),
    Case(
        BUCKET_V2,
        "objectLockConfiguration.rules[0].defaultRetentions[0].mode",
        "STRICT",
        "to be one of",
    ),
    Case(
        BUCKET_V2,
        "serverSideEncryptionConfigurations[0].rules[0].applyServerSideEncryptionByDefaults[0]"
        ".sseAlgorithm",
        "none",
        "to be one of",
    ),
    Case(OBJECT, "key", "", "in the range (1 - 1024)"),
    Case(OBJECT, "serverSideEncryption", "none", "to be one of"),
    Case(OBJECT, "objectLockMode", "STRICT", "to be one of"),
    Case(OBJECT, "objectLockLegalHoldStatus", "yes", 'to be one of ["ON" "OFF"]'),
    Case(TRAIL, "name", "ab", "expected length of name to be in the range (3 - 128), got ab"),
    Case(TRAIL, "s3KeyPrefix", "x" * 2001, "in the range (0 - 2000)"),
    Case(TRAIL, "cloudWatchLogsGroupArn", "group", NOT_ARN),
    Case(TRAIL, "cloudWatchLogsRoleArn", "role", NOT_ARN),
    Case(TRAIL, "kmsKeyId", "alias/logs", f'"kms_key_id" (alias/logs) {NOT_ARN}'),
    Case(TRAIL, "eventSelectors", [{}] * 6, "No more than 5"),
    Case(TRAIL, "eventSelectors[0].readWriteType", "Write", "to be one of"),
    Case(
        TRAIL,
        "eventSelectors[0].dataResources[0].type",
        "AWS::SNS::Topic",
        "expected event_selector.0.data_resource.0.type to be one of",
        {"eventSelectors[0].dataResources[0].values": ["arn"]},
    ),
    Case(
        TRAIL,
        "eventSelectors[0].dataResources[0].values",
        ["arn"] * 251,
        "No more than 250",
        {"eventSelectors[0].dataResources[0].type": "AWS::S3::Object"},
    ),
    Case(
        TRAIL,
        "advancedEventSelectors[0].name",
        "x" * 1001,
        "in the range (0 - 1000)",
        {
            "advancedEventSelectors[0].fieldSelectors": [
                {"field": "eventCategory", "equals": ["Data"]}
            ]
        },
    ),
    Case(TRAIL, "advancedEventSelectors[0].fieldSelectors", [], "at least 1 elements"),
    Case(
        TRAIL,
        "advancedEventSelectors[0].fieldSelectors[0].field",
        "userIdentity.arn",
        "expected advanced_event_selector.0.field_selector.0.field to be one of",
    ),
    Case(TRAIL, "insightSelectors[0].insightType", "Cost", "to be one of"),
    Case(ADMIN, "accountId", "1234", NOT_ACCOUNT),
    Case(KEY, "customerMasterKeySpec", "AES_256", "to be one of"),
    Case(KEY, "keyUsage", "ENCRYPT", "to be one of"),
    Case(KEY, "deletionWindowInDays", 6, "deletion_window_in_days to be in the range (7 - 30)"),
    Case(KEY, "deletionWindowInDays", 31, "got 31"),
    Case(KEY, "rotationPeriodInDays", 89, "in the range (90 - 2560)", {"enableKeyRotation": True}),
    Case(KEY, "description", "x" * 8193, "in the range (0 - 8192)"),
    Case(KEY, "policy", "{", "contains an invalid JSON"),
    Case(KEY_POLICY, "policy", "{", "contains an invalid JSON"),
    Case(KEY_POLICY, "keyId", "", "in the range (1 - 2048)"),
    Case(ALIAS, "name", "logs", "\"name\" must begin with 'alias/' and be comprised of only"),
    Case(ALIAS, "name", "alias/aws/s3", "cannot begin with reserved AWS CMK prefix 'alias/aws/'"),
    Case(SCP, "content", "{", '"content" contains an invalid JSON: '),
    Case(SCP, "type", "SCP", "to be one of"),
    Case(DELEGATE, "accountId", "1234", NOT_ACCOUNT),
    Case(DELEGATE, "servicePrincipal", "", "in the range (1 - 128)"),
    Case(ROLE, "assumeRolePolicy", "{", "contains an invalid JSON"),
    Case(ROLE, "description", "x" * 1001, "in the range (0 - 1000)"),
    Case(ROLE, "description", "\u201cquoted\u201d", "specially formatted single or double quotes"),
    Case(ROLE, "inlinePolicies[0].name", "a b", _NAME, {"inlinePolicies[0].policy": READ}),
    Case(
        ROLE,
        "inlinePolicies[0].policy",
        " {}",
        "leading space characters are not allowed",
        {"inlinePolicies[0].name": "in"},
    ),
    Case(ROLE, "managedPolicyArns[0]", "ReadOnlyAccess", NOT_ARN),
    Case(ROLE, "maxSessionDuration", 60, "in the range (3600 - 43200)"),
    Case(ROLE, "name", "x" * 65, "in the range (0 - 64)"),
    Case(ROLE, "namePrefix", "x" * 39, "in the range (0 - 38)"),
    Case(ROLE, "path", "/" * 513, "in the range (0 - 512)"),
    Case(ROLE, "permissionsBoundary", "boundary", NOT_ARN),
    Case(ROLE_POLICY, "name", "a b", _NAME),
    Case(ROLE_POLICY, "namePrefix", "a b", _NAME),
    Case(ROLE_POLICY, "policy", "", "is an empty string, which is not a valid JSON value"),
    Case(IAM_POLICY, "name", "x" * 129, "in the range (0 - 128)"),
    Case(IAM_POLICY, "namePrefix", "a b", _NAME),
    Case(IAM_POLICY, "path", "/" * 513, "in the range (0 - 512)"),
    Case(IAM_POLICY, "description", "x" * 1001, "in the range (0 - 1000)"),
    Case(IAM_POLICY, "delayAfterPolicyCreationInMs", -1, "at least (0)"),
    Case(IAM_POLICY, "policy", "[]", "contains an invalid JSON policy: not a JSON object"),
    Case(IAM_POLICY, "policy", "{", "contains an invalid JSON policy: "),
    Case(ATTACHMENT, "policyArn", "ReadOnlyAccess", NOT_ARN),
    Case(GROUP_ATTACHMENT, "policyArn", "ReadOnlyAccess", NOT_ARN),
    Case(USER_ATTACHMENT, "policyArn", "ReadOnlyAccess", NOT_ARN),
)

ALIAS_PREFIX = Case(ALIAS, "namePrefix", "logs", "\"name_prefix\" must begin with 'alias/'")
"""Without the name that its sound inputs have: see `test_an_alias_prefix`."""


def _id(case: Case) -> str:
    return f"{case.token.rpartition(':')[2]}.{case.place}"


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_a_bad_value_is_rejected_with_its_path(case: Case, provider: Provider) -> None:
    checked = provider.check(case.token, "res", case.inputs(SOUND, case.bad))

    (failure,) = checked.failures
    assert case.reason in failure.reason
    assert failure.reason.endswith(f"Examine values at 'res.{case.place}'.")


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_an_unknown_value_passes(case: Case, provider: Provider) -> None:
    assert provider.check(case.token, "res", case.inputs(SOUND, UNKNOWN)).failures == []


@pytest.mark.parametrize("token", SOUND)
def test_the_least_that_a_type_takes_is_sound(token: str, provider: Provider) -> None:
    assert provider.check(token, "logical", dict(SOUND[token])).failures == []


def test_every_validator_that_a_row_writes_has_a_case_here() -> None:
    tried = {(case.token, _pattern(case.place)) for case in (*CASES, ALIAS_PREFIX)}

    assert {(row.type, pattern) for row in TABLE.values() for pattern in row.validate} <= tried


@pytest.mark.parametrize("token", TABLE)
def test_every_case_is_of_a_value_that_is_checked(token: str) -> None:
    checked = find_resource_type(token).row.validate

    assert {_pattern(case.place) for case in CASES if case.token == token} <= checked.keys()


def _pattern(place: str) -> str:
    return ".".join("*" if isinstance(part, int) else part for part in parse_path(place))


def test_an_alias_prefix(provider: Provider) -> None:
    inputs = {"targetKeyId": "k", "namePrefix": ALIAS_PREFIX.bad}

    (failure,) = provider.check(ALIAS, "res", inputs).failures

    assert ALIAS_PREFIX.reason in failure.reason


def test_an_alias_needs_a_name_as_an_automatic_one_lacks_the_prefix(provider: Provider) -> None:
    (failure,) = provider.check(ALIAS, "logs", {"targetKeyId": "k"}).failures

    assert "must begin with 'alias/'" in failure.reason


_FORMAT = "target_object_key_format.0"
_BOTH = f"{_FORMAT}.partitioned_prefix,{_FORMAT}.simple_prefix"
_DATED = "rule.0.transition.0.date,rule.0.transition.0.days"


@pytest.mark.parametrize(
    ("token", "inputs", "problems"),
    [
        (
            BUCKET,
            {"bucket": "logs", "bucketPrefix": "logs"},
            {
                "bucket": '"bucket": conflicts with bucket_prefix',
                "bucketPrefix": '"bucket_prefix": conflicts with bucket',
            },
        ),
        (
            LOCK,
            {"bucket": "logs", "rule": {"defaultRetention": {"days": 1, "years": 1}}},
            {
                "rule.defaultRetention.days": "conflicts with rule.0.default_retention.0.years",
                "rule.defaultRetention.years": "conflicts with rule.0.default_retention.0.days",
            },
        ),
        (
            LIFECYCLE,
            {
                "bucket": "logs",
                "rules": [
                    {"id": "r", "status": "Enabled", "transitions": [{"storageClass": "GLACIER"}]}
                ],
            },
            {"rules[0].transitions[0]": f"one of `{_DATED}` must be specified"},
        ),
        (
            LOGGING,
            {
                **SOUND[LOGGING],
                "targetObjectKeyFormat": {
                    "partitionedPrefix": {"partitionDateSource": "EventTime"},
                    "simplePrefix": {},
                },
            },
            {
                "targetObjectKeyFormat.partitionedPrefix": f"only one of `{_BOTH}` can be "
                f"specified, but `{_BOTH}` were specified"
            },
        ),
        (
            KEY,
            {"rotationPeriodInDays": 180},
            {
                "rotationPeriodInDays": "all of `enable_key_rotation,rotation_period_in_days` "
                "must be specified"
            },
        ),
        (
            KEY,
            {"xksKeyId": "x"},
            {"xksKeyId": '"xks_key_id" is not emulated in the sandbox: leave it out'},
        ),
        (
            BUCKET,
            {"website": {"indexDocument": "index.html"}},
            {"website": "use aws.s3.BucketWebsiteConfiguration"},
        ),
    ],
)
def test_inputs_that_conflict_are_rejected(
    token: str, inputs: dict[str, Any], problems: dict[str, str], provider: Provider
) -> None:
    failures = provider.check(token, "res", inputs).failures

    assert [failure.property for failure in failures] == [*problems]
    for failure in failures:
        message = problems[failure.property]
        assert failure.reason.endswith(f"{message}. Examine values at 'res.{failure.property}'.")


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (BUCKET, {"bucket": UNKNOWN, "bucketPrefix": "logs"}),
        (LOCK, {"bucket": "logs", "rule": {"defaultRetention": {"days": UNKNOWN, "years": 1}}}),
        (KEY, {"rotationPeriodInDays": UNKNOWN}),
    ],
)
def test_inputs_of_which_one_is_unknown_may_go_together(
    token: str, inputs: dict[str, Any], provider: Provider
) -> None:
    assert provider.check(token, "res", inputs).failures == []


def test_all_mistakes_are_reported_at_once(provider: Provider) -> None:
    inputs = {"name": "x", "kmsKeyId": "k", "kmsKey": "k", "eventSelectors": "all"}

    reasons = [failure.reason for failure in provider.check(TRAIL, "t", inputs).failures]

    assert reasons == [
        "Invalid or unknown key. Examine values at 't.kmsKey'. Did you mean 'kmsKeyId'?",
        "expected list type, got string type. Examine values at 't.eventSelectors'.",
        "Missing required property 's3BucketName'",
        f"\"kms_key_id\" (k) {NOT_ARN}. Examine values at 't.kmsKeyId'.",
        "expected length of name to be in the range (3 - 128), got x. Examine values at 't.name'.",
    ]
