"""The table of acts is complete, and the page is written from it."""

from typing import Any

import pytest
from cloudtrail_guard.operations import OPERATIONS
from generate.drift import files, operations_of

from tests.drift.acts import ACTS
from tests.drift.untried import UNTRIED
from tests.drift.waves import waves
from tests.support import stacks
from tests.support.deployment import Deployment

TRIED = {(action, act.on) for act in ACTS for action in act.actions}
LEFT = [
    (action, target)
    for targets in UNTRIED.values()
    for target, listed in targets.items()
    for action in listed.split()
]


def test_the_page_is_up_to_date() -> None:
    for path, text in files().items():
        assert path.read_text(encoding="utf-8") == text, "run `make generate`"


def test_every_operation_is_tried_or_left_out_for_a_reason_and_none_is_both() -> None:
    assert TRIED | set(LEFT) == {(each.action, each.target) for each in OPERATIONS}
    assert TRIED.isdisjoint(LEFT)
    assert len(LEFT) == len(set(LEFT))


def test_each_act_has_a_name_of_its_own_and_takes_what_the_table_of_operations_has() -> None:
    assert len({act.name for act in ACTS}) == len(ACTS)
    for act in ACTS:
        found = {each.action for each in operations_of(act)}
        assert found == set(act.actions), act.name


def test_what_is_not_undone_by_an_up_says_why_and_how_the_test_undoes_it() -> None:
    for act in ACTS:
        assert bool(act.why) == bool(act.undo), act.name
        assert act.shows or act.undo, act.name


def test_every_act_is_in_one_wave_and_no_wave_has_two_on_one_thing() -> None:
    made = waves(ACTS)

    assert sorted(act.name for wave in made for act in wave) == sorted(act.name for act in ACTS)
    for wave in made:
        assert len({act.thing for act in wave}) == len(wave)
        checks = [check for act in wave for check in act.posture.split()]
        assert len(set(checks)) == len(checks)
        assert len(wave) == 1 or not any(act.alone for act in wave)


STATED = {
    "EventRule": {"state"},
    "EventDataStore": {"advancedEventSelectors"},
    "Function": {"code", "codeSha256"},
    "BucketPublicAccessBlock": {"blockPublicAcls", "restrictPublicBuckets"},
    "Key": {"policy", "enableKeyRotation"},
    "LogGroup": {"retentionInDays", "kmsKeyId"},
}
"""Properties that AWS fills in when a program leaves them out, and that nothing then compares."""

SECURITY: dict[str, Any] = {
    "breakGlassRoles": '["AdminRole"]',
    "logFeed": '{"enabled": true}',
    "replica": '{"region": "eu-central-1"}',
}
MANAGEMENT: dict[str, Any] = {
    "tamperResponse": '{"enabled": true}',
    "eventDataStore": '{"enabled": true}',
}


@pytest.fixture(scope="module")
def deployed() -> list[Deployment]:
    security = stacks.security(**SECURITY)
    return [security, stacks.management(security.outputs, **MANAGEMENT)]


@pytest.mark.parametrize(("type_name", "properties"), STATED.items())
def test_what_could_be_changed_unseen_is_stated_in_every_resource(
    deployed: list[Deployment], type_name: str, properties: set[str]
) -> None:
    found = [
        each
        for deployment in deployed
        for each in deployment.of_type(type_name)
        if each.type.startswith("aws:")
    ]

    assert found
    for each in found:
        assert properties <= each.inputs.keys(), each.name


def test_every_bucket_says_that_its_owner_pays(deployed: list[Deployment]) -> None:
    security = deployed[0]
    payers = security.of_type("BucketRequestPaymentConfiguration")

    assert {each.inputs["bucket"] for each in payers} == {
        each.inputs["bucket"] for each in security.of_type("Bucket")
    }
    assert {each.inputs["payer"] for each in payers} == {"BucketOwner"}
