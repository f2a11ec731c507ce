"""One command line for all commands."""

import subprocess
import sys
import tomllib
from typing import NoReturn

import pytest
from command_line.app import COMMANDS, main

from sandbox.engine.found import PulumiRequiredError
from tests.support.checkout import CHECKOUT

SLOW = ("boto3", "botocore", "moto", "pulumi", "pulumi_aws", "awscli", "rich")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [f"{CHECKOUT}/.venv/bin/cloudtrail-guard", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_help_page(name: str) -> None:
    done = run(name, "--help")

    assert done.returncode == 0, done.stderr
    assert f"Usage: cloudtrail-guard {name}" in done.stdout


def test_the_list_of_commands_waits_for_no_sdk() -> None:
    program = (
        "import sys\n"
        "from command_line.app import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    pass\n"
        "print(sorted(set(sys.modules) & set(sys.argv[1:])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *SLOW], capture_output=True, text=True, check=True
    )

    *page, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    for name, command in COMMANDS.items():
        assert f"  {name} " in done.stdout
        assert command.help.split()[0] in "\n".join(page)


def test_a_misspelt_command_is_one_line_and_no_traceback() -> None:
    done = run("integrety")

    assert done.returncode == 2
    assert "No such command 'integrety'" in done.stderr


@pytest.mark.parametrize("name", [name for name, each in COMMANDS.items() if each.group])
def test_a_command_without_its_packages_says_which_group_to_install(name: str) -> None:
    group = COMMANDS[name].group
    package = {"sandbox": "sandbox", "integrity": "httptools", "posture": "jinja2"}[group]
    program = f"import sys; sys.modules['{package}'] = None\nfrom command_line.app import main\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}main(['{name}', '--help'])"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"run `uv sync --group {group}`, or `make setup`" in done.stderr
    groups = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["dependency-groups"]
    assert group in groups


@pytest.mark.parametrize(
    "arguments", [["sandbox", "exec", "--", "true"], ["sandbox", "engine"], ["demo"]]
)
def test_an_engine_that_is_required_and_missing_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    def missing(**_: object) -> NoReturn:
        raise PulumiRequiredError("there is none")

    monkeypatch.setattr("sandbox.cli.find_pulumi", missing)
    monkeypatch.delenv("SANDBOX_ORGANIZATION_ID", raising=False)

    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 1
    assert capsys.readouterr().err == "sandbox: there is none\n"


@pytest.mark.parametrize("module", ["demo", "integrity", "adoption", "sandbox", "command_line"])
def test_each_command_runs_as_a_module_too(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout
