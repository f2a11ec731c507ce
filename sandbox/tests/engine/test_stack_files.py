"""``pulumi`` in a sandbox: no salt of a sandbox's passphrase stays in a stack file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine.stack_files import stack_folder, without_salt
from sandbox.tests.limits import PATIENCE

SALT = b"encryptionsalt: v1:abc:v1:def:ghi==\n"
CONFIG = b"# a comment\nconfig:\n    aws:region:  us-east-1 # odd spaces\n"
REWRITTEN = b"# a comment\nconfig:\n  aws:region: us-east-1 # odd spaces\n"
CHANGED = REWRITTEN + b'  app:size: "2"\n'
SECRET = REWRITTEN + b"  app:key:\n    secure: v1:jkl:mno\n"


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(CONFIG, CONFIG + SALT, CONFIG, id="only the salt came"),
        pytest.param(CONFIG, SALT + REWRITTEN, CONFIG, id="and the layout changed"),
        pytest.param(CONFIG, CHANGED + SALT, CHANGED, id="config was set too"),
        pytest.param(CONFIG, SECRET + SALT, SECRET + SALT, id="a secret was set"),
        pytest.param(CONFIG + SALT, CHANGED + SALT, CHANGED + SALT, id="the salt was there before"),
        pytest.param(CONFIG, CHANGED, CHANGED, id="no salt came"),
        pytest.param(None, SALT, None, id="a file for the salt alone"),
        pytest.param(None, CHANGED + SALT, CHANGED, id="a new file with config"),
        pytest.param(b"", SALT, b"", id="an empty file"),
        pytest.param(CONFIG, b"][" + SALT, b"][" + SALT, id="not YAML any more"),
        pytest.param(b"[1]\n", b"[1]\n" + SALT, b"[1]\n" + SALT, id="no mapping"),
    ],
)
def test_a_stack_file_holds_what_it_held_but_for_what_was_asked_for(
    before: bytes | None, after: bytes, wanted: bytes | None
) -> None:
    assert without_salt(before, after) == wanted


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        ((), "."),
        (("up", "--cwd", "inner"), "inner/stacks"),
        (("-C", "inner", "up"), "inner/stacks"),
        (("--cwd=inner/deep",), "inner/stacks"),
        (("-Cinner",), "inner/stacks"),
    ],
)
def test_stack_files_are_where_the_project_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], folder: str
) -> None:
    (tmp_path / "inner" / "deep").mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text("name: outer\nruntime: yaml\nconfig: {}\n")
    (tmp_path / "inner" / "Pulumi.yml").write_text("name: inner\nstackConfigDir: stacks\n")
    monkeypatch.chdir(tmp_path)

    assert stack_folder(arguments) == tmp_path / folder


def test_outside_of_a_project_the_command_merely_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert stack_folder(("version",)) is None


@pytest.mark.parametrize("code", [0, 3])
def test_the_real_pulumi_runs_with_its_arguments_and_its_exit_code(
    tmp_path: Path, code: int
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: one\n")
    (tmp_path / "Pulumi.dev.yaml").write_bytes(CONFIG)
    real = tmp_path / "real"
    salt = SALT.decode().strip()
    real.write_text(f'#!/bin/sh\necho "$@"\necho {salt} >> Pulumi.dev.yaml\nexit {code}\n')
    real.chmod(0o755)

    done = subprocess.run(
        [sys.executable, "-m", "sandbox.engine.stack_files", str(real), "up", "--stack", "a b"],
        cwd=tmp_path,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (code, "up --stack a b\n", "")
    assert (tmp_path / "Pulumi.dev.yaml").read_bytes() == CONFIG
