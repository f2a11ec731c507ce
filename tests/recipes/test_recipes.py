"""The recipes for other places: their files hold, and their commands run in the sandbox."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from demo.working_copy import working_copy
from generate.deployer import policies
from generate.trust import ACCOUNTS, PLACES, files

from sandbox.session import Sandbox
from sandbox.tests.limits import PATIENCE
from sandbox.tests.support import identity_token
from tests.support.checkout import CHECKOUT
from tests.support.engine import Project, engine
from tests.support.permissions import here, own_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RECIPES = CHECKOUT / "recipes"
GITLAB: dict[str, Any] = yaml.safe_load((RECIPES / "gitlab/gitlab-ci.yml").read_text())
SETTINGS: dict[str, dict[str, Any]] = {
    stack: json.loads((RECIPES / f"pulumi-deployments/{stack}.json").read_text())
    for stack in ACCOUNTS
}
ROLE = "deploy-cloudtrail-guard-"
DEPLOYERS = re.compile(r":role/(OrganizationAccountAccessRole|OrganizationAdmin)\b")
"""The roles that deploy, as the published policies name them."""


def job(name: str) -> dict[str, Any]:
    """A job of GitLab with what it extends: https://docs.gitlab.com/ci/yaml/#extends."""
    own = dict(GITLAB[name])
    base = job(own.pop("extends")) if "extends" in own else {}
    variables = base.get("variables", {}) | own.get("variables", {})
    return {**base, **own, "variables": variables}


JOBS = {name: job(name) for name in GITLAB if "script" in GITLAB[name] or "extends" in GITLAB[name]}
DEPLOYING = {name: one for name, one in JOBS.items() if "AWS_ROLE" in one["variables"]}


def test_the_pipeline_of_gitlab_is_one() -> None:
    schema = ("--builtin-schema", "vendor.gitlab-ci")
    done = subprocess.run(
        [CHECKOUT / ".venv/bin/check-jsonschema", *schema, RECIPES / "gitlab/gitlab-ci.yml"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert {one["stage"] for name, one in JOBS.items() if not name.startswith(".")} == set(
        GITLAB["stages"]
    )


def test_a_merge_request_of_gitlab_gets_no_credentials() -> None:
    of_merge_requests = {
        name
        for name, one in JOBS.items()
        if any("merge_request_event" in rule["if"] for rule in one["rules"])
    }

    assert of_merge_requests == {"check"}
    assert "id_tokens" not in JOBS["check"]


def test_nothing_is_deployed_by_gitlab_without_a_person() -> None:
    for name, one in DEPLOYING.items():
        by_hand = any(rule.get("when") == "manual" for rule in one["rules"])
        assert by_hand is any("pulumi up" in line for line in one["script"]), name


def test_gitlabs_image_has_the_version_of_the_cli_that_is_pinned() -> None:
    version = (CHECKOUT / ".pulumi.version").read_text().strip()

    assert GITLAB[".stack"]["image"].endswith(f":{version}")


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.stem)
def test_a_trust_policy_is_up_to_date_and_names_whom_it_trusts_in_full(path: Path) -> None:
    assert path.read_text() == files()[path], "run `make generate`"
    [statement] = json.loads(path.read_text())["Statement"]
    [(operator, conditions)] = statement["Condition"].items()
    assert operator == "StringEquals"
    assert {key.rpartition(":")[2] for key in conditions} == {"aud", "sub"}
    assert "*" not in json.dumps(conditions)


@pytest.mark.parametrize("stack", ACCOUNTS)
def test_settings_of_pulumi_deployments_start_nothing_by_themselves(stack: str) -> None:
    settings = SETTINGS[stack]
    role = settings["operationContext"]["oidc"]["aws"]["roleArn"]

    assert role == f"arn:aws:iam::{ACCOUNTS[stack]}:role/{ROLE}{stack}"
    assert not settings["vcs"]["deployCommits"]
    assert not settings["vcs"]["previewPullRequests"]


@pytest.fixture
def plain_sandbox() -> Iterator[Sandbox]:
    with Sandbox(pulumi=None) as sandbox:
        yield sandbox


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The program in a sandbox of its own, with both stacks made and nothing deployed."""
    directory = tmp_path / "program"
    directory.mkdir()
    with Sandbox(pulumi=engine()) as sandbox:
        project = Project(working_copy(directory), sandbox)
        project.init("security", "management")
        yield project


def make_role(
    sandbox: Sandbox, folder: Path, place: str, stack: str, host: str = "gitlab.com"
) -> subprocess.CompletedProcess[str]:
    """Run the script with this sandbox's own values, as the how-to says."""
    folder.mkdir(exist_ok=True)
    for number, policy in enumerate(policies(stack), start=1):
        own = DEPLOYERS.sub(f":role/{ROLE}{stack}", json.dumps(here(sandbox, policy)))
        (folder / f"{stack}-{number}.json").write_text(own)
    trust = folder / "trust.json"
    published = (RECIPES / f"trust/{place}-{stack}.json").read_text()
    trust.write_text(own_values(sandbox, published).replace("gitlab.com", host))
    return subprocess.run(
        [RECIPES / "deploying-role.sh", place, stack, folder, trust],
        env={
            **environment(sandbox),
            "AWS_PROFILE": stack,
            "PULUMI_ORGANIZATION": "ORGANIZATION",
            "GITLAB_HOST": host,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def assumed(sandbox: Sandbox, role: str, trust: Mapping[str, Any]) -> str:
    """ARN of the session of a token with just what a role's trust policy asks for."""
    [statement] = trust["Statement"]
    wanted: dict[str, str | list[str]] = statement["Condition"]["StringEquals"]
    claims = {
        key.rpartition(":")[2]: value if isinstance(value, str) else value[0]
        for key, value in wanted.items()
    }
    issuer = statement["Principal"]["Federated"].partition("oidc-provider/")[2]
    sts: Any = sandbox.session("security").client("sts")
    return sts.assume_role_with_web_identity(
        RoleArn=role,
        RoleSessionName="ci",
        WebIdentityToken=identity_token(iss=f"https://{issuer}", **claims),
    )["AssumedRoleUser"]["Arn"]


def environment(sandbox: Sandbox) -> dict[str, str]:
    """A sandbox's, with the AWS CLI of the checkout's environment on PATH."""
    path = f"{CHECKOUT / '.venv/bin'}:{sandbox.environment['PATH']}"
    return {**sandbox.environment, "PATH": path}


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_the_script_makes_a_role_with_the_published_permissions_and_no_others(
    plain_sandbox: Sandbox, tmp_path: Path, place: str
) -> None:
    iam: Any = plain_sandbox.session("security").client("iam")
    role = f"{ROLE}security"

    first = make_role(plain_sandbox, tmp_path / "own", place, "security")
    second = make_role(plain_sandbox, tmp_path / "own", place, "security")

    arn = first.stdout.split()[-1]
    assert first.returncode == 0, first.stderr
    assert second.stdout.split()[-1] == arn
    made = iam.get_role(RoleName=role)["Role"]
    assert made["Arn"] == arn
    assert made["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == (
        "sts:AssumeRoleWithWebIdentity"
    )
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert len(attached) == len(policies("security"))
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    assert assumed(plain_sandbox, arn, made["AssumeRolePolicyDocument"]).endswith(f"{role}/ci")
    for each in attached:
        iam.detach_role_policy(RoleName=role, PolicyArn=each["PolicyArn"])
    iam.delete_role(RoleName=role)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("jenkins", "PLACE is github, gitlab or pulumi, and not jenkins"),
        ("gitlab", "put your own values in first"),
    ],
)
def test_the_script_refuses_what_it_does_not_know(
    plain_sandbox: Sandbox, tmp_path: Path, place: str, message: str
) -> None:
    done = subprocess.run(
        [
            RECIPES / "deploying-role.sh",
            place,
            "security",
            tmp_path,
            RECIPES / "trust/gitlab-security.json",
        ],
        env={**environment(plain_sandbox), "AWS_PROFILE": "security"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 2
    assert message in done.stderr


def test_the_script_refuses_permissions_that_name_another_role(
    plain_sandbox: Sandbox, tmp_path: Path
) -> None:
    trust = tmp_path / "trust.json"
    trust.write_text(
        own_values(plain_sandbox, (RECIPES / "trust/gitlab-security.json").read_text())
    )
    permissions = CHECKOUT / "docs/deployer-permissions"

    done = subprocess.run(
        [RECIPES / "deploying-role.sh", "gitlab", "security", permissions, trust],
        env={**environment(plain_sandbox), "AWS_PROFILE": "security"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 2
    assert "names the role deploy-cloudtrail-guard-security" in done.stderr


def test_the_script_takes_an_own_gitlab_and_a_provider_that_is_there_for_the_same_audience(
    plain_sandbox: Sandbox, tmp_path: Path
) -> None:
    iam: Any = plain_sandbox.session("security").client("iam")
    host = "gitlab.example.com"
    iam.create_open_id_connect_provider(
        Url=f"https://{host}", ClientIDList=["other", "sts.amazonaws.com"]
    )

    done = make_role(plain_sandbox, tmp_path / "own", "gitlab", "security", host)

    assert done.returncode == 0, done.stderr
    trust = iam.get_role(RoleName=f"{ROLE}security")["Role"]["AssumeRolePolicyDocument"]
    assert assumed(plain_sandbox, done.stdout.split()[-1], trust)


def test_the_script_widens_no_provider_that_takes_no_token_for_the_audience(
    plain_sandbox: Sandbox, tmp_path: Path
) -> None:
    iam: Any = plain_sandbox.session("security").client("iam")
    iam.create_open_id_connect_provider(Url="https://gitlab.com", ClientIDList=["other"])

    done = make_role(plain_sandbox, tmp_path / "own", "gitlab", "security")

    assert done.returncode == 2
    assert "takes no token for the audience sts.amazonaws.com" in done.stderr
    assert "--client-id sts.amazonaws.com" in done.stderr
    names = [each["RoleName"] for each in iam.list_roles()["Roles"]]
    assert f"{ROLE}security" not in names


def run(project: Project, lines: list[str], variables: Mapping[str, str]) -> str:
    """Run a job's commands as GitLab's runner does, in one shell that stops at the first error."""
    # A working copy of the program is set up already, and has no Makefile of the checkout's.
    (project.directory / "Makefile").write_text("setup:\n\t@test -x .venv/bin/python\n")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
        cwd=project.directory,
        env={**environment(project.sandbox), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("recipes-gitlab")
def test_gitlabs_jobs_deploy_both_stacks_as_roles_that_only_deploy(
    project: Project, tmp_path: Path
) -> None:
    project.configure_core()
    roles = {
        f"{stack.upper()}_ROLE": make_role(
            project.sandbox, tmp_path / stack, "gitlab", stack
        ).stdout.split()[-1]
        for stack in ACCOUNTS
    }
    tokens = {
        "AWS_TOKEN": identity_token(
            iss="https://gitlab.com",
            aud=job("deploy security")["id_tokens"]["AWS_TOKEN"]["aud"],
            sub="project_path:GROUP/PROJECT:ref_type:branch:ref:main",
        )
    }

    for name in ("preview security", "deploy security", "preview management", "deploy management"):
        one = job(name)
        given = {
            key: re.sub(r"\$(\w+)", lambda found: roles.get(found[1], ""), value)
            for key, value in one["variables"].items()
        }
        run(project, [*one["before_script"], *one["script"]], tokens | given)
        # In a shell of its own: https://docs.gitlab.com/ci/yaml/#after_script.
        run(project, one["after_script"], tokens | given)
        assert not (project.directory / ".aws").exists()

    assert (project.directory / "policies.xml").read_text().startswith("<?xml")
    deployer = project.outputs("security")["deployerRoleArns"]
    assert deployer == [roles["SECURITY_ROLE"]]
    drift = job("drift")
    [first, _] = drift["parallel"]["matrix"]
    run(
        project,
        [*drift["before_script"], *drift["script"]],
        {**tokens, "STACK": first["STACK"], "AWS_ROLE": roles["SECURITY_ROLE"]},
    )


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("recipes-pulumi")
def test_a_stack_is_previewed_with_credentials_of_the_environment_as_in_pulumi_deployments(
    project: Project,
) -> None:
    operation = SETTINGS["security"]["operationContext"]
    keys = project.sandbox.session("security").get_credentials()
    assert keys
    credentials = {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SESSION_TOKEN": keys.token or "",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }

    previewed = run(
        project,
        [*operation["preRunCommands"], "pulumi preview --non-interactive --stack security"],
        {name: value for name, value in credentials.items() if value},
    )

    assert "aws:profile" not in (project.directory / "Pulumi.security.yaml").read_text()
    assert "cloudtrail-guard:index:LogBucket" in previewed
