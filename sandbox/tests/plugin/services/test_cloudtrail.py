"""Trails, where they are particular."""

from typing import Any

import pytest

from sandbox.plugin.provider import Provider
from sandbox.plugin.resource import ResourceError
from sandbox.tests.plugin.world import Deployed, World, allow, deploy, document, trust

TRAIL = "aws:cloudtrail/trail:Trail"
DEFAULT_SELECTOR = {"readWriteType": "All", "includeManagementEvents": True}


@pytest.fixture
def inputs(world: World) -> dict[str, Any]:
    return {"name": world.name, "s3BucketName": world.trail_bucket()}


@pytest.fixture
def trail(provider: Provider, inputs: dict[str, Any]) -> Deployed:
    return deploy(provider, TRAIL, inputs)


def live(world: World, trail: Deployed) -> dict[str, Any]:
    return world.client("cloudtrail").get_trail(Name=trail.id)["Trail"]


def test_a_trail_is_known_by_its_arn_and_logs_from_the_start(trail: Deployed, world: World) -> None:
    account = world.organization.management_account_id
    assert trail.id == f"arn:aws:cloudtrail:us-east-1:{account}:trail/{world.name}"
    assert world.client("cloudtrail").get_trail_status(Name=trail.id)["IsLogging"] is True
    trail.delete()


def test_a_trail_may_be_made_without_logging(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    trail = deploy(provider, TRAIL, {**inputs, "enableLogging": False})

    assert world.client("cloudtrail").get_trail_status(Name=trail.id)["IsLogging"] is False
    assert trail.state["enableLogging"] is False
    trail.delete()


def test_a_trail_of_another_region_is_imported_from_there(
    provider: Provider, inputs: dict[str, Any]
) -> None:
    trail = deploy(provider, TRAIL, {**inputs, "region": "eu-west-1"})

    found = provider.read(TRAIL, trail.id)

    assert found is not None
    assert found.state["region"] == found.state["homeRegion"] == "eu-west-1"
    trail.delete()


def test_the_default_selector_written_out_is_a_change_for_ever(
    provider: Provider, inputs: dict[str, Any]
) -> None:
    wanted = {**inputs, "eventSelectors": [DEFAULT_SELECTOR]}
    trail = deploy(provider, TRAIL, wanted)

    assert trail.changes(wanted) == ["eventSelectors"]
    trail.update(wanted)
    assert trail.changes(wanted) == ["eventSelectors"]
    trail.delete()


def test_selectors_may_go_from_basic_to_advanced_and_back(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    basic = {**inputs, "eventSelectors": [{"readWriteType": "WriteOnly"}]}
    field = {"field": "eventCategory", "equals": ["Management"]}
    advanced = {
        **inputs,
        "advancedEventSelectors": [
            {"name": "all", "fieldSelectors": [field, {"field": "readOnly", "equals": ["true"]}]}
        ],
    }
    trail = deploy(provider, TRAIL, basic)

    for wanted, kind in ((advanced, "Advanced"), (basic, ""), (advanced, "Advanced")):
        trail.update(wanted)
        answer = world.client("cloudtrail").get_event_selectors(TrailName=trail.id)
        assert answer[f"{kind}EventSelectors"]
        assert trail.changes(wanted) == []
    trail.update(inputs)
    trail.delete()


def test_insights_are_a_set(provider: Provider, inputs: dict[str, Any]) -> None:
    rate, error = {"insightType": "ApiCallRateInsight"}, {"insightType": "ApiErrorRateInsight"}
    trail = deploy(provider, TRAIL, {**inputs, "insightSelectors": [rate, error]})

    assert trail.changes({**inputs, "insightSelectors": [error, rate]}) == []
    assert trail.changes({**inputs, "insightSelectors": [error]}) == ["insightSelectors[1]"]
    trail.delete()


def test_log_group_and_role_are_sent_together(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    group = f"/trail/{world.name}"
    world.client("logs").create_log_group(logGroupName=group)
    account = world.organization.management_account_id
    arn = f"arn:aws:logs:us-east-1:{account}:log-group:{group}:*"
    role = world.client("iam").create_role(
        RoleName=world.name, AssumeRolePolicyDocument=trust("cloudtrail")
    )["Role"]["Arn"]
    delivery = {"Effect": "Allow", "Action": "logs:*", "Resource": f"{arn.removesuffix('*')}*"}
    world.client("iam").put_role_policy(
        RoleName=world.name, PolicyName="in", PolicyDocument=document(delivery)
    )
    wanted = {**inputs, "cloudWatchLogsGroupArn": arn, "cloudWatchLogsRoleArn": role}
    trail = deploy(provider, TRAIL, wanted)
    assert trail.changes(wanted) == []

    trail.update(inputs)

    assert not live(world, trail).get("CloudWatchLogsLogGroupArn")
    assert not live(world, trail).get("CloudWatchLogsRoleArn")
    assert trail.changes(inputs) == []
    trail.delete()


def test_a_topic_is_stored_by_its_name(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    topic = world.client("sns").create_topic(Name=world.name)["TopicArn"]
    grant = allow("cloudtrail", "SNS:Publish", topic)
    world.client("sns").set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=document(grant)
    )
    wanted = {**inputs, "snsTopicName": world.name}

    trail = deploy(provider, TRAIL, wanted)

    assert (trail.state["snsTopicName"], trail.state["snsTopicArn"]) == (world.name, topic)
    assert trail.changes(wanted) == []
    trail.delete()


def test_an_emptied_setting_is_taken_away(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    trail = deploy(provider, TRAIL, {**inputs, "s3KeyPrefix": "logs", "isMultiRegionTrail": True})
    assert live(world, trail)["S3KeyPrefix"] == "logs"

    trail.update(inputs)

    assert not live(world, trail).get("S3KeyPrefix")
    assert live(world, trail)["IsMultiRegionTrail"] is False
    trail.delete()


def test_tags_are_added_and_removed(
    provider: Provider, inputs: dict[str, Any], world: World
) -> None:
    trail = deploy(provider, TRAIL, {**inputs, "tags": {"a": "1", "b": "1"}})

    trail.update({**inputs, "tags": {"b": "2", "c": "3"}})

    (listed,) = world.client("cloudtrail").list_tags(ResourceIdList=[trail.id])["ResourceTagList"]
    assert {tag["Key"]: tag["Value"] for tag in listed["TagsList"]} == {"b": "2", "c": "3"}
    trail.delete()


def test_a_trail_that_may_not_write_to_its_bucket_is_refused(
    provider: Provider, world: World
) -> None:
    with pytest.raises(ResourceError, match="InsufficientS3BucketPolicyException"):
        deploy(provider, TRAIL, {"name": world.name, "s3BucketName": world.bucket()})
