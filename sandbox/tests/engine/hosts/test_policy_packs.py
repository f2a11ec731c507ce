"""Policy packs of any author: what they get to know of the stack, and how they fail."""

import sys

import pytest

from sandbox.tests.engine.hosts.conftest import Project, Ran

pytestmark = pytest.mark.engine

PACK = """\
import os, pulumi
from pulumi_policy import PolicyPack, ResourceValidationPolicy

def validate(args, report):
    config = pulumi.Config("tried")
    report(f"{pulumi.get_stack()} of {pulumi.get_project()} of {pulumi.get_organization()}, "
           f"dry run {pulumi.runtime.is_dry_run()}, size {config.get('size')}, "
           f"token {config.get('token')}")

PolicyPack("said", policies=[ResourceValidationPolicy("say", "Says what it was given.", validate)])
"""


def preview(project: Project, pack: str, virtualenv: str = sys.prefix) -> Ran:
    """Preview the project with a policy pack."""
    project.write(
        "pack/PulumiPolicy.yaml",
        "version: 0.1.0\nruntime:\n  name: python\n  options:\n    toolchain: pip\n"
        f"    virtualenv: {virtualenv}\n",
    )
    project.write("pack/__main__.py", pack)
    return project.pulumi("preview", "--stack", "dev", "--policy-pack", "pack")


def test_a_pack_knows_stack_and_config(project: Project) -> None:
    project.pulumi("config", "set", "size", "3")
    project.pulumi("config", "set", "--secret", "token", "abc")

    ran = preview(project, PACK)

    given = "dev of tried of organization, dry run True, size 3, token abc"
    assert given in ran.output.replace("[secret]", "abc"), ran.output
    assert ran.code == 0


def test_config_may_be_longer_than_a_variable(project: Project) -> None:
    project.write("Pulumi.dev.yaml", f"config:\n  tried:size: '{'3' * 200_000}'\n")

    ran = preview(project, PACK.replace("config.get('size')", "len(config.get('size'))"))

    assert "size 200000" in ran.output, ran.output


def test_what_a_pack_prints_before_it_serves_is_shown(project: Project) -> None:
    ran = preview(project, f"print('loading rules')\n{PACK}")

    assert "loading rules" in ran.output
    assert "dev of tried" in ran.output, ran.output
    assert ran.code == 0


@pytest.mark.parametrize(
    ("pack", "shown"),
    [
        ("raise ValueError('no rules')", "ValueError: no rules"),
        ("import no_such_module", "No module named 'no_such_module'"),
        ("import sys; sys.exit(3)", "pack exited with code 3 before it served"),
        ("import os; os.kill(os.getpid(), 9)", "pack was killed by SIGKILL before it served"),
    ],
)
def test_a_pack_that_ends_at_its_start_says_why(project: Project, pack: str, shown: str) -> None:
    ran = preview(project, pack)

    assert ran.code != 0
    assert shown in ran.output, ran.output


def test_a_pack_without_its_environment_says_so_at_once(project: Project) -> None:
    ran = preview(project, PACK, virtualenv="absent")

    assert ran.code != 0
    assert "pack/absent does not exist: run `pulumi install` in" in ran.output, ran.output


def test_a_pack_analyzes_what_is_deployed(project: Project) -> None:
    deployed = "import pulumi\npulumi.ComponentResource('tried:index:Thing', 'thing')\n"
    project.write("__main__.py", deployed)
    project.up()
    preview(project, PACK)

    ran = project.pulumi("policy", "analyze", "--policy-pack", "pack", "--stack", "dev")

    # Here the engine never says which stack it is.
    assert "[advisory]  say  (tried:index:Thing: thing)" in ran.output, ran.output
    assert ran.code == 0
