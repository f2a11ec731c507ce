"""What a topic gets of an event: EventBridge fills a template in, and escapes nothing."""

import pytest

from sandbox.aws.patches.events.delivery import transformed

EVENT = {"detail": {"name": "Audit", "quoted": 'a"b', "given": {"names": ["one", "two"]}}}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('"<name> was stopped"', "Audit was stopped"),
        ('"On: <absent> <name>"', "On:  Audit"),
        ('{"about": "<name>"}', '{"about": "Audit"}'),
        ('"<given>"', "{names: [one, two]}"),
        ('"<quoted>"', None),
        ("<name> was stopped", None),
    ],
)
def test_a_template_is_filled_in_and_no_json_is_no_message(
    template: str, message: str | None
) -> None:
    paths = {name: f"$.detail.{name}" for name in ("name", "quoted", "given", "absent")}
    target = {"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}

    assert transformed(EVENT, target) == message


def test_without_a_transformer_a_topic_gets_the_event_or_the_targets_own_text() -> None:
    assert transformed({"a": 1}, {}) == '{"a": 1}'
    assert transformed({"a": 1}, {"Input": "text"}) == "text"
