"""What is written from the table of operations is what is committed."""

import re

import pytest
from cloudtrail_guard.operations import OPERATIONS, Target
from cloudtrail_guard_policies.subjects import guardrails
from generate import attempts, operations
from generate.operations import (
    open_and_unseen,
    operations_page,
    pack_lists,
    seen_by,
    was_denied,
)

from tests.components.operations.test_completeness import mutating_actions


def test_a_file_is_up_to_date() -> None:
    generated = operations.files() | attempts.files()
    written = {path: path.read_text(encoding="utf-8") for path in generated}

    assert written == generated, "run `make generate`"


def test_the_packs_lists_are_actions_of_the_table() -> None:
    known = {each.action for each in OPERATIONS}

    assert {*guardrails.TRAIL_TAMPERING, *guardrails.OBJECT_TAMPERING} <= known
    assert all(pack_lists().values())


def test_no_harmful_action_is_open_and_unseen() -> None:
    assert open_and_unseen() == []


def test_the_page_has_every_mutating_action_that_aws_has_on_what_is_protected() -> None:
    """That table and harmless list are complete is what test_completeness.py checks."""
    listed = {action.lower() for action in re.findall(r"`([a-z0-9-]+:\w+)`", operations_page())}

    assert {action.lower() for action in mutating_actions()} <= listed


@pytest.mark.parametrize(
    ("action", "target", "seen"),
    [
        ("cloudtrail:StopLogging", Target.TRAIL, ["rule `trail`", "alarm `CloudTrailChanges`"]),
        ("kms:DisableKey", Target.KEY, ["rule `key`", "alarm `KeyDisabledOrDeleted`"]),
        ("s3:DeleteObject", Target.OBJECTS, ["rule `objects`"]),
        ("logs:DeleteLogGroup", Target.MONITORING, ["rule `watch`"]),
        ("events:DisableRule", Target.MONITORING, ["rule `rules`", "rule `watch`"]),
        (
            "organizations:LeaveOrganization",
            Target.MEMBERSHIP,
            ["alarm `OrganizationsChanges`"],
        ),
    ],
)
def test_what_sees_an_operation_is_what_rules_and_alarms_name(
    action: str, target: Target, seen: list[str]
) -> None:
    (operation,) = (o for o in OPERATIONS if (o.action, o.target) == (action, target))

    assert seen_by(operation) == seen


@pytest.mark.parametrize(
    ("action", "target", "was"),
    [
        ("cloudtrail:StopLogging", Target.TRAIL, True),
        ("s3:DeleteObjectVersion", Target.OBJECTS, True),
        ("iam:UpdateAssumeRolePolicy", Target.EXEMPT_ROLE, False),
        ("s3:ReplicateDelete", Target.REPLICATION, False),
    ],
)
def test_what_the_last_release_denied_is_read_from_its_state(
    action: str, target: Target, *, was: bool
) -> None:
    (operation,) = (o for o in OPERATIONS if (o.action, o.target) == (action, target))

    assert was_denied(operation) is was
