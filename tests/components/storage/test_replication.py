from dataclasses import replace

import pytest
from cloudtrail_guard.arns import Location
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.storage.replication import (
    check_replica,
    check_replication_role,
    location_of_key,
    replication_rule,
)

KEY = "arn:aws:kms:eu-central-1:111122223333:key/2"


def test_everything_is_replicated_but_delete_markers() -> None:
    rule = replication_rule(partition="aws", bucket="r", key=KEY, replication_time=False)

    assert rule["filter"] == {}
    assert rule["delete_marker_replication"] == {"status": "Disabled"}
    assert rule["source_selection_criteria"] == {"sse_kms_encrypted_objects": {"status": "Enabled"}}
    assert rule["destination"] == {
        "bucket": "arn:aws:s3:::r",
        "encryption_configuration": {"replica_kms_key_id": KEY},
    }


def test_the_promise_of_time_comes_with_its_measure() -> None:
    rule = replication_rule(partition="aws", bucket="r", key=KEY, replication_time=True)

    assert rule["destination"]["replication_time"]["time"] == {"minutes": 15}
    assert rule["destination"]["metrics"]["event_threshold"] == {"minutes": 15}


def test_the_owner_is_named_where_it_is_another_account() -> None:
    rule = replication_rule(
        partition="aws", bucket="r", key=KEY, replication_time=False, account="111122223333"
    )

    assert rule["destination"]["account"] == "111122223333"


def test_the_replica_is_where_its_key_is_in_the_partition_of_the_log_bucket() -> None:
    assert location_of_key(key=KEY, partition="aws") == Location(
        partition="aws", region="eu-central-1", account="111122223333"
    )
    with pytest.raises(InvalidValueError, match="of partition aws, and the log bucket of aws-cn"):
        location_of_key(key=KEY, partition="aws-cn")


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("arn:aws:iam::111122223333:role/replicate", "of the replica's own account"),
        ("arn:aws-cn:iam::444455556666:role/replicate", "within one partition"),
        ("arn:aws:s3:::org-logs", "is not an ARN of the form"),
    ],
)
def test_a_role_that_copies_from_no_other_account_is_refused(role: str, message: str) -> None:
    replica = Location(partition="aws", region="eu-central-1", account="111122223333")

    with pytest.raises(InvalidValueError, match=message):
        check_replication_role(role, replica)


HERE = Location(partition="aws", region="eu-west-1", account="111122223333")
ANOTHER_REGION = replace(HERE, region="eu-central-1")
ANOTHER_ACCOUNT = replace(HERE, account="444455556666")


@pytest.mark.parametrize("replica", [ANOTHER_REGION, ANOTHER_ACCOUNT], ids=["region", "account"])
def test_a_replica_is_in_another_region_or_another_account(replica: Location) -> None:
    check_replica(source_bucket="org-logs", source=HERE, bucket="copies", replica=replica)


@pytest.mark.parametrize(
    ("bucket", "replica", "message"),
    [
        ("copies", HERE, "replica region 'eu-west-1' is the log bucket's own, in the same account"),
        ("org-logs", ANOTHER_REGION, "replica bucket 'org-logs' is the log bucket itself"),
        ("org-logs", ANOTHER_ACCOUNT, "replica bucket 'org-logs' is the log bucket itself"),
    ],
)
def test_a_replica_that_would_be_lost_with_its_source_is_refused(
    bucket: str, replica: Location, message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        check_replica(source_bucket="org-logs", source=HERE, bucket=bucket, replica=replica)
