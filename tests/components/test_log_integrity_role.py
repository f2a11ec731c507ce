import json
from typing import Any

import pytest
from cloudtrail_guard import ArgumentError, LogIntegrityRole, LogIntegrityRoleArgs

from tests.support.deployment import Deployment, deploy

SCHEDULER = "arn:aws:iam::111122223333:role/Scheduler"
PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
JOB = "repo:org/audit:ref:refs/heads/main"
ARGS: LogIntegrityRoleArgs = {
    "log_bucket_name": "org-logs",
    "log_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/1",
    "trail_arns": ["arn:aws:cloudtrail:eu-west-1:123456789012:trail/Trail"],
}


def make(**more: Any) -> Deployment:
    args: Any = {**ARGS, **more}
    return deploy(lambda: LogIntegrityRole("prove", args))


def test_it_trusts_principals_and_jobs_and_nobody_else() -> None:
    role = make(trusted_arns=[SCHEDULER], oidc={"provider_arn": PROVIDER, "subjects": [JOB]}).only(
        "Role"
    )

    assert role.inputs["name"] == "prove"
    principals, jobs = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert principals["Principal"] == {"AWS": SCHEDULER}
    assert jobs["Principal"] == {"Federated": PROVIDER}
    assert jobs["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": JOB,
    }


def test_it_reads_and_changes_nothing() -> None:
    policy = json.loads(make(trusted_arns=[SCHEDULER]).only("RolePolicy").inputs["policy"])

    allowed = {
        action
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    }
    assert "cloudtrail:ListPublicKeys" in allowed
    verbs = {action.partition(":")[2][:3] for action in allowed}
    assert verbs == {"Get", "Lis", "Dec"}
    assert policy["Statement"][-1]["Effect"] == "Deny"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "no principal may assume it: give trusted_arns or oidc"),
        ({"trusted_arns": ["*"]}, "must be an ARN like"),
        (
            {"oidc": {"provider_arn": PROVIDER, "subjects": ["repo:*"]}},
            "'repo:\\*' must be given in full",
        ),
    ],
)
def test_a_role_for_nobody_or_anybody_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        make(**more)
