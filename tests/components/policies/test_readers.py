from dataclasses import replace
from typing import Any, cast

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.document import Document
from cloudtrail_guard.policies.readers import (
    LogSource,
    QueryAccess,
    integrity_policy,
    reader_policy,
)

from tests.components.conftest import ORGANIZATION_TRAIL, SECURITY
from tests.components.policies.test_actions import actions, exists

KEY = f"arn:aws:kms:eu-west-1:{SECURITY}:key/1"
RESULTS_KEY = f"arn:aws:kms:eu-west-1:{SECURITY}:key/2"
SOURCE = LogSource(bucket="org-logs", key_arn=KEY, trails=(ORGANIZATION_TRAIL,))
QUERIES = QueryAccess(
    workgroup="audit",
    database="audit_logs",
    results_bucket="org-results",
    results_key_arn=RESULTS_KEY,
)


def statements(policy: Document) -> dict[str, dict[str, Any]]:
    return {s["Sid"]: s for s in cast("list[dict[str, Any]]", policy["Statement"])}


def test_readers_list_and_get_what_lies_under_the_logs_prefix() -> None:
    policy = statements(reader_policy(SOURCE))

    assert policy["ListLogs"]["Resource"] == "arn:aws:s3:::org-logs"
    assert policy["ListLogs"]["Condition"] == {
        "StringLike": {"s3:prefix": ["AWSLogs", "AWSLogs/*"]}
    }
    assert policy["GetLogs"]["Resource"] == "arn:aws:s3:::org-logs/AWSLogs/*"


def test_readers_decrypt_what_these_trails_encrypted() -> None:
    decrypt = statements(reader_policy(SOURCE))["DecryptLogs"]

    assert (decrypt["Action"], decrypt["Resource"]) == (["kms:Decrypt"], KEY)
    assert decrypt["Condition"] == {
        "StringLike": {
            "kms:EncryptionContext:aws:cloudtrail:arn": (
                "arn:aws:cloudtrail:*:123456789012:trail/SecurityAuditTrail"
            )
        }
    }


@pytest.mark.parametrize("queries", [None, QUERIES])
def test_a_reader_changes_no_log_whatever_else_it_is_allowed(queries: QueryAccess | None) -> None:
    deny = statements(reader_policy(SOURCE, queries))["DenyChangingLogs"]

    assert deny["Effect"] == "Deny"
    assert deny["Resource"] == ["arn:aws:s3:::org-logs", "arn:aws:s3:::org-logs/*"]
    assert {"s3:PutObject", "s3:DeleteObjectVersion", "s3:PutBucketPolicy"} <= set(deny["Action"])
    assert "Condition" not in deny


def test_without_a_query_layer_nothing_is_written_at_all() -> None:
    allowed = [s for s in statements(reader_policy(SOURCE)).values() if s["Effect"] == "Allow"]

    assert [s["Sid"] for s in allowed] == ["LocateLogs", "ListLogs", "GetLogs", "DecryptLogs"]


def test_queries_reach_one_workgroup_one_database_and_its_results() -> None:
    policy = statements(reader_policy(SOURCE, QUERIES))

    here = f"eu-west-1:{SECURITY}"
    assert policy["QueryLogs"]["Resource"] == f"arn:aws:athena:{here}:workgroup/audit"
    assert policy["ReadTable"]["Resource"] == [
        f"arn:aws:glue:{here}:catalog",
        f"arn:aws:glue:{here}:database/audit_logs",
        f"arn:aws:glue:{here}:table/audit_logs/*",
    ]
    assert policy["KeepResults"]["Resource"] == "arn:aws:s3:::org-results/*"
    assert policy["EncryptResults"]["Resource"] == RESULTS_KEY
    assert not any("Delete" in a or "Create" in a for a in policy["QueryLogs"]["Action"])


def test_every_action_is_one_that_aws_knows() -> None:
    policy = reader_policy(SOURCE, QUERIES)

    assert {action for action in actions(policy) if not exists(action)} == set()


def test_logs_of_member_trails_are_decrypted_in_every_account() -> None:
    policy = statements(reader_policy(replace(SOURCE, member_trails=("DataAccess",))))

    contexts = policy["DecryptLogs"]["Condition"]["StringLike"]
    assert contexts["kms:EncryptionContext:aws:cloudtrail:arn"] == [
        "arn:aws:cloudtrail:*:123456789012:trail/SecurityAuditTrail",
        "arn:aws:cloudtrail:*:*:trail/DataAccess",
    ]


def test_the_integrity_role_reads_logs_and_public_keys_and_no_more() -> None:
    policy = integrity_policy(SOURCE)

    assert set(statements(policy)) == {
        *("LocateLogs", "ListLogs", "GetLogs", "DecryptLogs", "ListPublicKeys"),
        "DenyChangingLogs",
    }
    assert {action for action in actions(policy) if not exists(action)} == set()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (LogSource(bucket="b", key_arn=KEY, trails=()), "no trail is named"),
        (LogSource(bucket="b", key_arn="k", trails=(ORGANIZATION_TRAIL,)), "log key 'k' is not"),
        (LogSource(bucket="b", key_arn=KEY, trails=("T",)), "trail 'T' is not an ARN"),
    ],
)
def test_a_source_that_is_none_is_refused(source: LogSource, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        reader_policy(source)
