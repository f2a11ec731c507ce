"""Bringing inputs into shape, and completing them."""

import json
from typing import Any

import pytest

from sandbox.plugin.defaults import Naming
from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.values import UNKNOWN
from sandbox.tests.plugin.conftest import Providers
from sandbox.tests.plugin.world import TRUST

BUCKET = "aws:s3/bucket:Bucket"
KEY = "aws:kms/key:Key"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
PUBLIC = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
ROLE = "aws:iam/role:Role"
SCP = "aws:organizations/policy:Policy"
TRAIL = "aws:cloudtrail/trail:Trail"

UNKNOWN_KEY = "Invalid or unknown key. Examine values at"
OTHER_PARTITION = "partition (aws-us-gov) for per-resource Region (us-gov-west-1) is not the"


def check(provider: Provider, token: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    checked = provider.check(token, "res", inputs, **more)
    assert checked.failures == []
    return checked.inputs


def reasons(provider: Provider, token: str, inputs: dict[str, Any]) -> list[str]:
    return [failure.reason for failure in provider.check(token, "res", inputs).failures]


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ({"blockPublicAcls": "true"}, {"blockPublicAcls": True}),
        ({"blockPublicAcls": None}, {}),
        ({"__internal": 1}, {}),
    ],
)
def test_values_come_into_the_schemas_types(
    given: dict[str, Any], normal: dict[str, Any], provider: Provider
) -> None:
    checked = check(provider, PUBLIC, {"bucket": "b", **given})

    assert checked == {"bucket": "b", "region": "us-east-1", "__defaults": [], **normal}


def test_numbers_and_texts_become_each_other(provider: Provider) -> None:
    assert check(provider, KEY, {"deletionWindowInDays": "7"})["deletionWindowInDays"] == 7
    assert check(provider, KEY, {"description": 7, "tags": {"a": True}})["tags"] == {"a": "true"}


def test_a_document_may_be_given_as_an_object(provider: Provider) -> None:
    trust = json.loads(TRUST)

    assert json.loads(check(provider, ROLE, {"assumeRolePolicy": trust})["assumeRolePolicy"]) == (
        trust
    )
    trust["Statement"][0]["Principal"] = UNKNOWN
    assert check(provider, ROLE, {"assumeRolePolicy": trust})["assumeRolePolicy"] is UNKNOWN


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        (KEY, {"deletionWindowInDays": 7.5}, "expected integer type, got number type"),
        (KEY, {"deletionWindowInDays": "a week"}, "expected integer type, got string type"),
        (KEY, {"enableKeyRotation": "yes"}, "expected boolean type, got string type"),
        (KEY, {"tags": ["a"]}, "expected map type, got list type"),
        (KEY, {"description": {"a": "b"}}, "expected string type, got object type"),
        (OBJECT, {"bucket": "b", "source": "file"}, "expected asset type, got string type"),
    ],
)
def test_a_value_of_another_type_is_refused(
    token: str, inputs: dict[str, Any], reason: str, provider: Provider
) -> None:
    (problem,) = reasons(provider, token, inputs)

    assert problem.startswith(f"{reason}. Examine values at 'res.")


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (
            {"bucket": "b", "ruls": []},
            f"{UNKNOWN_KEY} 'res.ruls'. Did you mean 'rules'?",
        ),
        (
            {"bucket": "b", "rules": [{"id": "r", "status": "Enabled", "expirations": {}}]},
            f"{UNKNOWN_KEY} 'res.rules[0].expirations'. Did you mean 'expiration'?",
        ),
        ({"rules": [{"id": "r", "status": "Enabled"}]}, "Missing required property 'bucket'"),
        (
            {"bucket": "b", "rules": [{"status": "Enabled"}]},
            "Missing required property 'rules[0].id'",
        ),
    ],
)
def test_unknown_and_missing_properties_are_named_with_their_place(
    inputs: dict[str, Any], reason: str, provider: Provider
) -> None:
    assert reasons(provider, LIFECYCLE, inputs) == [reason]


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("aws:s3/bukket:Bukket", "unknown resource type 'aws:s3/bukket:Bukket'"),
        (
            "aws:ec2/instance:Instance",
            "resource type 'aws:ec2/instance:Instance' is not emulated in the sandbox",
        ),
    ],
)
def test_a_type_that_is_not_here_is_an_error(token: str, message: str, provider: Provider) -> None:
    with pytest.raises(ResourceError, match=message):
        provider.check(token, "res", {})


def test_defaults_are_filled_in_and_listed_in_their_object(provider: Provider) -> None:
    checked = check(provider, TRAIL, {"name": "t-1", "s3BucketName": "b", "eventSelectors": [{}]})

    assert checked["enableLogging"] is True
    assert checked["__defaults"] == ["enableLogging", "includeGlobalServiceEvents"]
    assert checked["eventSelectors"] == [
        {
            "includeManagementEvents": True,
            "readWriteType": "All",
            "__defaults": ["includeManagementEvents", "readWriteType"],
        }
    ]


def test_a_default_of_the_deployment_before_stays_but_not_what_the_program_had_said(
    provider: Provider,
) -> None:
    old = {"keyUsage": "SIGN_VERIFY", "isEnabled": False, "__defaults": ["keyUsage"]}

    checked = check(provider, KEY, {}, old_inputs=old)

    assert (checked["keyUsage"], checked["isEnabled"]) == ("SIGN_VERIFY", True)


def test_a_name_is_made_of_the_logical_name_and_seven_hex_digits(provider: Provider) -> None:
    checked = provider.check(BUCKET, "LogBucket", {}).inputs

    prefix, _, suffix = checked["bucket"].rpartition("-")
    assert prefix == "logbucket"  # buckets are lower case
    assert len(suffix) == 7
    assert set(suffix) <= set("0123456789abcdef")
    assert "bucket" in checked["__defaults"]


def test_a_name_follows_from_its_seed_and_stays_at_the_next_check(provider: Provider) -> None:
    first = provider.check(SCP, "res", {"content": "{}"}, None, Naming("res", seed=b"one")).inputs
    again = provider.check(SCP, "res", {"content": "{}"}, None, Naming("res", seed=b"one")).inputs
    later = provider.check(SCP, "res", {"content": "{}"}, first, Naming("res", seed=b"two")).inputs

    assert first["name"] == again["name"] == later["name"]
    assert "name" in later["__defaults"]


def test_a_name_that_the_program_drops_is_made_anew(provider: Provider) -> None:
    named = check(provider, SCP, {"content": "{}", "name": "mine"})

    assert check(provider, SCP, {"content": "{}"}, old_inputs=named)["name"] != "mine"


def test_a_name_after_a_refresh_stays(provider: Provider) -> None:
    refreshed = {"content": "{}", "name": "res-1234567"}  # a refresh may drop __defaults

    assert check(provider, SCP, {"content": "{}"}, old_inputs=refreshed)["name"] == "res-1234567"


def test_a_prefix_takes_the_place_of_a_name(provider: Provider) -> None:
    assert "bucket" not in check(provider, BUCKET, {"bucketPrefix": "logs-"})


def test_an_object_is_named_by_its_logical_name_alone(provider: Provider) -> None:
    assert check(provider, OBJECT, {"bucket": "b"})["key"] == "res"


def test_a_logical_name_that_makes_too_long_a_name_is_refused(provider: Provider) -> None:
    (failure,) = provider.check(BUCKET, "x" * 60, {}).failures

    assert "is longer than the maximum length of 63: set 'bucket', or give" in failure.reason


@pytest.mark.parametrize(
    ("mode", "name"), [("propose", "proposed-res"), ("enforce", "Proposed-Res")]
)
def test_the_projects_own_naming_is_followed(mode: Any, name: str, provider: Provider) -> None:
    naming = Naming("res", proposed="Proposed-Res", mode=mode)

    assert provider.check(BUCKET, "res", {}, None, naming).inputs["bucket"] == name


def test_a_project_without_automatic_names_must_give_one(provider: Provider) -> None:
    (failure,) = provider.check(BUCKET, "res", {}, None, Naming("res", mode="disable")).failures

    assert "automatic naming is disabled but no explicit name was provided" in failure.reason


def test_the_region_is_an_input_of_every_regional_resource(provider: Provider) -> None:
    assert check(provider, BUCKET, {})["region"] == "us-east-1"
    assert check(provider, BUCKET, {"region": "eu-west-1"})["region"] == "eu-west-1"
    assert check(provider, BUCKET, {"region": UNKNOWN})["region"] is UNKNOWN
    assert "region" not in check(provider, ROLE, {"assumeRolePolicy": TRUST})


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        (
            "us-gov-west-1",
            f"{OTHER_PARTITION} provider's configured partition (aws)",
        ),
        ("mars-north-1", "invalid AWS Region: mars-north-1"),
    ],
)
def test_a_region_of_another_partition_is_refused(
    region: str, reason: str, provider: Provider
) -> None:
    (problem,) = reasons(provider, BUCKET, {"region": region})

    assert problem == f"{reason}. Examine values at 'res.region'."


def test_tags_all_is_an_input_too(provider: Provider) -> None:
    assert check(provider, BUCKET, {})["tagsAll"] == {}
    assert check(provider, BUCKET, {"tags": {"a": "1"}})["tagsAll"] == {"a": "1"}
    assert check(provider, BUCKET, {"tags": {"a": UNKNOWN}})["tagsAll"] is UNKNOWN


def test_tags_all_has_the_providers_default_tags_without_the_ignored(
    providers: Providers,
) -> None:
    provider = providers(
        defaultTags={"tags": {"team": "audit", "stage": "test"}},
        ignoreTags={"keys": ["mine"], "keyPrefixes": ["tmp:"]},
    )
    tags = {"stage": "live", "mine": "x", "tmp:1": "x"}

    assert check(provider, BUCKET, {"tags": tags})["tagsAll"] == {"team": "audit", "stage": "live"}
