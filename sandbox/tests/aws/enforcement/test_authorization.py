"""Whether the policies of all kinds, taken together, let a request through."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.aws.enforcement.authorization import Kind, Policies, Policy, Refusal, authorize
from sandbox.aws.policy_conditions import NotEvaluatedError
from sandbox.aws.policy_evaluation import Principal, Request
from sandbox.tests.support import allow, deny, document

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Someone"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Someone/s"
SOMEONE = Principal(account_id=ACCOUNT, arns=(ROLE, SESSION))
READ = Request(SOMEONE, "s3:GetObject", "arn:aws:s3:::logs/a")

YES = Policy(document({"Effect": "Allow", "Action": "*", "Resource": "*"}))
NO = Policy(document({"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}), "arn:policy")
OTHER = Policy(document({"Effect": "Allow", "Action": "kms:*", "Resource": "*"}))
SILENT = Policy("")


def of_resource(*statements: dict[str, Any]) -> Policy:
    return Policy(document(*statements))


TO_ROLE = of_resource(allow({"AWS": ROLE}, "s3:*"))
TO_SESSION = of_resource(allow({"AWS": SESSION}, "s3:*"))
TO_ACCOUNT = of_resource(allow({"AWS": ACCOUNT}, "s3:*"))
TO_NOBODY = of_resource(allow({"AWS": "444455556666"}, "s3:*"))
ALL_DENIED = of_resource(deny("s3:*"))


def denied(kind: Kind, arn: str = "") -> Refusal:
    return Refusal(kind, explicit=True, arn=arn)


def not_allowed(kind: Kind) -> Refusal:
    return Refusal(kind, explicit=False)


@pytest.mark.parametrize(
    ("policies", "refused"),
    [
        pytest.param({"identity": [YES]}, None, id="identity policies are enough"),
        pytest.param({"identity": None}, None, id="a root user needs none"),
        pytest.param({}, None, id="nothing has a say on a root user"),
        pytest.param({"identity": []}, not_allowed(Kind.IDENTITY), id="one without may nothing"),
        pytest.param({"identity": [OTHER]}, not_allowed(Kind.IDENTITY), id="a narrow one narrows"),
        pytest.param(
            {"identity": [YES, NO]}, denied(Kind.IDENTITY, "arn:policy"), id="a deny outweighs"
        ),
        pytest.param(
            {"identity": [YES], "service_control": [[YES], [YES, NO]]},
            denied(Kind.SERVICE_CONTROL, "arn:policy"),
            id="an SCP denies on any level",
        ),
        pytest.param(
            {"service_control": [[YES], [NO, YES]]},
            denied(Kind.SERVICE_CONTROL, "arn:policy"),
            id="an SCP denies a member's root user too",
        ),
        pytest.param(
            {"identity": [YES], "service_control": [[YES], [OTHER], [YES]]},
            not_allowed(Kind.SERVICE_CONTROL),
            id="SCPs of every level must allow",
        ),
        pytest.param(
            {"identity": [YES], "service_control": [[OTHER, YES], [YES]]},
            None,
            id="one SCP of a level is enough",
        ),
        pytest.param(
            {"resource": TO_SESSION, "identity": [], "service_control": [[OTHER]]},
            not_allowed(Kind.SERVICE_CONTROL),
            id="what a resource allows an SCP may still not",
        ),
        pytest.param(
            {"identity": [YES], "resource_control": [NO]},
            denied(Kind.RESOURCE_CONTROL, "arn:policy"),
            id="an RCP denies",
        ),
        pytest.param(
            {"identity": [YES], "resource_control": [SILENT]}, None, id="RCPs need not allow"
        ),
        pytest.param(
            {"identity": None, "resource": ALL_DENIED},
            denied(Kind.RESOURCE),
            id="a resource denies the root user of its own account",
        ),
        pytest.param(
            {"identity": [], "resource": TO_SESSION}, None, id="a resource is enough at home"
        ),
        pytest.param({"identity": [], "resource": TO_ROLE}, None, id="to the role as well"),
        pytest.param(
            {"identity": [], "resource": TO_ACCOUNT},
            not_allowed(Kind.IDENTITY),
            id="a resource that trusts the account leaves it to identity policies",
        ),
        pytest.param(
            {"identity": [YES], "resource": TO_NOBODY}, None, id="identity is enough at home"
        ),
        pytest.param(
            {"identity": [YES], "resource": TO_NOBODY, "leaves_to_identity": False},
            not_allowed(Kind.RESOURCE),
            id="not with a key that does not let its account in",
        ),
        pytest.param(
            {"identity": [YES], "resource": TO_ACCOUNT, "leaves_to_identity": False},
            None,
            id="with a key that does",
        ),
        pytest.param(
            {"identity": [OTHER], "resource": TO_ACCOUNT, "leaves_to_identity": False},
            not_allowed(Kind.IDENTITY),
            id="and then identity policies must allow",
        ),
        pytest.param(
            {"identity": [YES], "resource": TO_NOBODY, "elsewhere": True},
            not_allowed(Kind.RESOURCE),
            id="another account's resource must allow",
        ),
        pytest.param(
            {"identity": [OTHER], "resource": TO_SESSION, "elsewhere": True},
            not_allowed(Kind.IDENTITY),
            id="and so must identity policies",
        ),
        pytest.param(
            {"identity": [YES], "resource": TO_ROLE, "elsewhere": True}, None, id="if both, it may"
        ),
        pytest.param(
            {"identity": [YES], "boundary": OTHER},
            not_allowed(Kind.BOUNDARY),
            id="a boundary limits",
        ),
        pytest.param(
            {"identity": [YES], "boundary": NO},
            denied(Kind.BOUNDARY, "arn:policy"),
            id="a boundary denies",
        ),
        pytest.param(
            {"identity": [], "boundary": YES},
            not_allowed(Kind.IDENTITY),
            id="a boundary gives nothing",
        ),
        pytest.param(
            {"identity": [], "resource": TO_ROLE, "boundary": OTHER},
            not_allowed(Kind.BOUNDARY),
            id="a boundary limits what a resource allows the role",
        ),
        pytest.param(
            {"identity": [], "resource": TO_SESSION, "boundary": OTHER},
            None,
            id="but not what it allows the session",
        ),
        pytest.param(
            {"identity": [YES], "session": OTHER},
            not_allowed(Kind.SESSION),
            id="a session policy limits",
        ),
        pytest.param(
            {"identity": [YES], "session": NO},
            denied(Kind.SESSION, "arn:policy"),
            id="a session policy denies",
        ),
    ],
)
def test_policies_come_to_one_answer(policies: dict[str, Any], refused: Refusal | None) -> None:
    assert authorize(READ, Policies(**policies)) == refused


@pytest.mark.parametrize(
    "place", ["service_control", "resource_control", "identity", "boundary", "session", "resource"]
)
@pytest.mark.parametrize(
    "condition",
    [{"DateLessThan": {"aws:userid": "2026-01-01"}}, {"Null": {"aws:PrincipalTag/team": "true"}}],
)
def test_what_is_not_evaluated_is_an_error_in_every_kind_of_policy(
    place: str, condition: dict[str, Any]
) -> None:
    odd = of_resource(deny("*", Condition=condition))
    found: Any = {"service_control": [[odd, YES]]}.get(place, [odd])
    if place in ("boundary", "session", "resource"):
        found = odd

    policies: dict[str, Any] = {"identity": [YES], place: found}

    with pytest.raises(NotEvaluatedError, match="not evaluated in the sandbox"):
        authorize(READ, Policies(**policies))
