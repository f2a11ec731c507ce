"""Where a component is deployed is asked once under each provider, and again in each deployment."""

from collections import Counter

import pulumi
import pulumi_aws as aws
import pytest
from cloudtrail_guard.resources.caller import caller_location
from pulumi.runtime.mocks import MockCallArgs

from tests.support.deployment import FakeAws, deploy

REGION = "aws:index/getRegion:getRegion"
ACCOUNT = "aws:index/getCallerIdentity:getCallerIdentity"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each function was called."""
    counted: Counter[str] = Counter()
    answer = FakeAws.call

    def call(fake: FakeAws, args: MockCallArgs) -> object:
        counted[args.token] += 1
        return answer(fake, args)

    monkeypatch.setattr(FakeAws, "call", call)
    return counted


def component(name: str, opts: pulumi.ResourceOptions | None = None) -> pulumi.ComponentResource:
    return pulumi.ComponentResource("test:index:Component", name, opts=opts)


def test_components_of_a_deployment_share_the_answers(asked: Counter[str]) -> None:
    def program() -> None:
        assert caller_location(component("one")) == caller_location(component("two"))

    deploy(program)

    assert asked == {REGION: 1, ACCOUNT: 1}


def test_a_component_with_another_provider_asks_for_itself(asked: Counter[str]) -> None:
    def program() -> None:
        opts = pulumi.ResourceOptions(providers=[aws.Provider("other", region="eu-central-1")])
        for each in (component("one"), component("two", opts), component("three", opts)):
            caller_location(each)

    deploy(program)

    assert asked == {REGION: 2, ACCOUNT: 2}


def test_another_deployment_asks_again(asked: Counter[str]) -> None:
    def program() -> None:
        pulumi.export("region", caller_location(component("one")).region)

    regions = [deploy(program, region=region).outputs for region in ("eu-west-1", "us-east-1")]

    assert regions == [{"region": "eu-west-1"}, {"region": "us-east-1"}]
    assert asked == {REGION: 2, ACCOUNT: 2}
