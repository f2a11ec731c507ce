import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from cloudtrail_guard import ArgumentError, LogBucket, LogBucketArgs

from tests.support.deployment import Deployment, deploy

TRAIL = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/SecurityAuditTrail"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BREAK_GLASS = "arn:aws:iam::111122223333:role/AdminRole"

ARGS: LogBucketArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": KEY,
    "organization_trail_arn": TRAIL,
    "organization_id": "o-a1b2c3d4e5",
    "break_glass_role_arns": [BREAK_GLASS],
}

THEIRS = {
    "Sid": "Theirs",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObjectAcl",
    "Resource": "arn:aws:s3:::org-logs/*",
}
LIVE_BUCKET: dict[str, Any] = {
    "bucket": "org-logs",
    "arn": "arn:aws:s3:::org-logs",
    "policy": json.dumps({"Version": "2012-10-17", "Statement": [THEIRS]}),
    "versioning": {"enabled": False, "mfaDelete": False},
    "serverSideEncryptionConfiguration": {
        "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
    },
    "logging": {"targetBucket": "elsewhere", "targetPrefix": ""},
    "lifecycleRules": [{"id": "monthly", "enabled": True, "expiration": {"days": 30}}],
}


def make(change: dict[str, Any] | None = None, **options: Any) -> Deployment:
    args: Any = {**ARGS, **(change or {})}
    return deploy(lambda: LogBucket("logs", args), **options)


def adopt(change: dict[str, Any] | None = None, **live: Any) -> Deployment:
    return make(
        {"existing_bucket": True, **(change or {})}, live={"org-logs": {**LIVE_BUCKET, **live}}
    )


def aws_key_that_is_not_known_yet() -> pulumi.Output[str]:
    return aws.kms.Key("later").policy.apply(lambda policy: policy)


def sids(deployment: Deployment, name: str = "logs-policy") -> list[str | None]:
    policy = json.loads(deployment.only("BucketPolicy", name).inputs["policy"])
    return [statement.get("Sid") for statement in policy["Statement"]]


@pytest.mark.parametrize(
    ("type_name", "name", "inputs"),
    [
        ("Bucket", "logs-bucket", {"bucket": "org-logs", "objectLockEnabled": True}),
        ("BucketVersioning", "logs-versioning", {"versioningConfiguration": {"status": "Enabled"}}),
        (
            "BucketObjectLockConfiguration",
            "logs-object-lock",
            {"rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 365}}},
        ),
        (
            "BucketServerSideEncryptionConfiguration",
            "logs-encryption",
            {
                "rules": [
                    {
                        "applyServerSideEncryptionByDefault": {
                            "sseAlgorithm": "aws:kms",
                            "kmsMasterKeyId": KEY,
                        },
                        "bucketKeyEnabled": True,
                    }
                ]
            },
        ),
        (
            "BucketPublicAccessBlock",
            "logs-public-access-block",
            {
                "blockPublicAcls": True,
                "blockPublicPolicy": True,
                "ignorePublicAcls": True,
                "restrictPublicBuckets": True,
            },
        ),
        (
            "BucketOwnershipControls",
            "logs-ownership",
            {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        ),
        (
            "BucketLogging",
            "logs-logging",
            {"targetBucket": "org-logs-access-logs", "targetPrefix": "access/"},
        ),
    ],
)
def test_a_new_bucket_is_secured_from_birth(
    type_name: str, name: str, inputs: dict[str, Any]
) -> None:
    made = make().only(type_name, name)

    assert made.inputs == {"bucket": "org-logs", **inputs}


def test_logs_expire_after_seven_years_and_leave_nothing_behind() -> None:
    rules = make().only("BucketLifecycleConfiguration", "logs-lifecycle").inputs["rules"]

    assert rules == [
        {
            "id": "expire-logs",
            "status": "Enabled",
            "filter": {},
            "expiration": {"days": 2557},
            "noncurrentVersionExpiration": {"noncurrentDays": 2557},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        },
        {
            "id": "remove-expired-delete-markers",
            "status": "Enabled",
            "filter": {},
            "expiration": {"expiredObjectDeleteMarker": True},
        },
    ]


def test_the_access_logs_are_guarded_by_the_same_roles() -> None:
    policy = json.loads(make().only("BucketPolicy", "logs-access-logs-policy").inputs["policy"])

    exempt = {s["Sid"]: s["Condition"] for s in policy["Statement"] if "Evidence" in s["Sid"]}
    break_glass = "arn:aws:iam::111122223333:role/AdminRole"
    assert exempt["DenyEvidenceDeletion"] == {"ArnNotLike": {"aws:PrincipalArn": break_glass}}
    managers = exempt["DenyEvidenceTampering"]["ArnNotLike"]["aws:PrincipalArn"]
    assert managers[0] == break_glass
    assert len(managers) > 1
    assert "DenyEvidenceForgery" in exempt


# A version that is hidden at once must live as long as a log that is not.
@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({}, 2557),
        ({"lifecycle": {"expire_after_days": 400}}, 400),
        ({"lifecycle": {"expire_after_days": 0}}, None),
        ({"lifecycle": {"expire_noncurrent_after_days": 3000}}, 3000),
        ({"object_lock": {"years": 7}, "lifecycle": {"expire_after_days": 2557}}, 90),
        (
            {"object_lock": {"years": 7}, "lifecycle": {"expire_noncurrent_after_days": 1}},
            1,
        ),
        (
            {
                "existing_bucket": True,
                "object_lock": {"years": 7},
                "lifecycle": {"expire_after_days": 2557},
            },
            2557,
        ),
    ],
)
def test_hidden_versions_live_as_long_as_logs(change: dict[str, Any], days: int | None) -> None:
    live = {"org-logs": LIVE_BUCKET} if "existing_bucket" in change else {}
    rule = make(change, live=live).only("BucketLifecycleConfiguration", "logs-lifecycle")

    wanted = None if days is None else {"noncurrentDays": days}
    assert rule.inputs["rules"][0].get("noncurrentVersionExpiration") == wanted


def test_logs_can_be_kept_for_ever() -> None:
    lifecycle = {"lifecycle": {"expire_after_days": 0}}

    rule, _ = make(lifecycle).only("BucketLifecycleConfiguration", "logs-lifecycle").inputs["rules"]

    assert "expiration" not in rule


def test_logs_move_to_colder_storage_when_asked() -> None:
    tiers = {"lifecycle": {"glacier_ir_after_days": 90, "deep_archive_after_days": 365}}

    rule, _ = make(tiers).only("BucketLifecycleConfiguration", "logs-lifecycle").inputs["rules"]

    assert rule["transitions"] == [
        {"days": 90, "storageClass": "GLACIER_IR"},
        {"days": 365, "storageClass": "DEEP_ARCHIVE"},
    ]


@pytest.mark.parametrize(
    ("lifecycle", "message"),
    [
        ({"glacier_ir_after_days": -1}, "glacier_ir_after_days = -1 must be 0 or more"),
        (
            {"glacier_ir_after_days": 90, "deep_archive_after_days": 150},
            "GLACIER_IR bills 90 days at least: .* after 180 days or more",
        ),
        (
            {"glacier_ir_after_days": 400, "deep_archive_after_days": 365},
            "moves logs to GLACIER_IR after 400 days, and on or out after 365 days",
        ),
        (
            {"deep_archive_after_days": 365, "expire_after_days": 400},
            "DEEP_ARCHIVE bills 180 days at least: .* after 545 days or more",
        ),
    ],
)
def test_moves_that_would_cost_more_than_they_save_are_refused(
    lifecycle: dict[str, int], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make({"lifecycle": lifecycle})


def test_the_access_log_bucket_has_no_lock_and_no_key() -> None:
    """S3 delivers access logs neither to locked buckets nor to ones with SSE-KMS."""
    deployment = make()

    assert deployment.only("Bucket", "logs-access-logs-bucket").inputs == {
        "bucket": "org-logs-access-logs"
    }
    assert [r.name for r in deployment.of_type("BucketObjectLockConfiguration")] == [
        "logs-object-lock"
    ]
    encryption = deployment.only(
        "BucketServerSideEncryptionConfiguration", "logs-access-logs-encryption"
    )
    assert encryption.inputs["rules"] == [
        {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
    ]


def test_the_bucket_has_exactly_one_policy_with_everything_in_it() -> None:
    assert sids(make()) == [
        "AWSCloudTrailAclCheck20150319",
        "AWSCloudTrailWrite20150319",
        "AWSCloudTrailOrganizationWrite20150319",
        "DenyDeleteCloudTrailLogs",
        "DenyLogBucketTampering",
        "DenyLogForgery",
        "DenyOutsideOrganization",
        "DenyInsecureTransport",
        "DenyOutdatedTransport",
        "DenyReplicationByOthers",
    ]


def test_whoever_deploys_is_never_locked_out() -> None:
    policy = json.loads(make().only("BucketPolicy", "logs-policy").inputs["policy"])

    tampering = next(s for s in policy["Statement"] if s["Sid"] == "DenyLogBucketTampering")
    assert tampering["Condition"]["ArnNotLike"]["aws:PrincipalArn"] == [
        BREAK_GLASS,
        "arn:aws:iam::111122223333:role/pipeline/Deploy",
    ]


def test_a_preview_from_nothing_knows_the_whole_policy() -> None:
    policy = make(preview=True).only("BucketPolicy", "logs-policy").inputs["policy"]

    assert json.loads(policy)["Version"] == "2012-10-17"


def test_everything_is_protected_and_stays_in_aws_by_default() -> None:
    for resource in make().resources:
        if resource.type.startswith("aws:"):
            assert resource.protect, resource.name
            assert resource.retain_on_delete, resource.name


def test_protection_can_be_given_up_but_aws_still_keeps_the_bucket() -> None:
    for resource in make({"protect": False}).resources:
        if resource.type.startswith("aws:"):
            assert not resource.protect, resource.name
            assert resource.retain_on_delete, resource.name


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("logs-object-lock", "logs-versioning"),
        ("logs-lifecycle", "logs-versioning"),
        ("logs-policy", "logs-public-access-block"),
        ("logs-logging", "logs-access-logs-policy"),
    ],
)
def test_what_aws_wants_first_comes_first(name: str, needs: str) -> None:
    resource = next(r for r in make().resources if r.name == name)

    assert any(urn.endswith(f"::{needs}") for urn in resource.dependencies)


@pytest.mark.parametrize(
    ("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_other_partitions_work_throughout(region: str, partition: str) -> None:
    change = {
        "organization_trail_arn": f"arn:{partition}:cloudtrail:{region}:123456789012:trail/Trail",
        "break_glass_role_arns": [f"arn:{partition}:iam::111122223333:role/AdminRole"],
        "log_key_arn": KEY.replace("arn:aws:", f"arn:{partition}:"),
    }

    deployment = make(change, region=region)

    assert "arn:aws:" not in str([r.inputs for r in deployment.resources])


def test_numbers_that_come_as_floats_are_whole_days() -> None:
    lock = make({"object_lock": {"mode": "COMPLIANCE", "years": 7.0}, "lifecycle": {}})

    retention = lock.only("BucketObjectLockConfiguration").inputs["rule"]["defaultRetention"]
    assert retention == {"mode": "COMPLIANCE", "years": 7}


def test_inputs_that_are_only_known_later_work_too() -> None:
    later = pulumi.Output.from_input

    def program() -> None:
        LogBucket(
            "logs",
            {
                **ARGS,
                "log_bucket_name": later("org-logs"),
                "object_lock": later({"days": 400.0}),  # type: ignore[typeddict-item]
            },
        )

    deployment = deploy(program)

    assert deployment.only("Bucket", "logs-bucket").inputs["bucket"] == "org-logs"
    lock = deployment.only("BucketObjectLockConfiguration").inputs["rule"]["defaultRetention"]
    assert lock == {"mode": "GOVERNANCE", "days": 400}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"break_glass_role_arns": []}, "LogBucket 'logs': .* no break-glass role"),
        ({"organization_trail_arn": None}, "admits no trail"),
        ({"object_lock": {"days": 0}}, "0 days is out of range"),
        ({"object_lock": {"mode": "FOREVER", "days": 1}}, "'FOREVER' must be one of GOVERNANCE"),
        ({"object_lock": {"days": 1, "years": 1}}, "exactly one"),
        ({"lifecycle": {"expire_after_days": 30}}, "expires logs after 30 days"),
        ({"lifecycle": {"expire_noncurrent_after_days": 0}}, "must be 1 or more days"),
        (
            {"lifecycle": {"expire_noncurrent_after_days": 90}},
            "destroys noncurrent versions after 90 days, but logs are kept for 2557 days",
        ),
        (
            {"lifecycle": {"expire_after_days": 0, "expire_noncurrent_after_days": 9000}},
            "but logs are kept for ever",
        ),
        (
            {
                "existing_bucket": True,
                "object_lock": {"years": 7},
                "lifecycle": {"expire_noncurrent_after_days": 90},
            },
            "before the lock, a log",
        ),
        ({"log_bucket_name": "b" * 60}, "access_log_bucket_name is not set"),
    ],
)
def test_arguments_that_aws_would_refuse_are_refused_before_anything_is_made(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(change)


def test_an_existing_bucket_is_secured_without_being_made_again() -> None:
    deployment = adopt()

    assert deployment.only("Bucket").read
    assert {r.name for r in deployment.resources if r.type.startswith("aws:") and not r.read} == {
        "logs-versioning",
        "logs-public-access-block",
        "logs-ownership",
        "logs-encryption",
        "logs-object-lock",
        "logs-policy",
        "logs-request-payment",
    }


def test_an_existing_buckets_own_statements_stay() -> None:
    assert sids(adopt())[0] == "Theirs"
    assert "DenyDeleteCloudTrailLogs" in sids(adopt())


def test_what_changes_on_an_existing_bucket_is_said() -> None:
    messages = "\n".join(adopt(requestPayer="Requester").messages)

    assert "versioning is off and will be enabled" in messages
    assert "Object Lock is off and will be enabled, for good" in messages
    assert "default encryption changes from AES256 to SSE-KMS" in messages
    assert "lifecycle rule 'monthly' expires objects after 30 days, before their lock" in messages
    assert "paid by the requester, and will be by the owner again" in messages
    assert "paid by the requester" not in "\n".join(adopt().messages)


@pytest.mark.parametrize(
    ("expiration", "hidden", "is_said"),
    [({"days": 400}, 30, True), (None, 30, True), ({"days": 400}, 400, False), (None, 0, False)],
)
def test_a_rule_that_destroys_hidden_versions_early_is_said(
    expiration: dict[str, int] | None, hidden: int, is_said: bool
) -> None:
    rule = {
        "id": "monthly",
        "enabled": True,
        "expiration": expiration,
        "noncurrentVersionExpiration": {"days": hidden},
    }

    said = "\n".join(adopt(lifecycleRules=[rule]).messages)

    assert ("'monthly' destroys noncurrent versions after 30 days" in said) is is_said


def test_another_key_is_said() -> None:
    other = KEY.replace("1234abcd", "9999abcd")
    rule = {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": other}
    }

    messages = adopt(serverSideEncryptionConfiguration={"rule": rule}).messages

    assert f"existing bucket: the key of its default encryption changes from {other} to {KEY}" in (
        messages
    )


def test_a_preview_says_what_changes_even_before_the_key_is_made() -> None:
    later = aws_key_that_is_not_known_yet

    def program() -> None:
        LogBucket("logs", {**ARGS, "existing_bucket": True, "log_key_arn": later()})

    messages = deploy(program, preview=True, live={"org-logs": LIVE_BUCKET}).messages

    assert "existing bucket: versioning is off and will be enabled" in messages


def test_statements_of_ours_that_are_replaced_are_said() -> None:
    ours = {**THEIRS, "Sid": "AWSCloudTrailWrite20150319"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [ours]})

    assert "policy statement AWSCloudTrailWrite20150319 is replaced" in "\n".join(
        adopt(policy=policy).messages
    )


def test_an_existing_bucket_that_is_secure_already_stays_silent() -> None:
    secure: dict[str, Any] = {
        "policy": None,
        "versioning": {"enabled": True},
        "objectLockConfiguration": {"objectLockEnabled": "Enabled"},
        "serverSideEncryptionConfiguration": {
            "rule": {
                "applyServerSideEncryptionByDefault": {
                    "sseAlgorithm": "aws:kms",
                    "kmsMasterKeyId": KEY,
                }
            }
        },
        "logging": None,
        "lifecycleRules": [],
    }

    assert adopt(**secure).messages == []


def test_an_existing_bucket_gets_a_lifecycle_and_access_logs_only_when_asked() -> None:
    asked = adopt({"lifecycle": {}, "access_log_bucket_name": "who-asked"})

    assert asked.only("BucketLogging").inputs["targetBucket"] == "who-asked"
    assert asked.only("BucketLifecycleConfiguration", "logs-lifecycle")
    messages = "\n".join(asked.messages)
    assert "access logs go to who-asked instead of elsewhere" in messages
    assert "lifecycle rule 'monthly' is replaced" in messages


@pytest.mark.parametrize("needs", ["logs-policy", "logs-object-lock"])
def test_what_uses_the_buckets_name_waits_for_its_policy_and_its_lock(needs: str) -> None:
    def program() -> None:
        bucket = LogBucket("logs", ARGS)
        aws.cloudtrail.Trail("trail", name="Trail", s3_bucket_name=bucket.log_bucket_name)

    trail = deploy(program).only("Trail")

    assert any(urn.endswith(f"::{needs}") for urn in trail.dependencies)
