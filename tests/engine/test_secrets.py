"""A secret that a setting holds stands in clear nowhere: not in state, output, plan or log."""

import json

import pytest

from tests.support.engine import Project

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("secrets")]

PLANTED = "https://hooks.example.com/planted-token"
KEY = "cloudtrail-guard:alerts.httpsEndpoints[0]"


def test_a_webhooks_url_is_in_clear_in_no_state_output_or_log(project: Project) -> None:
    project.configure_core()
    project.pulumi(
        "config", "set", "--stack", "security", "--secret", "--path", KEY, PLANTED
    ).succeeded()

    said = [
        project.preview("security", "--diff").succeeded().output,
        project.up("security", "--diff").succeeded().output,
        project.preview("security", "--refresh", "--diff").succeeded().output,
        project.preview("security", "--json").succeeded().output,
        project.pulumi("stack", "output", "--json", "--stack", "security").succeeded().output,
    ]
    state = project.pulumi("stack", "export", "--stack", "security").succeeded().stdout

    subscriptions = [
        each["outputs"]
        for each in json.loads(state)["deployment"]["resources"]
        if each["type"] == "aws:sns/topicSubscription:TopicSubscription"
    ]
    assert subscriptions, "nothing was subscribed, so nothing is proven"
    assert "planted-token" not in state
    assert [text for text in said if "planted-token" in text] == []
    file = project.directory / "Pulumi.security.yaml"
    assert "planted-token" not in file.read_text(encoding="utf-8")


def test_a_secret_that_is_wrong_is_named_without_its_value(project: Project) -> None:
    project.pulumi(
        "config", "set", "--stack", "security", "--secret", "--path", KEY, "http//planted-token"
    ).succeeded()

    refused = project.preview("security").refused()

    assert "alerts.httpsEndpoints.0 = [secret]: must be an https:// URL" in refused
    assert "planted-token" not in refused
