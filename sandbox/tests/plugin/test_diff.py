"""What a deployment would change, and what not."""

from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.values import UNKNOWN
from sandbox.tests.plugin.world import READ, READ_REORDERED, TRUST, WRITE

BUCKET = "aws:s3/bucket:Bucket"
ENCRYPTION = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
IAM_POLICY = "aws:iam/policy:Policy"
KEY = "aws:kms/key:Key"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
ROLE = "aws:iam/role:Role"
ROLE_POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SCP = "aws:organizations/policy:Policy"
TRAIL = "aws:cloudtrail/trail:Trail"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

AES = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
KMS = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}
CATEGORY = {"field": "eventCategory", "equals": ["Data"]}
KIND = {"field": "resources.type", "equals": ["AWS::S3::Object"]}


def _selector(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"advancedEventSelectors": [{"name": "s", "fieldSelectors": [*fields]}]}


@pytest.mark.parametrize(
    ("token", "state", "inputs"),
    [
        pytest.param(KEY, {"description": "d"}, {"description": "d"}, id="equal"),
        pytest.param(KEY, {}, {"description": "", "isEnabled": False}, id="zero and absent"),
        pytest.param(KEY, {"enableKeyRotation": False}, {}, id="absent and zero"),
        pytest.param(KEY, {"policy": READ}, {}, id="filled in by AWS"),
        pytest.param(
            BUCKET,
            {
                "versioning": {"enabled": True},
                "requestPayer": "BucketOwner",
                "objectLockEnabled": 1,
            },
            {},
            id="read from the live bucket",
        ),
        pytest.param(
            ENCRYPTION,
            {"rules": [{**AES, "bucketKeyEnabled": False, "blockedEncryptionTypes": ["NONE"]}]},
            {"rules": [AES]},
            id="filled in by AWS inside a set",
        ),
        pytest.param(KEY, {"policy": READ}, {"policy": READ_REORDERED}, id="equivalent policies"),
        pytest.param(IAM_POLICY, {"policy": READ}, {"policy": READ_REORDERED}, id="IAM policies"),
        pytest.param(
            ROLE,
            {"inlinePolicies": [{"name": "a", "policy": READ}, {"name": "b", "policy": WRITE}]},
            {
                "inlinePolicies": [
                    {"name": "b", "policy": WRITE},
                    {"name": "a", "policy": READ_REORDERED},
                ]
            },
            id="equivalent policies in a set of another order",
        ),
        pytest.param(SCP, {"content": '{"a": 1}'}, {"content": '{"a":1}'}, id="equal JSON"),
        pytest.param(TRAIL, _selector(CATEGORY, KIND), _selector(KIND, CATEGORY), id="set"),
        pytest.param(
            LIFECYCLE,
            {"rules": [{"id": "r", "filter": {"prefix": ""}}]},
            {"rules": [{"id": "r", "filter": {}}]},
            id="empty objects",
        ),
        pytest.param(
            TRAIL,
            {"eventSelectors": [{"readWriteType": "All", "dataResources": []}]},
            {"eventSelectors": [{"readWriteType": "All", "__defaults": ["readWriteType"]}]},
            id="the list of defaults",
        ),
    ],
)
def test_there_is_no_change_between(
    token: str, state: dict[str, Any], inputs: dict[str, Any], provider: Provider
) -> None:
    assert provider.diff(token, state, inputs).changes == []


@pytest.mark.parametrize(
    ("token", "state", "inputs", "changes"),
    [
        pytest.param(KEY, {}, {"description": "d"}, {"description": "add"}, id="added"),
        pytest.param(
            KEY, {"description": "a"}, {"description": "b"}, {"description": "update"}, id="changed"
        ),
        pytest.param(
            KEY,
            {"isEnabled": False},
            {"isEnabled": True},
            {"isEnabled": "update"},
            id="switched on",
        ),
        pytest.param(
            KEY,
            {"isEnabled": True},
            {"isEnabled": False},
            {"isEnabled": "update"},
            id="switched off",
        ),
        pytest.param(
            TRAIL, {"kmsKeyId": "arn"}, {}, {"kmsKeyId": "delete"}, id="taken away, not computed"
        ),
        pytest.param(
            TRAIL, {"kmsKeyId": "arn"}, {"kmsKeyId": UNKNOWN}, {"kmsKeyId": "update"}, id="unknown"
        ),
        pytest.param(TRAIL, {}, {"kmsKeyId": UNKNOWN}, {"kmsKeyId": "add"}, id="unknown and new"),
        pytest.param(
            BUCKET,
            {"tags": {"a": "1", "b": "1"}},
            {"tags": {"a": "2", "c.d": "1"}},
            {"tags.a": "update", "tags.b": "delete", 'tags["c.d"]': "add"},
            id="keys of a map",
        ),
        pytest.param(
            LIFECYCLE,
            {"rules": [{"id": "a", "expiration": {"days": 1}}, {"id": "b"}]},
            {"rules": [{"id": "a", "expiration": {"days": 2}}]},
            {"rules[0].expiration.days": "update", "rules[1]": "delete"},
            id="items of a list",
        ),
        pytest.param(
            LIFECYCLE,
            {"rules": [{"id": "a"}]},
            {"rules": [{"id": "b"}, {"id": "a"}]},
            {"rules[0].id": "update", "rules[1]": "add"},
            id="lists in order",
        ),
        pytest.param(
            ENCRYPTION,
            {"rules": [AES]},
            {"rules": [KMS]},
            {"rules[0].applyServerSideEncryptionByDefault.sseAlgorithm": "update"},
            id="the one item of a set",
        ),
        pytest.param(
            TRAIL,
            {"insightSelectors": [{"insightType": "ApiCallRateInsight"}]},
            {
                "insightSelectors": [
                    {"insightType": "ApiErrorRateInsight"},
                    {"insightType": "ApiCallRateInsight"},
                ]
            },
            {"insightSelectors[0]": "add"},
            id="one more item of a set",
        ),
        pytest.param(
            TRAIL,
            {"insightSelectors": [{"insightType": "a"}, {"insightType": "b"}]},
            {"insightSelectors": [{"insightType": "b"}]},
            {"insightSelectors[1]": "delete"},
            id="one item of a set less",
        ),
        pytest.param(
            SCP, {"content": "[1, 2]"}, {"content": "[2, 1]"}, {"content": "update"}, id="JSON"
        ),
        pytest.param(
            LOCK,
            {"rule": {"defaultRetention": {"days": 1, "mode": "GOVERNANCE"}}},
            {},
            {"rule": "delete"},
            id="an object as a whole",
        ),
        pytest.param(
            BUCKET,
            {"tagsAll": {"team": "a"}},
            {"tagsAll": {"team": "b"}},
            {"tagsAll.team": "update"},
            id="the provider's default tags",
        ),
    ],
)
def test_there_is_a_change(
    token: str,
    state: dict[str, Any],
    inputs: dict[str, Any],
    changes: dict[str, str],
    provider: Provider,
) -> None:
    diff = provider.diff(token, state, inputs)

    assert {str(change.place): change.kind for change in diff.changes} == changes
    assert diff.replaces == []


@pytest.mark.parametrize(
    ("token", "state", "inputs", "replaces"),
    [
        (BUCKET, {"bucket": "a"}, {"bucket": "b"}, ["bucket"]),
        (BUCKET, {"bucket": "a"}, {"bucket": UNKNOWN}, ["bucket"]),
        (BUCKET, {"region": "us-east-1"}, {"region": "eu-west-1"}, ["region"]),
        (BUCKET, {}, {"objectLockEnabled": True}, ["objectLockEnabled"]),
        (
            BUCKET,
            {},
            {"objectLockConfiguration": {"objectLockEnabled": "Enabled"}},
            ["objectLockConfiguration"],
        ),
        (KEY, {"multiRegion": True}, {}, []),
        (KEY, {}, {"multiRegion": True}, ["multiRegion"]),
        (SCP, {"type": "TAG_POLICY", "name": "a"}, {"type": "X", "name": "b"}, ["type"]),
    ],
)
def test_some_changes_replace_the_resource(
    token: str,
    state: dict[str, Any],
    inputs: dict[str, Any],
    replaces: list[str],
    provider: Provider,
) -> None:
    assert provider.diff(token, state, inputs).replaces == replaces


@pytest.mark.parametrize(
    ("token", "state", "inputs", "first"),
    [
        pytest.param(TRAIL, {"name": "a"}, {"name": "b", "__defaults": []}, True, id="own name"),
        pytest.param(
            TRAIL, {"name": "a"}, {"name": "b", "__defaults": ["name"]}, False, id="automatic name"
        ),
        pytest.param(
            ROLE_POLICY_ATTACHMENT, {"role": "a"}, {"role": "b"}, True, id="an attachment"
        ),
        pytest.param(TRAIL, {"name": "a"}, {"name": "a", "kmsKeyId": "b"}, False, id="in place"),
    ],
)
def test_what_is_in_its_replacements_way_is_deleted_first(
    token: str, state: dict[str, Any], inputs: dict[str, Any], first: bool, provider: Provider
) -> None:
    assert provider.diff(token, state, inputs).delete_before_replace is first


def test_what_replaces_but_has_not_changed_is_stable(provider: Provider) -> None:
    diff = provider.diff(TRAIL, {"name": "a"}, {"name": "b"})

    assert diff.stable == ["region"]


@pytest.mark.parametrize(
    ("ignore", "changes"),
    [
        (["tags"], ["description"]),
        (['tags["a.b"]'], ["description", "tags.c"]),
        (["description"], ['tags["a.b"]', "tags.c"]),
        (["*"], []),
    ],
)
def test_ignored_changes_do_not_count(
    ignore: list[str], changes: list[str], provider: Provider
) -> None:
    state = {"description": "a", "tags": {"a.b": "1", "c": "1"}}
    inputs = {"description": "b", "tags": {"a.b": "2", "c": "2"}}

    diff = provider.diff(KEY, state, inputs, ignore)

    assert [str(change.place) for change in diff.changes] == changes


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_versioning_cannot_go_back_to_disabled(status: str, provider: Provider) -> None:
    state = {"versioningConfiguration": {"status": status}}
    inputs = {"versioningConfiguration": {"status": "Disabled"}}

    with pytest.raises(ResourceError) as caught:
        provider.diff(VERSIONING, state, inputs)

    assert str(caught.value) == (
        f"versioning_configuration.status cannot be updated from '{status}' to 'Disabled'"
    )


def test_a_trust_policy_that_is_not_known_yet_is_a_change(provider: Provider) -> None:
    diff = provider.diff(ROLE, {"assumeRolePolicy": TRUST}, {"assumeRolePolicy": UNKNOWN})

    assert [str(change.place) for change in diff.changes] == ["assumeRolePolicy"]
