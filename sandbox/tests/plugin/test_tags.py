"""Tags of a resource and of its provider."""

from typing import Any

import pytest

from sandbox.plugin.tags import TagRules
from sandbox.plugin.values import UNKNOWN
from sandbox.tests.plugin.conftest import Providers
from sandbox.tests.plugin.world import World, deploy

BUCKET = "aws:s3/bucket:Bucket"
RULES = TagRules.of(
    {
        "defaultTags": {"tags": {"team": "audit"}},
        "ignoreTags": {"keys": ["mine"], "keyPrefixes": ["tmp:"]},
    }
)


@pytest.mark.parametrize(
    ("tags", "all_tags"),
    [
        (None, {"team": "audit"}),
        ({"a": "1"}, {"team": "audit", "a": "1"}),
        ({"team": "mine"}, {"team": "mine"}),
        ({"mine": "1", "tmp:x": "1", "aws:x": "1"}, {"team": "audit"}),
        ({"a": UNKNOWN}, UNKNOWN),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_all_tags_are_the_providers_and_the_resources(tags: Any, all_tags: Any) -> None:
    assert RULES.all_tags(tags) == all_tags


@pytest.mark.parametrize(
    ("live", "own", "tags"),
    [
        ({"team": "audit", "a": "1"}, {"a": "1"}, {"a": "1"}),
        ({"team": "audit"}, {"team": "audit"}, {"team": "audit"}),
        ({"team": "drift"}, {}, {"team": "drift"}),
        ({"mine": "1", "aws:cloudformation": "x"}, {}, {}),
    ],
)
def test_a_tag_that_was_read_is_the_resources_unless_it_is_a_default(
    live: dict[str, str], own: dict[str, str], tags: dict[str, str]
) -> None:
    assert RULES.stored(live, own)["tags"] == tags


def test_without_configuration_nothing_is_added_or_ignored() -> None:
    assert TagRules.of({}).all_tags({"a": "1"}) == {"a": "1"}


def test_default_tags_reach_aws_and_another_default_is_a_change(
    providers: Providers, world: World
) -> None:
    world.profile = "security"
    provider = providers("security", defaultTags={"tags": {"team": "audit"}})
    bucket = deploy(provider, BUCKET, {"bucket": world.name, "tags": {"a": "1"}})

    live = world.client("s3").get_bucket_tagging(Bucket=world.name)["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in live} == {"a": "1", "team": "audit"}
    assert bucket.state["tags"] == {"a": "1"}
    assert bucket.state["tagsAll"] == {"a": "1", "team": "audit"}

    bucket.provider = providers("security", defaultTags={"tags": {"team": "ops"}})
    inputs = {"bucket": world.name, "tags": {"a": "1"}}
    assert bucket.changes(inputs) == ["tagsAll.team"]
    bucket.update(inputs)
    assert bucket.state["tagsAll"] == {"a": "1", "team": "ops"}
    bucket.delete()
