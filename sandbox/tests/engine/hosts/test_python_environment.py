"""Where a Python program's environment is, and what is done to make it."""

import sys
from pathlib import Path

import pytest

from sandbox.engine.hosts.host import HostError, Program
from sandbox.engine.hosts.python.environment import Environment


def program(directory: Path, **options: object) -> Program:
    return Program(directory, directory, ".", options)


@pytest.mark.parametrize(
    ("options", "folder", "toolchain"),
    [
        ({}, None, "pip"),
        ({"virtualenv": "venv"}, "venv", "pip"),
        ({"toolchain": "pip", "virtualenv": "../shared"}, "../shared", "pip"),
        ({"toolchain": "uv"}, ".venv", "uv"),
        ({"toolchain": "uv", "virtualenv": "own"}, "own", "uv"),
    ],
)
def test_options_name_the_environment(
    tmp_path: Path, options: dict[str, object], folder: str | None, toolchain: str
) -> None:
    environment = Environment.of(program(tmp_path, **options))

    assert environment.folder == (tmp_path / folder if folder else None)
    assert environment.toolchain == toolchain


def test_uv_has_one_environment_for_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").touch()

    environment = Environment.of(program(tmp_path / "member", toolchain="uv"))

    assert environment.folder == tmp_path / ".venv"


def test_a_plugin_that_names_nothing_has_an_environment_of_its_own(tmp_path: Path) -> None:
    assert Environment.of(program(tmp_path), "venv").folder == tmp_path / "venv"
    assert Environment.of(program(tmp_path, toolchain="pip"), "venv").folder is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"toolchain": "poetry"}, "`toolchain` is 'poetry': this language host knows pip and uv"),
        ({"virtualenv": 3}, "`virtualenv` must be text, got 3"),
    ],
)
def test_an_option_that_is_not_understood_is_an_error(
    tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(HostError, match=message):
        Environment.of(program(tmp_path, **options))


def test_an_environment_that_is_missing_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    environment = Environment.of(program(tmp_path, virtualenv="venv"))

    with pytest.raises(HostError, match=r"venv does not exist: run `pulumi install` in "):
        _ = environment.python


def test_a_process_in_it_is_as_after_activation(tmp_path: Path) -> None:
    environment = Environment.of(program(tmp_path, virtualenv="venv"))

    variables = environment.variables({"PATH": "/usr/bin", "PYTHONHOME": "/other", "HOME": "/me"})

    folder = str(tmp_path / "venv")
    assert variables == {"PATH": f"{folder}/bin:/usr/bin", "VIRTUAL_ENV": folder, "HOME": "/me"}


@pytest.mark.parametrize(
    ("files", "installed"),
    [
        ((), None),
        (("requirements.txt",), ["-r", "requirements.txt"]),
        (("pyproject.toml",), ["."]),
        (("pyproject.toml", "requirements.txt"), ["-r", "requirements.txt"]),
    ],
)
def test_it_is_made_and_filled(
    tmp_path: Path, files: tuple[str, ...], installed: list[str] | None
) -> None:
    for name in files:
        (tmp_path / name).touch()

    commands = Environment.of(program(tmp_path, virtualenv="venv")).installation()

    made, *filled = [list(map(str, command.arguments)) for command in commands]
    assert made[1:] == ["-m", "venv", str(tmp_path / "venv")]
    assert [command[5:] for command in filled] == ([installed] if installed else [])


def test_what_is_installed_is_read_inside_of_it(tmp_path: Path) -> None:
    environment = Environment.of(program(tmp_path, virtualenv=sys.prefix))

    packages = {package["name"]: package["version"] for package in environment.ask("packages")}
    plugins = {plugin["package"]: plugin for plugin in environment.ask("plugins")}

    assert plugins["pulumi_aws"]["resource"] is True
    assert plugins["pulumi_aws"]["version"] == packages["pulumi_aws"]
    assert environment.ask("about")["version"] == ".".join(map(str, sys.version_info[:3]))
