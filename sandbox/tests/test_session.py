"""A sandbox as Python has it: profiles, files, environment."""

import os
import stat
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from sandbox.engine.found import NoPulumi
from sandbox.plugin import PLUGIN_VERSION
from sandbox.session import Sandbox
from sandbox.tests.support import run_script

SCRIPT = """
from pathlib import Path
from sandbox.session import Sandbox, UnknownRegionError
from sandbox.engine.found import NoPulumi, PulumiCli
NONE = NoPulumi("not needed")
"""


def start(script: str, **environment: str) -> str:
    """Run a script that starts sandboxes."""
    return run_script(SCRIPT + script, **environment)


@pytest.mark.parametrize("profile", ["management", "security", "workload"])
def test_a_session_acts_in_the_account_of_its_profile(sandbox: Sandbox, profile: str) -> None:
    identity = sandbox.session(profile).client("sts").get_caller_identity()

    account = getattr(sandbox.organization, f"{profile}_account_id")
    assert identity["Account"] == account
    assert sandbox.session(profile).region_name == "us-east-1"


def test_a_session_acts_in_the_management_account_when_nothing_is_said(sandbox: Sandbox) -> None:
    identity = sandbox.session().client("sts").get_caller_identity()

    assert identity["Account"] == sandbox.organization.management_account_id


def test_an_unknown_profile_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="'admin' must be one of management, security, workload"):
        sandbox.session("admin")


def test_the_environment_names_the_organization(sandbox: Sandbox) -> None:
    organization = sandbox.organization
    named = {
        name.removeprefix("SANDBOX_"): value
        for name, value in sandbox.environment.items()
        if name.startswith("SANDBOX_")
    }

    assert named == {
        "ORGANIZATION_ID": organization.id,
        "ROOT_ID": organization.root_id,
        "MANAGEMENT_ACCOUNT_ID": organization.management_account_id,
        "SECURITY_ACCOUNT_ID": organization.security_account_id,
        "WORKLOAD_ACCOUNT_ID": organization.workload_account_id,
        "WORKLOADS_OU_ID": organization.workloads_ou_id,
    }


def test_all_files_are_in_the_private_folder(sandbox: Sandbox) -> None:
    environment, private = sandbox.environment, str(sandbox.directory)

    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        assert environment[name].startswith(private)
        assert Path(environment[name]).is_file()
    assert environment["PULUMI_HOME"].startswith(private)
    assert environment["PULUMI_BACKEND_URL"].startswith(f"file://{private}")
    assert stat.S_IMODE(sandbox.directory.stat().st_mode) == 0o700


def test_the_plugin_has_the_sdks_version_and_one_newer_than_a_program_asks_for(
    sandbox: Sandbox,
) -> None:
    plugins = Path(sandbox.environment["PULUMI_HOME"]) / "plugins"

    found = sorted(plugins.glob("*/*"))

    assert {plugin.name for plugin in found} == {"pulumi-resource-aws"}
    assert {plugin.parent.name for plugin in found} == {
        f"resource-aws-v{each}" for each in (version("pulumi-aws"), PLUGIN_VERSION)
    }
    assert sandbox.environment["PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH"] == "true"
    for plugin in found:
        assert os.access(plugin, os.X_OK)
        assert f"{sys.executable} -P -m sandbox.plugin" in plugin.read_text()


def test_environments_that_are_made_in_the_sandbox_get_the_sdk_that_it_stands_in_for() -> None:
    script = """
with Sandbox(environ={"PATH": "", "PIP_CONSTRAINT": "/theirs.txt"}) as sandbox:
    theirs, ours = sandbox.environment["PIP_CONSTRAINT"].split()
    print(theirs)
    print(Path(ours).read_text())
"""

    assert start(script).split() == ["/theirs.txt", f"pulumi-aws=={version('pulumi-aws')}"]


def test_a_pulumi_that_was_found_is_first_on_the_path() -> None:
    script = """
found = PulumiCli(Path("/opt/pulumi/bin/pulumi"), (3, 300, 0), "on PATH")
with Sandbox(pulumi=found, environ={"PATH": "/usr/bin:/opt/pulumi/bin"}) as sandbox:
    print(sandbox.environment["PATH"].replace(str(sandbox.directory), "SANDBOX"))
"""
    python = str(Path(sys.executable).parent)

    assert start(script).strip().split(":") == [
        "SANDBOX/bin",
        "/opt/pulumi/bin",
        python,
        "/usr/bin",
    ]


def test_what_the_environ_say_of_aws_and_pulumi_is_not_handed_on() -> None:
    script = """
with Sandbox(pulumi=NONE) as sandbox:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "PULUMI_ACCESS_TOKEN", "SANDBOX_ROOT", "HOME"):
        print(name, sandbox.environment.get(name))
    print(sandbox.environment["AWS_ENDPOINT_URL"] == sandbox.endpoint)
    print(sandbox.environment["NO_PROXY"])
    print(sandbox.session("security").client("sts").get_caller_identity()["Account"] ==
          sandbox.organization.security_account_id)
"""
    environ = {
        "AWS_ACCESS_KEY_ID": "AKIAMINE",
        "AWS_PROFILE": "mine",
        "AWS_ENDPOINT_URL": "https://example.com",
        "PULUMI_ACCESS_TOKEN": "pul-mine",
        "SANDBOX_ROOT": "outer",
        "HOME": "/home/me",
        "HTTP_PROXY": "http://proxy.example.com",
        "NO_PROXY": "intranet",
    }

    assert start(script, **environ).splitlines() == [
        "AWS_ACCESS_KEY_ID None",
        "AWS_PROFILE None",
        "PULUMI_ACCESS_TOKEN None",
        "SANDBOX_ROOT None",
        "HOME /home/me",
        "True",
        "intranet,127.0.0.1,localhost",
        "True",
    ]


def test_the_region_is_that_of_the_profiles() -> None:
    script = """
with Sandbox(pulumi=NONE, region="eu-west-1") as sandbox:
    print(sandbox.environment["AWS_REGION"], sandbox.session("security").region_name)
"""
    assert start(script) == "eu-west-1 eu-west-1\n"


def test_an_unknown_region_is_refused_and_nothing_stays() -> None:
    script = """
try:
    with Sandbox(pulumi=NONE, region="us-gov-west-1"):
        pass
except UnknownRegionError as error:
    print(str(error)[:52])
with Sandbox(pulumi=NONE) as sandbox:
    print(sandbox.directory.exists())
print(sandbox.directory.exists())
"""
    assert start(script) == "region 'us-gov-west-1' must be one of af-south-1, ap\nTrue\nFalse\n"


def test_the_folder_goes_when_the_block_fails() -> None:
    script = """
try:
    with Sandbox(pulumi=NONE) as sandbox:
        raise OSError
except OSError:
    print(sandbox.directory.exists())
"""
    assert start(script) == "False\n"


def test_a_sandbox_in_a_sandbox_needs_a_process_of_its_own(sandbox: Sandbox) -> None:
    assert sandbox.directory.exists()
    with (
        pytest.raises(RuntimeError, match="in a process of its own"),
        Sandbox(pulumi=NoPulumi("not needed")),
    ):
        pass
