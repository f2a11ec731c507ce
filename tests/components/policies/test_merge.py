import json

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import to_json
from cloudtrail_guard.policies.log_bucket import (
    BUCKET_POLICY_SIDS,
    LogBucketAccess,
    log_bucket_policy,
)
from cloudtrail_guard.policies.merge import merge_policies
from cloudtrail_guard.quotas import BUCKET_POLICY

THEIRS = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "x"}


def policy(*statements: object, **fields: object) -> str:
    return json.dumps({"Version": "2012-10-17", **fields, "Statement": list(statements)})


@pytest.mark.parametrize("nothing", [None, ""])
def test_where_there_is_no_policy_ours_is_the_policy(
    access: LogBucketAccess, nothing: str | None
) -> None:
    ours = log_bucket_policy(access)

    assert merge_policies(nothing, ours, BUCKET_POLICY_SIDS, BUCKET_POLICY).policy == ours


def test_existing_statements_survive_before_ours(access: LogBucketAccess) -> None:
    ours = log_bucket_policy(access)
    nameless = {k: v for k, v in THEIRS.items() if k != "Sid"}

    merged = merge_policies(
        policy(THEIRS, nameless, Id="kept"), ours, BUCKET_POLICY_SIDS, BUCKET_POLICY
    )

    assert merged.kept == 2
    assert merged.replaced == ()
    assert merged.policy["Id"] == "kept"
    assert merged.policy["Statement"] == [THEIRS, nameless, *ours["Statement"]]  # type: ignore[misc]


def test_a_single_statement_may_stand_without_a_list(access: LogBucketAccess) -> None:
    existing = json.dumps({"Version": "2012-10-17", "Statement": THEIRS})

    assert (
        merge_policies(existing, log_bucket_policy(access), BUCKET_POLICY_SIDS, BUCKET_POLICY).kept
        == 1
    )


def test_the_guides_own_statements_give_way_to_ours(access: LogBucketAccess) -> None:
    guides = {
        "Sid": "AWSCloudTrailWrite20150319",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::org-logs/AWSLogs/*",
    }
    ours = log_bucket_policy(access)

    merged = merge_policies(policy(guides), ours, BUCKET_POLICY_SIDS, BUCKET_POLICY)

    assert merged.replaced == ("AWSCloudTrailWrite20150319",)
    assert merged.policy == ours


def test_merging_again_changes_nothing(access: LogBucketAccess) -> None:
    ours = log_bucket_policy(access)
    once = merge_policies(policy(THEIRS), ours, BUCKET_POLICY_SIDS, BUCKET_POLICY)

    twice = merge_policies(to_json(once.policy), ours, BUCKET_POLICY_SIDS, BUCKET_POLICY)

    assert twice.policy == once.policy
    assert twice.replaced == ()


def test_an_older_version_is_raised_where_that_changes_no_meaning(access: LogBucketAccess) -> None:
    merged = merge_policies(
        policy(THEIRS, Version="2008-10-17"),
        log_bucket_policy(access),
        BUCKET_POLICY_SIDS,
        BUCKET_POLICY,
    )

    assert merged.policy["Version"] == "2012-10-17"


@pytest.mark.parametrize(
    ("existing", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        (policy({**THEIRS, "Sid": ["Theirs"]}), "a Sid that is no text"),
        ("[]", "no JSON object"),
        ('{"Version": "2012-10-17", "Statement": ["x"]}', "not an object"),
        ('{"Version": "2012-10-17"}', "not an object"),
        (policy({**THEIRS, "Resource": "${aws:x}"}, Version="2008-10-17"), "policy variable"),
        (
            policy(*({**THEIRS, "Sid": f"Theirs{number}"} for number in range(250))),
            "more than AWS allows .* the 250 existing statements",
        ),
    ],
)
def test_a_policy_that_cannot_be_merged_is_refused(
    access: LogBucketAccess, existing: str, message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        merge_policies(existing, log_bucket_policy(access), BUCKET_POLICY_SIDS, BUCKET_POLICY)
