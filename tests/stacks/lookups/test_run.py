"""What AWS does not answer is said, and what a stack does not check is not asked."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError

from stacks.context import DeploymentContext
from stacks.lookups import run
from stacks.lookups.run import look_up
from stacks.lookups.session import AwsClients
from stacks.settings.roles import MODELS
from tests.support.preflight import IN_SECURITY

ARCHIVE = {
    "bucketName": "org-logs-archive",
    "keyArn": f"arn:aws:kms:eu-west-1:444455556666:key/{'0' * 36}",
    "breakGlassRoleArns": ["arn:aws:iam::444455556666:role/AdminRole"],
    "deployerRoleArns": ["arn:aws:iam::444455556666:role/Deploy"],
}
KEY = f"arn:aws:kms:eu-west-1:{IN_SECURITY['account']}:key/{'0' * 36}"


class Refused(AwsClients):
    """Clients of a role that may do nothing."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.asked: set[str] = set()

    def client(self, service: str, region: str | None = None) -> NoReturn:
        """AWS's refusal."""
        del region
        self.asked.add(service)
        refusal = {"Code": "AccessDenied", "Message": f"is not authorized to perform: {service}"}
        raise ClientError({"Error": refusal}, "Call")


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Refused:
    clients = Refused()
    monkeypatch.setattr(AwsClients, "of_stack", lambda _region: clients)
    monkeypatch.setattr(run, "has_state", lambda: False)
    return clients


@pytest.mark.parametrize(
    ("role", "settings", "unchecked"),
    [
        ("security", {}, ["has the exempt roles"]),
        ("archive", {"sourceAccountId": "111122223333"}, ["has the exempt roles"]),
        (
            "security",
            {"securityServices": {"guardDuty": {"enabled": True}}},
            ["the trails of eu-west-1 cannot be listed", "has the exempt roles"],
        ),
        (
            "security",
            {"existingBucket": True, "bucketName": "org-logs", "existingKeyArn": KEY},
            [
                "has the exempt roles",
                "the bucket org-logs cannot be read",
                f"the key {KEY} cannot be read",
            ],
        ),
        (
            "security",
            {"replica": {"archive": ARCHIVE}},
            ["has the exempt roles", "whether S3 has the bucket org-logs-archive is not known"],
        ),
        ("workload", {}, ["the trails of eu-west-1 cannot be listed", "has the exempt roles"]),
        (
            "management",
            {"iamProtection": {"groups": ["Developers"]}},
            [
                "the trails of eu-west-1 cannot be listed",
                "has the exempt roles",
                "has the identities of iamProtection",
            ],
        ),
    ],
)
def test_each_question_that_aws_refuses_is_a_check_that_is_said_to_be_left_out(
    refused: Refused, role: Any, settings: dict[str, Any], unchecked: list[str]
) -> None:
    model = MODELS[role].model_validate({"role": role, **settings})

    found = look_up(DeploymentContext(settings=model, **IN_SECURITY), [])

    assert len(found.unread) == len(unchecked), found.unread
    for text, said in zip(found.unread, unchecked, strict=True):
        assert said in text
        assert "is not authorized to perform" in text
    assert found.absent == frozenset()
    listed = any("trails of" in text for text in unchecked)
    assert ("cloudtrail" in refused.asked) == listed
