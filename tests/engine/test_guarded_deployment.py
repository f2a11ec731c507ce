"""Under every guardrail the deploying role still deploys, and an administrator gets nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from demo.working_copy import working_copy

from sandbox.organization import role_arn
from sandbox.tests.support import allow, assume, document
from tests.support.engine import Project

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.session import Sandbox

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("guarded-deployment")]

SERVICES = {
    "guardDuty": {"enabled": True, "organization": False},
    "securityHub": {"enabled": True},
    "accessAnalyzer": {"enabled": True, "organization": False},
}


@pytest.fixture(scope="module")
def project(engine_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(working_copy(tmp_path_factory.mktemp("program")), engine_sandbox)
    project.init("security", "management")
    project.configure_core()
    uses = {"logFeed": {"enabled": True}, "queries": {"enabled": True}}
    project.configure("security", **uses, integrityRole={"enabled": True})
    project.configure("management", guardrails={"securityServices": True, "controlTower": True})
    project.up("security").succeeded()
    project.up("management").succeeded()
    return project


def test_the_deploying_role_changes_all_that_the_guardrails_protect(project: Project) -> None:
    project.configure("security", securityServices=SERVICES, readers=[{"roleName": "Investigator"}])
    project.up("security").succeeded()
    project.up("security", "--expect-no-changes").succeeded()

    project.configure(
        "security",
        securityServices={
            **SERVICES,
            "guardDuty": {**SERVICES["guardDuty"], "frequency": "ONE_HOUR"},
        },
        readers=[{"roleName": "Investigator", "mayQuery": False}],
        logFeed={"enabled": True, "rawMessages": True},
        alerts={"emails": ["security@example.com"]},
    )
    project.up("security").succeeded()
    project.up("management").succeeded()


def trust(principal: object) -> str:
    """A trust policy for a principal."""
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


CALLS: dict[str, tuple[str, Callable[[Any, dict[str, Any]], object]]] = {
    "open a role of the stack": (
        "iam",
        lambda aws, _: aws.update_assume_role_policy(
            RoleName="CloudTrailLogIntegrity", PolicyDocument=trust({"AWS": "*"})
        ),
    ),
    "make a role under the stacks' names": (
        "iam",
        lambda aws, _: aws.create_role(
            RoleName="cloudtrail-guard-mine", AssumeRolePolicyDocument=trust({"AWS": "*"})
        ),
    ),
    "change the break-glass role": (
        "iam",
        lambda aws, _: aws.attach_role_policy(
            RoleName="AdminRole", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"
        ),
    ),
    "disable the alert key": (
        "kms",
        lambda aws, outputs: aws.disable_key(KeyId=outputs["alertKeyArn"]),
    ),
    "replace the policy of the feed's key": (
        "kms",
        lambda aws, outputs: aws.put_key_policy(
            KeyId=outputs["logFeedKeyArn"],
            PolicyName="default",
            Policy=document(allow({"AWS": "*"}, "kms:*")),
        ),
    ),
    "delete the key of query results": (
        "kms",
        lambda aws, outputs: aws.schedule_key_deletion(KeyId=outputs["queryResultsKeyArn"]),
    ),
    "purge the feed": (
        "sqs",
        lambda aws, outputs: aws.purge_queue(QueueUrl=outputs["logFeedQueueUrl"]),
    ),
    "switch the detector off": (
        "guardduty",
        lambda aws, _: aws.delete_detector(DetectorId=aws.list_detectors()["DetectorIds"][0]),
    ),
}


@pytest.fixture(scope="module")
def administrator(project: Project) -> Callable[[str], Any]:
    """Clients of an administrator of the security account who is not exempt."""
    account = project.sandbox.organization.security_account_id
    iam: Any = project.sandbox.session("security").client("iam")
    iam.create_role(
        RoleName="SomeAdministrator",
        AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{account}:root"}),
    )
    iam.attach_role_policy(
        RoleName="SomeAdministrator", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    return assume(project.sandbox, role_arn(account, "SomeAdministrator"))


@pytest.mark.parametrize("call", CALLS)
def test_an_administrator_is_refused(
    project: Project, administrator: Callable[[str], Any], call: str
) -> None:
    service, carry_out = CALLS[call]
    outputs = project.outputs("security")

    with pytest.raises(ClientError) as refused:
        carry_out(administrator(service), outputs)

    assert "explicit deny in a" in refused.value.response["Error"]["Message"]


def test_an_administrator_keeps_its_own_work(administrator: Callable[[str], Any]) -> None:
    iam = administrator("iam")
    functions = trust({"Service": "lambda.amazonaws.com"})

    iam.create_role(RoleName="application", AssumeRolePolicyDocument=functions)
    iam.update_assume_role_policy(RoleName="application", PolicyDocument=functions)
    iam.delete_role(RoleName="application")
    key = administrator("kms").create_key()["KeyMetadata"]["KeyId"]
    administrator("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
