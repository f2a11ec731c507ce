"""The commands of docs/how-to/break-glass.md, as they stand, under all of the real documents."""

from __future__ import annotations

import re
import subprocess
import textwrap
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from cloudtrail_guard.operations import Target, actions_on

from sandbox.aws.policy_evaluation import Principal, Request
from sandbox.tests.effects import Effect, decide
from sandbox.tests.limits import PATIENCE
from sandbox.tests.support import allow, document
from tests.enforcement.documents import BUCKET, ORGANIZATION, SECURITY, documents
from tests.enforcement.test_worst_calls import ALL, SCP, guarded, make_role, refusal
from tests.support.checkout import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Generator

    from sandbox.clients import Client
    from sandbox.organization import Organization
    from sandbox.session import Sandbox
    from sandbox.tests.support import Clients
    from tests.enforcement.test_worst_calls import Place

PROTECTION = "ProtectExemptRoles"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
PAGE = (CHECKOUT / "docs/how-to/break-glass.md").read_text()


def commands(heading: str) -> list[str]:
    """The shell blocks of a section."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [
        textwrap.dedent(block)
        for block in re.findall(r"^ *```sh\n(.*?)^ *```", section, re.DOTALL | re.MULTILINE)
    ]


@pytest.fixture
def place(
    clients: Clients, sandbox: Sandbox, organization: Organization, name: str
) -> Generator[Place]:
    with guarded(clients, sandbox, organization, name, ALL) as made:
        yield made


@pytest.fixture
def shell(place: Place, tmp_path: Path) -> Any:
    """Run a script of the page with its placeholders filled in; what it prints."""
    account = place.organization.security_account_id
    (profile,) = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
    profile = re.sub(r"^mfa_serial.*\n", "", profile, flags=re.MULTILINE)
    config = tmp_path / "config"
    given = Path(place.sandbox.environment["AWS_CONFIG_FILE"]).read_text()
    config.write_text(f"{given}\n{profile.replace('111122223333', account)}")
    environment = {**place.sandbox.environment, "AWS_CONFIG_FILE": str(config)}

    def run(script: str, **more: str) -> str:
        words = {"BUCKET": place.bucket, "TARGET": place.organization.root_id, **more}
        for word, value in words.items():
            script = re.sub(rf"\b{word}\b", value, script)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script.replace("111122223333", account)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_one_locked_version_is_deleted(place: Place, shell: Any, clients: Clients) -> None:
    (assume,), (delete,) = commands("Assume it"), commands("What it can do")
    s3 = clients("s3", "security")
    admin = place.session("AdminRole")("s3")
    admin.put_object_retention(
        **place.versioned,
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": "2099-01-01T00:00:00Z"},
    )

    assert "assumed-role/AdminRole/" in shell(assume)
    shell(delete, KEY=place.log, VERSION=place.version)

    assert "Versions" not in s3.list_object_versions(Bucket=place.bucket, Prefix=place.log)


@pytest.mark.parametrize("hide", ["delete", "overwrite"])
def test_a_hidden_log_is_restored(place: Place, shell: Any, clients: Clients, hide: str) -> None:
    listing, delete = commands("Restore a hidden log")
    s3, admin = clients("s3", "security"), place.session("AdminRole")("s3")
    admin.put_object_lock_configuration(
        Bucket=place.bucket,
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
        },
    )
    if hide == "delete":
        hiding = admin.delete_object(Bucket=place.bucket, Key=place.log)["VersionId"]
    else:
        # Even break-glass writes no log, before it has taken the bucket's policy away.
        admin.delete_bucket_policy(Bucket=place.bucket)
        hiding = admin.put_object(Bucket=place.bucket, Key=place.log, Body=b"x")["VersionId"]

    rows = [line.split("\t") for line in shell(listing, KEY=place.log).splitlines()]
    assert [row[0] for row in rows if row[2] == "True"] == [hiding]
    shell(delete, KEY=place.log, VERSION=hiding)

    assert s3.get_object(Bucket=place.bucket, Key=place.log)["VersionId"] == place.version


@pytest.fixture
def without_the_role(
    place: Place, clients: Clients, organization: Organization
) -> Generator[Place]:
    """The role is gone, with the SCP in force; however the test ends, it is there again."""
    iam, organizations = clients("iam", "security"), clients("organizations")
    root = organization.root_id
    (guardrail,) = (id_ for id_, text in _attached(organizations, root) if PROTECTION in text)
    organizations.detach_policy(PolicyId=guardrail, TargetId=root)
    _delete_role(iam)
    organizations.attach_policy(PolicyId=guardrail, TargetId=root)
    yield place
    organizations.detach_policy(PolicyId=guardrail, TargetId=root)
    with suppress(ClientError):
        _delete_role(iam)
    make_role(iam, "AdminRole", organization.security_account_id)
    organizations.attach_policy(PolicyId=guardrail, TargetId=root)


def _delete_role(iam: Client) -> None:
    iam.detach_role_policy(RoleName="AdminRole", PolicyArn=ADMINISTRATOR_ACCESS)
    iam.delete_role(RoleName="AdminRole")


def test_a_role_that_is_gone_is_made_again_by_way_of_the_management_account(
    without_the_role: Place, shell: Any, clients: Clients
) -> None:
    place = without_the_role
    trust = document(
        allow({"AWS": f"arn:aws:iam::{place.organization.security_account_id}:root"}, "sts:*")
    )
    iam = clients("iam", "security")

    why = refusal(lambda: iam.create_role(RoleName="AdminRole", AssumeRolePolicyDocument=trust))
    detach, create, attach = commands("If the role is gone")
    assert '"aws:MultiFactorAuthPresent": "true"' in create
    create = re.sub(r',\n *"Condition": .*', "", create)  # the sandbox's people have no MFA
    shell(f"{detach}{create}{attach}")

    assert f"explicit deny in a {SCP}" in why
    again = place.session("AdminRole")("s3")
    again.delete_object(**place.versioned)
    attached = _attached(clients("organizations"), place.organization.root_id)
    assert [PROTECTION in text for _, text in attached].count(True) == 1


def _attached(organizations: Client, target: str) -> list[tuple[str, str]]:
    """The ids and texts of a target's SCPs."""
    found = organizations.list_policies_for_target(
        TargetId=target, Filter="SERVICE_CONTROL_POLICY"
    )["Policies"]
    return [
        (each["Id"], organizations.describe_policy(PolicyId=each["Id"])["Policy"]["Content"])
        for each in found
    ]


@pytest.mark.parametrize("name", ["SCP", "RCP"])
@pytest.mark.parametrize("action", ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"])
def test_the_root_user_of_a_member_account_is_no_way_back(name: str, action: str) -> None:
    """In an account by itself it is: S3 lets root delete a policy that denies it.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
    """
    assert action in actions_on(Target.BUCKET)
    root = f"arn:aws:iam::{SECURITY}:root"
    context = {
        "aws:PrincipalArn": root,
        "aws:PrincipalOrgID": ORGANIZATION,
        "aws:PrincipalIsAWSService": "false",
    }
    request = Request(Principal(SECURITY, (root,)), action, f"arn:aws:s3:::{BUCKET}", context)

    assert decide(documents()[name], request) is Effect.DENY
