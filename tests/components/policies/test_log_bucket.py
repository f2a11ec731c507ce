import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.operations import Target, actions_on
from cloudtrail_guard.policies.log_bucket import (
    BUCKET_POLICY_SIDS,
    LogBucketAccess,
    log_bucket_policy,
)

BUCKET = "arn:aws:s3:::org-logs"
TRAIL = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/SecurityAuditTrail"
BREAK_GLASS = "arn:aws:iam::111122223333:role/AdminRole"
DEPLOYER = "arn:aws:iam::111122223333:role/pipeline/Deploy"
DATA_TRAIL = "arn:aws:cloudtrail:eu-west-1:444455556666:trail/DataAccess"


def statements(policy: Mapping[str, object]) -> dict[str, dict[str, Any]]:
    listed = cast("list[dict[str, Any]]", policy["Statement"])
    by_sid = {statement["Sid"]: statement for statement in listed}
    assert len(by_sid) == len(listed), "a bucket policy's Sids must be unique"
    return by_sid


def test_the_guides_acl_check_is_there_and_bound_to_the_trail(access: LogBucketAccess) -> None:
    assert statements(log_bucket_policy(access))["AWSCloudTrailAclCheck20150319"] == {
        "Sid": "AWSCloudTrailAclCheck20150319",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:GetBucketAcl",
        "Resource": BUCKET,
        "Condition": {"StringEquals": {"aws:SourceArn": TRAIL}},
    }


@pytest.mark.parametrize(
    ("sid", "prefix"),
    [
        ("AWSCloudTrailWrite20150319", "AWSLogs/123456789012/*"),
        ("AWSCloudTrailOrganizationWrite20150319", "AWSLogs/o-a1b2c3d4e5/*"),
    ],
)
def test_the_guides_write_is_split_by_prefix_and_bound_to_the_trail(
    access: LogBucketAccess, sid: str, prefix: str
) -> None:
    assert statements(log_bucket_policy(access))[sid] == {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{BUCKET}/{prefix}",
        "Condition": {
            "StringEquals": {
                "s3:x-amz-acl": "bucket-owner-full-control",
                "aws:SourceArn": TRAIL,
                "aws:SourceOrgID": "o-a1b2c3d4e5",
            }
        },
    }


def test_the_guides_deny_of_deletion_lets_only_break_glass_through(access: LogBucketAccess) -> None:
    assert statements(log_bucket_policy(access))["DenyDeleteCloudTrailLogs"] == {
        "Sid": "DenyDeleteCloudTrailLogs",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions_on(Target.OBJECTS),
        "Resource": f"{BUCKET}/*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": BREAK_GLASS}},
    }


def test_the_bucket_can_be_changed_by_break_glass_and_deployer_alone(
    access: LogBucketAccess,
) -> None:
    deny = statements(log_bucket_policy(access))["DenyLogBucketTampering"]

    assert deny["Effect"] == "Deny"
    assert deny["Principal"] == "*"
    assert deny["Resource"] == BUCKET
    assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]}}
    assert {
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:PutLifecycleConfiguration",
        "s3:PutBucketVersioning",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutEncryptionConfiguration",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketAcl",
        "s3:PutBucketLogging",
        "s3:PutBucketNotification",
        "s3:PutReplicationConfiguration",
    } <= set(deny["Action"])


def test_nobody_but_an_aws_service_writes_where_logs_lie(access: LogBucketAccess) -> None:
    assert statements(log_bucket_policy(access))["DenyLogForgery"] == {
        "Sid": "DenyLogForgery",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"{BUCKET}/AWSLogs/*",
        "Condition": {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
    }


def test_nobody_outside_the_organization_gets_in_and_exempt_roles_never_get_locked_out(
    access: LogBucketAccess,
) -> None:
    deny = statements(log_bucket_policy(access))["DenyOutsideOrganization"]

    assert deny["Action"] == "s3:*"
    assert deny["Resource"] == [BUCKET, f"{BUCKET}/*"]
    assert deny["Condition"] == {
        "StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
        "ArnNotLike": {"aws:PrincipalArn": [BREAK_GLASS, DEPLOYER]},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }


@pytest.mark.parametrize(
    ("sid", "condition"),
    [
        ("DenyInsecureTransport", {"Bool": {"aws:SecureTransport": "false"}}),
        ("DenyOutdatedTransport", {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ],
)
def test_requests_without_current_tls_are_denied(
    access: LogBucketAccess, sid: str, condition: dict[str, object]
) -> None:
    deny = statements(log_bucket_policy(access))[sid]

    assert (deny["Effect"], deny["Principal"], deny["Action"]) == ("Deny", "*", "s3:*")
    assert deny["Resource"] == [BUCKET, f"{BUCKET}/*"]
    assert deny["Condition"] == condition


def test_readers_read_logs_and_do_nothing_else(access: LogBucketAccess) -> None:
    reader = "arn:aws:iam::111122223333:role/Investigator"

    policy = statements(log_bucket_policy(replace(access, readers=(reader,))))

    allowed = [s for s in policy.values() if s["Effect"] == "Allow" and "AWS" in s["Principal"]]
    assert [(s["Principal"], s["Action"], s["Resource"]) for s in allowed] == [
        ({"AWS": reader}, ["s3:GetBucketLocation", "s3:ListBucket"], BUCKET),
        ({"AWS": reader}, ["s3:GetObject", "s3:GetObjectVersion"], f"{BUCKET}/AWSLogs/*"),
    ]


def test_an_account_trail_gets_its_accounts_prefix_and_not_the_organizations(
    access: LogBucketAccess,
) -> None:
    policy = statements(log_bucket_policy(replace(access, account_trails=(DATA_TRAIL,))))

    write = policy["AWSCloudTrailWrite20150319"]
    assert write["Resource"] == [
        f"{BUCKET}/AWSLogs/123456789012/*",
        f"{BUCKET}/AWSLogs/444455556666/*",
    ]
    assert write["Condition"]["StringEquals"]["aws:SourceArn"] == [TRAIL, DATA_TRAIL]
    organization = policy["AWSCloudTrailOrganizationWrite20150319"]
    assert organization["Condition"]["StringEquals"]["aws:SourceArn"] == TRAIL
    acl_check = policy["AWSCloudTrailAclCheck20150319"]
    assert acl_check["Condition"]["StringEquals"]["aws:SourceArn"] == [TRAIL, DATA_TRAIL]


def test_the_source_organization_can_be_left_out_of_the_writes(access: LogBucketAccess) -> None:
    policy = statements(log_bucket_policy(replace(access, require_source_org_id=False)))

    for sid in ("AWSCloudTrailWrite20150319", "AWSCloudTrailOrganizationWrite20150319"):
        assert "aws:SourceOrgID" not in policy[sid]["Condition"]["StringEquals"]


def test_without_an_organization_one_account_is_enough(access: LogBucketAccess) -> None:
    alone = replace(
        access, organization_trail=None, organization_id=None, account_trails=(DATA_TRAIL,)
    )

    policy = statements(log_bucket_policy(alone))

    assert "AWSCloudTrailOrganizationWrite20150319" not in policy
    assert "DenyOutsideOrganization" not in policy
    assert policy["AWSCloudTrailWrite20150319"]["Condition"] == {
        "StringEquals": {
            "s3:x-amz-acl": "bucket-owner-full-control",
            "aws:SourceArn": DATA_TRAIL,
        }
    }


@pytest.mark.parametrize(
    ("partition", "region"), [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1")]
)
def test_every_arn_follows_the_trails_partition(partition: str, region: str) -> None:
    access = LogBucketAccess(
        bucket="org-logs",
        organization_trail=f"arn:{partition}:cloudtrail:{region}:123456789012:trail/Trail",
        organization_id="o-a1b2c3d4e5",
        break_glass=(f"arn:{partition}:iam::111122223333:role/AdminRole",),
        deployers=(f"arn:{partition}:iam::111122223333:role/Deploy",),
    )

    assert "arn:aws:" not in str(log_bucket_policy(access))


def test_no_allow_is_for_everybody_and_no_service_is_allowed_without_a_condition(
    access: LogBucketAccess,
) -> None:
    policy = log_bucket_policy(
        replace(access, readers=("arn:aws:iam::111122223333:role/R",), account_trails=(DATA_TRAIL,))
    )

    for statement in statements(policy).values():
        if statement["Effect"] == "Allow":
            assert statement["Principal"] != "*"
            assert "Service" not in statement["Principal"] or "Condition" in statement


def test_a_member_trail_writes_under_its_own_account_and_only_from_the_organization(
    access: LogBucketAccess,
) -> None:
    policy = statements(log_bucket_policy(replace(access, member_trails=("DataAccess", "Lambda"))))

    trails = [
        "arn:aws:cloudtrail:*:*:trail/DataAccess",
        "arn:aws:cloudtrail:*:*:trail/Lambda",
    ]
    assert policy["AWSCloudTrailMemberWrite"] == {
        "Sid": "AWSCloudTrailMemberWrite",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{BUCKET}/AWSLogs/${{aws:SourceAccount}}/*",
        "Condition": {
            "ArnLike": {"aws:SourceArn": trails},
            "StringEquals": {
                "aws:SourceOrgID": "o-a1b2c3d4e5",
                "s3:x-amz-acl": "bucket-owner-full-control",
            },
        },
    }
    assert policy["AWSCloudTrailMemberAclCheck"]["Action"] == "s3:GetBucketAcl"
    assert policy["AWSCloudTrailMemberAclCheck"]["Condition"] == {
        "ArnLike": {"aws:SourceArn": trails},
        "StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
    }


def test_every_sid_is_known_to_the_merge(access: LogBucketAccess) -> None:
    full = replace(
        access,
        member_trails=("DataAccess",),
        readers=("arn:aws:iam::111122223333:role/R",),
    )

    assert set(statements(log_bucket_policy(full))) <= BUCKET_POLICY_SIDS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"organization_trail": None}, "admits no trail"),
        ({"organization_id": None}, "without an organization id"),
        (
            {
                "organization_trail": None,
                "account_trails": (DATA_TRAIL,),
                "organization_id": None,
                "member_trails": ("DataAccess",),
            },
            "admits the member trails DataAccess without an organization id",
        ),
        ({"member_trails": ("Data*",)}, "without wildcards"),
        ({"break_glass": ()}, "no break-glass role"),
        ({"organization_trail": "SecurityAuditTrail"}, "'SecurityAuditTrail' is not an ARN"),
        ({"organization_trail": BUCKET}, "arn:<partition>:cloudtrail:"),
        ({"break_glass": ("arn:aws:iam::*:role/AdminRole",)}, "is not an ARN"),
        ({"break_glass": ("arn:aws:iam::111122223333:role/*",)}, "without wildcards"),
        ({"deployers": ("arn:aws:iam::111122223333:root",)}, "one role or user"),
        (
            {"readers": tuple(f"arn:aws:iam::111122223333:role/{i:0>60}" for i in range(250))},
            "more",
        ),
    ],
)
def test_a_policy_that_would_not_protect_or_not_be_accepted_is_refused(
    access: LogBucketAccess, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=re.escape(message)):
        log_bucket_policy(replace(access, **change))


def test_the_guides_actions_are_among_what_removes_logs() -> None:
    assert {
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:BypassGovernanceRetention",
        "s3:PutObjectRetention",
        "s3:PutObjectLegalHold",
    } <= set(actions_on(Target.OBJECTS))


def test_nothing_is_replicated_into_the_log_bucket(access: LogBucketAccess) -> None:
    deny = statements(log_bucket_policy(access))["DenyReplicationByOthers"]

    assert deny["Action"] == ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    assert deny["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": BREAK_GLASS}}
