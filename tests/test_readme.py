"""The README is a promise: every command in it is run, here or by CI itself."""

import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.tests.limits import PATIENCE
from tests.support.checkout import CHECKOUT
from tests.support.deployment import deploy
from tests.support.engine import Project

if TYPE_CHECKING:
    from collections.abc import Callable

README = (CHECKOUT / "README.md").read_text()

# What CI and other tests run: `make demo` in sandbox/tests/test_demo.py, `make test` is CI.
ELSEWHERE = {"make demo", "make test"}


def blocks(language: str) -> list[str]:
    return [
        re.sub(r"^ {3}", "", block, flags=re.MULTILINE)
        for block in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    ]


def commands() -> list[str]:
    return [line.strip() for block in blocks("sh") for line in block.splitlines() if line.strip()]


def test_every_make_target_that_the_readme_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)) <= targets


def test_every_file_that_the_readme_links_is_there() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (CHECKOUT / link).exists(), link


def test_the_program_of_the_readme_deploys() -> None:
    (program,) = blocks("python")

    deployment = deploy(lambda: exec(program, {}), region="eu-central-1")  # noqa: S102 - README's

    assert deployment.only("Trail", "audit-trail").inputs["name"] == "Audit"
    assert deployment.only("Bucket", "logs-bucket").inputs["bucket"] == "my-audit-logs"


@pytest.mark.engine
@pytest.mark.xdist_group("readme")
def test_every_command_of_the_readme_runs(project: Project) -> None:
    project.pulumi("stack", "rm", "--yes", "--preserve-config", "security").succeeded()
    project.pulumi("stack", "rm", "--yes", "--preserve-config", "management").succeeded()
    runs: dict[str, Callable[[str], Any]] = {
        r"pulumi stack init \w+": lambda line: shell(project, line),
        r"pulumi up --stack \w+ --policy-pack policypack": lambda line: shell(
            project, f"{line} --yes --skip-preview"
        ),
        r"pulumi preview --policy-pack PATH/policypack": lambda line: shell(
            project, line.replace("PATH", str(CHECKOUT))
        ),
        r"\.venv/bin/cloudtrail-guard sandbox exec -- .*": lambda _: shell(
            project, f"{CHECKOUT}/.venv/bin/cloudtrail-guard sandbox exec -- true"
        ),
    }

    for line in commands():
        if line in ELSEWHERE:
            continue
        matching = [run for pattern, run in runs.items() if re.fullmatch(pattern, line)]
        assert len(matching) == 1, f"nothing runs the README's command {line!r}"
        matching[0](line)


def shell(project: Project, line: str) -> None:
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=project.directory,
        env=project.sandbox.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
