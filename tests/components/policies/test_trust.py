from typing import Any, cast

import pytest
from cloudtrail_guard.errors import InvalidValueError
from cloudtrail_guard.policies.trust import oidc_statement, trust_principals, trust_service

INVESTIGATOR = "arn:aws:iam::444455556666:role/Investigator"
SIEM = "arn:aws:iam::777788889999:root"


def statement(policy: object) -> dict[str, Any]:
    (only,) = cast("dict[str, list[dict[str, Any]]]", policy)["Statement"]
    return only


@pytest.mark.parametrize(
    ("options", "condition"),
    [
        ({}, None),
        ({"external_id": "siem-42"}, {"StringEquals": {"sts:ExternalId": "siem-42"}}),
        ({"require_mfa": True}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        (
            {"external_id": "siem-42", "require_mfa": True},
            {
                "StringEquals": {"sts:ExternalId": "siem-42"},
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
            },
        ),
    ],
)
def test_principals_are_trusted_on_conditions(
    options: dict[str, Any], condition: dict[str, object] | None
) -> None:
    trusted = statement(trust_principals([INVESTIGATOR], **options))

    assert trusted["Principal"] == {"AWS": INVESTIGATOR}
    assert trusted["Action"] == "sts:AssumeRole"
    assert trusted.get("Condition") == condition


def test_each_principal_is_named_once() -> None:
    trusted = statement(trust_principals([INVESTIGATOR, SIEM, INVESTIGATOR]))

    assert trusted["Principal"] == {"AWS": [INVESTIGATOR, SIEM]}


def test_a_service_is_trusted_for_one_resource_of_one_account() -> None:
    policy = trust_service("s3.amazonaws.com", account="111122223333", source_arn="arn:aws:s3:::b")

    assert statement(policy) == {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnLike": {"aws:SourceArn": "arn:aws:s3:::b"},
            "StringEquals": {"aws:SourceAccount": "111122223333"},
        },
    }


@pytest.mark.parametrize(
    ("principals", "options", "message"),
    [
        ([], {}, "no principal is named"),
        (["*"], {}, "is not an ARN"),
        (["arn:aws:iam::444455556666:role/*"], {}, "without wildcards"),
        (["arn:aws:iam::444455556666:group/Admins"], {}, "one role, user or account"),
        (["arn:aws:sts::444455556666:assumed-role/R/s"], {}, "is not an ARN of the form .*:iam:"),
        ([SIEM], {"external_id": "x"}, "external id 'x' is malformed"),
        ([SIEM], {"external_id": "two words"}, "external id 'two words' is malformed"),
    ],
)
def test_whoever_could_be_anybody_is_refused(
    principals: list[str], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        trust_principals(principals, **options)


PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"


def test_jobs_are_trusted_by_their_full_subject_and_audience() -> None:
    trusted = oidc_statement(
        PROVIDER, audience="sts.amazonaws.com", subjects=["repo:org/audit:ref:refs/heads/main"]
    )

    assert trusted == {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": "repo:org/audit:ref:refs/heads/main",
            }
        },
    }


@pytest.mark.parametrize(
    ("provider", "audience", "subjects", "message"),
    [
        (INVESTIGATOR, "a", ["s"], "must be an ARN like"),
        (PROVIDER, "a", [], "no subject is named"),
        (PROVIDER, "a", ["repo:org/*"], "'repo:org/\\*' must be given in full"),
        (PROVIDER, "*", ["repo:org/audit:environment:x"], "audience or subject '\\*'"),
    ],
)
def test_jobs_that_could_be_anybodys_are_refused(
    provider: str, audience: str, subjects: list[str], message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        oidc_statement(provider, audience=audience, subjects=subjects)
