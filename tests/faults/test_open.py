"""What counts as open where an `up` stopped half-way."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.faults.open import opened

FINAL: dict[str, Any] = {
    "s3 111122223333 aws": {
        "buckets": {
            "logs": {
                "policy": '{"Statement": [{"Sid": "DenyTampering"}]}',
                "public_access_block": {"block_public_acls": True},
                "versioning_status": "Enabled",
                "creation_date": "<time>",
                "keys": {},
            }
        }
    },
    "cloudtrail 123456789012 us-east-1": {
        "trails": {
            "T": {
                "trail_name": "T",
                "bucket_name": "logs",
                "kms_key_id": "key",
                "status": {"is_logging": True},
            }
        }
    },
}
BUCKET = ("s3 111122223333 aws", "buckets", "logs")
TRAIL = ("cloudtrail 123456789012 us-east-1", "trails", "T")


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ((*BUCKET, "keys"), {"AWSLogs/1": {}}, []),
        ((*BUCKET, "creation_date"), "later", []),
        (
            (*BUCKET, "versioning_status"),
            None,
            ["trail T logs, and versioning_status of bucket logs is None"],
        ),
        ((*BUCKET, "public_access_block"), None, ["may become public", "public_access_block of"]),
        (
            (*BUCKET, "policy"),
            '{"Statement": [{"Effect": "Allow", "Principal": "*"}]}',
            ["a document of no undisturbed up", "policy of bucket logs"],
        ),
        ((*TRAIL, "kms_key_id"), None, ["trail T logs without a key"]),
    ],
)
def test_what_is_not_yet_as_it_will_be_is_open_where_it_matters(
    place: tuple[str, ...], value: object, said: list[str]
) -> None:
    half_way = copy.deepcopy(FINAL)
    at: Any = half_way
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value

    found = opened(half_way, FINAL)

    assert len(found) == len(said)
    for part, whole in zip(said, found, strict=True):
        assert part in whole


@pytest.mark.parametrize("logs", [True, False])
def test_a_bucket_without_its_policy_is_open_only_for_a_trail_that_logs(logs: bool) -> None:
    half_way = copy.deepcopy(FINAL)
    half_way[TRAIL[0]]["trails"]["T"]["status"]["is_logging"] = logs
    del half_way[BUCKET[0]]["buckets"]["logs"]["policy"]

    assert bool(opened(half_way, FINAL)) is logs


@pytest.mark.parametrize(
    ("policy", "is_open"),
    [
        ({"Id": "__default_policy_ID", "Statement": [{"Effect": "Allow"}]}, False),
        ('{"Id": "queue/SQSDefaultPolicy", "Statement": []}', False),
        ({"Id": "another", "Statement": [{"Effect": "Allow"}]}, True),
        ('{"Statement": [{"Effect": "Allow"}]}', True),
    ],
)
def test_what_a_topic_or_a_queue_has_from_the_start_is_not_open(
    policy: object, is_open: bool
) -> None:
    assert bool(opened({**FINAL, "sns 1 us-east-1": {"policy": policy}}, FINAL)) is is_open


def test_ids_that_are_named_only_later_make_no_difference() -> None:
    policy = '{"Statement": [{"Effect": "Allow", "Resource": "key/%s"}]}'
    final = {**FINAL, "iam 1 aws": {"policy": policy % "<logs-key Key>"}}

    assert opened({**FINAL, "iam 1 aws": {"policy": policy % "<random>"}}, final) == []


def test_what_has_the_same_name_without_its_id_is_not_lost() -> None:
    policies = ['{"Statement": [{"Sid": "A"}]}', '{"Statement": [{"Sid": "B"}]}']
    now = {"kms 1 us-east-1": {"keys": {"<random>": [{"policy": each} for each in policies]}}}
    named = {"<logs-key Key>": {"policy": policies[0]}, "<random>": {"policy": policies[1]}}
    final = {"kms 1 us-east-1": {"keys": named}}

    assert opened({**FINAL, **now}, {**FINAL, **final}) == []
    assert len(opened({**FINAL, **now}, {**FINAL, "kms 1 us-east-1": {"keys": {}}})) == 2
