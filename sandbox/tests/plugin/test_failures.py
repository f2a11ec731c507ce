"""What happens when AWS refuses, before and after there is something."""

import dataclasses
from typing import Any

import pytest

from sandbox.plugin.aws import AwsError, describe
from sandbox.plugin.catalog import find_resource_type, hold_to_schema
from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.plugin.results import PartialFailureError
from sandbox.tests.plugin.failing import failing
from sandbox.tests.plugin.world import Deployed, World, deploy

TRAIL = "aws:cloudtrail/trail:Trail"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture
def inputs(world: World) -> dict[str, Any]:
    return {"name": world.name, "s3BucketName": world.trail_bucket()}


@pytest.fixture
def trail(provider: Provider, inputs: dict[str, Any]) -> Deployed:
    return deploy(provider, TRAIL, inputs)


def trails(world: World) -> list[str]:
    listed = world.client("cloudtrail").describe_trails()["trailList"]
    return [trail["Name"] for trail in listed if trail["Name"] == world.name]


def test_a_refused_create_makes_nothing(provider: Provider, world: World) -> None:
    with pytest.raises(ResourceError) as caught:
        deploy(provider, TRAIL, {"name": world.name, "s3BucketName": "no-such-bucket"})

    start = f"creating CloudTrail Trail ({world.name}): operation error CloudTrail: CreateTrail, "
    assert str(caught.value).startswith(f"{start}https response error StatusCode: 400, api error ")
    assert "S3BucketDoesNotExistException: " in str(caught.value)
    assert trails(world) == []


def test_a_half_made_object_is_completed_by_the_next_deployment(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    with (
        failing(provider, "cloudtrail", "StartLogging", "ThrottlingException"),
        pytest.raises(PartialFailureError) as caught,
    ):
        deploy(provider, TRAIL, inputs)

    half = caught.value
    assert half.reason == (
        f"creating CloudTrail Trail ({half.id}): operation error AWS: StartLogging, https response "
        "error StatusCode: None, api error ThrottlingException: made to fail"
    )
    assert half.state["enableLogging"] is False
    assert half.inputs["enableLogging"] is True

    trail = Deployed(provider, TRAIL, half.id, half.inputs, half.state)
    assert trail.changes(inputs) == ["enableLogging"]
    trail.update(inputs)
    assert trail.state["enableLogging"] is True
    assert trails(world) == [world.name]
    trail.delete()


def test_a_made_object_that_cannot_be_read_is_completed_too(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    with (
        failing(provider, "cloudtrail", "DescribeTrails", "InternalFailure"),
        pytest.raises(PartialFailureError) as caught,
    ):
        deploy(provider, TRAIL, inputs)

    half = caught.value
    assert half.state == {"name": world.name, "region": "us-east-1"}
    trail = Deployed(provider, TRAIL, half.id, half.inputs, half.state)
    assert trail.replaces(inputs) == []
    trail.update(inputs)
    assert trail.changes(inputs) == []
    trail.delete()


def test_a_half_made_update_says_how_far_it_went(trail: Deployed, inputs: dict[str, Any]) -> None:
    wanted = {**inputs, "enableLogging": False, "isMultiRegionTrail": True}

    with (
        failing(trail.provider, "cloudtrail", "StopLogging", "ThrottlingException"),
        pytest.raises(PartialFailureError) as caught,
    ):
        trail.update(wanted)

    assert caught.value.reason.startswith(f"updating CloudTrail Trail ({trail.id}): ")
    trail.state = caught.value.state
    assert trail.state["isMultiRegionTrail"] is True
    assert trail.changes(wanted) == ["enableLogging"]
    trail.delete()


def test_what_was_kept_of_the_inputs_is_not_taken_for_written(
    provider: Provider, world: World
) -> None:
    key = "aws:kms/key:Key"
    with (
        failing(provider, "kms", "EnableKeyRotation", "InternalFailure"),
        pytest.raises(PartialFailureError) as caught,
    ):
        deploy(provider, key, {"enableKeyRotation": True, "deletionWindowInDays": 7})

    assert "deletionWindowInDays" not in caught.value.state
    provider.delete(key, caught.value.id, caught.value.state)
    assert world.client("kms").describe_key(KeyId=caught.value.id)


def test_selectors_that_could_not_be_written_are_written_by_the_next_deployment(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    wanted = {**inputs, "eventSelectors": [{"readWriteType": "WriteOnly"}]}
    with (
        failing(provider, "cloudtrail", "PutEventSelectors", "ThrottlingException"),
        pytest.raises(PartialFailureError) as caught,
    ):
        deploy(provider, TRAIL, wanted)

    half = caught.value
    trail = Deployed(provider, TRAIL, half.id, half.inputs, half.state)
    assert trail.changes(wanted) == ["eventSelectors"]
    trail.update(wanted)
    answer = world.client("cloudtrail").get_event_selectors(TrailName=trail.id)
    assert answer["EventSelectors"][0]["ReadWriteType"] == "WriteOnly"
    trail.delete()


def test_a_bug_after_an_object_was_made_does_not_lose_it(
    provider: Provider, inputs: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    def break_it(**_: object) -> None:
        raise ZeroDivisionError("oops")

    events = provider.account.client("cloudtrail", "us-east-1").meta.events
    events.register("before-call.*.DescribeTrails", break_it)
    try:
        with pytest.raises(PartialFailureError, match="oops") as caught:
            deploy(provider, TRAIL, inputs)
    finally:
        events.unregister("before-call.*.DescribeTrails", break_it)

    assert "ZeroDivisionError" in caplog.text
    provider.delete(TRAIL, caught.value.id, caught.value.state)


def test_an_object_that_vanished_cannot_be_updated(
    trail: Deployed, inputs: dict[str, Any], world: World
) -> None:
    world.client("cloudtrail").delete_trail(Name=trail.id)

    with pytest.raises(PartialFailureError) as caught:
        trail.update({**inputs, "tags": {}})

    assert caught.value.reason.endswith(f"({trail.id}): couldn't find resource")


def test_a_refused_read_is_no_proof_that_the_object_is_gone(trail: Deployed) -> None:
    with (
        failing(trail.provider, "cloudtrail", "DescribeTrails", "AccessDenied"),
        pytest.raises(ResourceError, match=r"^reading CloudTrail Trail \(arn:.*\): operation"),
    ):
        trail.refresh()
    trail.delete()


def test_a_refused_delete_is_an_error(trail: Deployed) -> None:
    with (
        failing(trail.provider, "cloudtrail", "DeleteTrail", "AccessDenied"),
        pytest.raises(ResourceError, match=r"^deleting CloudTrail Trail \(arn:.*\): operation"),
    ):
        trail.delete()
    trail.delete()


def test_errors_name_an_object_as_the_real_provider_does(provider: Provider, world: World) -> None:
    bucket = world.bucket()
    with (
        failing(provider, "s3", "PutBucketPolicy", "MalformedPolicy"),
        pytest.raises(ResourceError, match=rf"^putting S3 Bucket \({bucket}\) Policy: operation"),
    ):
        deploy(provider, "aws:s3/bucketPolicy:BucketPolicy", {"bucket": bucket, "policy": "{}"})


@pytest.mark.parametrize(
    ("token", "id_", "form"),
    [
        (TRAIL, "my-trail", "it is imported by its ARN"),
        ("aws:iam/policy:Policy", "my-policy", "it is imported by its ARN"),
        (ROLE_POLICY, "my-role", "expected <role name>:<role policy name>"),
        (
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "my-role",
            "expected <role-name>/<policy_arn>",
        ),
        (
            "aws:organizations/policyAttachment:PolicyAttachment",
            "p-1234",
            "expected <target-id>:<policy-id>",
        ),
        (
            "aws:organizations/delegatedAdministrator:DelegatedAdministrator",
            "123456789012",
            "expected <account-id>/<service-principal>",
        ),
        (
            "aws:s3/bucketObjectv2:BucketObjectv2",
            "file",
            "expected <bucket>/<key>",
        ),
    ],
)
def test_an_id_that_cannot_be_imported_says_what_it_should_be(
    token: str, id_: str, form: str, provider: Provider
) -> None:
    with pytest.raises(ResourceError) as caught:
        provider.read(token, id_)

    assert form in str(caught.value)


def test_an_operation_that_the_sandbox_lacks_is_named(provider: Provider) -> None:
    with pytest.raises(AwsError) as caught:
        provider.account.client("cloudtrail", "us-east-1").lookup_events()

    assert "cloudtrail:LookupEvents is not emulated here" in describe(caught.value)
    assert "\n" not in describe(caught.value)


def test_a_web_servers_error_page_is_an_operation_that_is_missing(provider: Provider) -> None:
    def answer_a_page(response_dict: dict[str, Any], **_: object) -> None:
        response_dict.update(status_code=500, body=b"<!doctype html>\n<title>500</title>")

    events = provider.account.client("sts", "us-east-1").meta.events
    events.register_first("before-parse", answer_a_page)
    try:
        with pytest.raises(AwsError) as caught:
            provider.account.client("sts", "us-east-1").get_caller_identity()
    finally:
        events.unregister("before-parse", answer_a_page)

    assert describe(caught.value) == (
        "sts:GetCallerIdentity is not emulated here: the sandbox's AWS answers 500"
    )


def test_an_output_that_the_sdk_does_not_have_is_a_mistake_of_a_row() -> None:
    type_ = find_resource_type(TRAIL)

    with pytest.raises(TypeError, match=r"Trail has no output \['colour'\] in 'eventSelectors"):
        hold_to_schema(type_.schema, {"eventSelectors": [{"colour": "red"}]}, TRAIL)


def test_rows_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        find_resource_type(TRAIL).row.noun = "Track"  # pyright: ignore[reportAttributeAccessIssue]
