"""``python -m sandbox``: a command in a sandbox, from start to nothing left."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.tests.limits import PATIENCE, runs, wait_for

PYTHON = sys.executable
FAKE_PULUMI = '#!/bin/sh\necho "v3.300.0"\n'


@pytest.fixture
def outside(tmp_path: Path) -> dict[str, str]:
    """An environment with a Pulumi CLI that costs nothing, and a temporary folder of its own."""
    tools, temporary = tmp_path / "tools", tmp_path / "tmp"
    tools.mkdir()
    temporary.mkdir()
    pulumi = tools / "pulumi"
    pulumi.write_text(FAKE_PULUMI)
    pulumi.chmod(0o755)
    foreign = ("AWS_", "PULUMI_", "REQUIRE_PULUMI")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {"PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": str(temporary)}


def sandbox(*command: str) -> list[str]:
    return [PYTHON, "-m", "sandbox", *command]


def run(
    outside: dict[str, str], *command: str, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        sandbox(*command),
        env=outside,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        cwd=cwd,
    )


@contextmanager
def started(outside: dict[str, str], *command: str) -> Generator[subprocess.Popen[str]]:
    """A sandbox with a command that has said its first line."""
    process = subprocess.Popen(
        sandbox("exec", "--", *command),
        env=outside,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def left(outside: dict[str, str]) -> list[str]:
    """What is left in the temporary folder."""
    return [path.name for path in Path(outside["TMPDIR"]).iterdir()]


def test_output_exit_code_and_folder_are_the_commands(
    outside: dict[str, str], tmp_path: Path
) -> None:
    script = 'pwd; echo "$@"; echo err >&2; exit 7'

    done = run(outside, "exec", "sh", "-c", script, "sh", "--region", "--", "--help", cwd=tmp_path)

    assert done.returncode == 7
    assert done.stdout == f"{tmp_path}\n--region -- --help\n"
    assert done.stderr == "err\n"
    assert left(outside) == []


def test_a_command_that_does_not_exist_is_one_line(outside: dict[str, str]) -> None:
    done = run(outside, "exec", "--", "no-such-command")

    assert done.returncode == 127
    assert done.stderr == "sandbox: command not found: no-such-command\n"
    assert left(outside) == []


def test_a_command_that_cannot_be_run_is_one_line(outside: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "broken"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)

    done = run(outside, "exec", "--", str(script))

    assert done.returncode == 126
    assert done.stderr.startswith(f"sandbox: cannot run {script}: ")
    assert done.stderr.count("\n") == 1
    assert left(outside) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("exec",), "Missing argument"),
        (("exec", "--region", "mars", "--", "true"), "'mars' must be one of"),
        (("execute",), "No such command"),
        (("exec", "--regoin", "x"), "No such option"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(
    outside: dict[str, str], arguments: tuple[str, ...], message: str
) -> None:
    done = run(outside, *arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert left(outside) == []


def test_the_command_finds_an_organization_and_not_the_users_settings(
    outside: dict[str, str],
) -> None:
    script = (
        "import boto3, json, os;"
        "who = lambda p: boto3.Session(profile_name=p).client('sts').get_caller_identity();"
        "print(json.dumps({"
        "  'default': boto3.client('sts').get_caller_identity()['Account'],"
        "  **{p: who(p)['Account'] for p in ('management', 'security', 'workload')},"
        "  'environment': dict(os.environ)}))"
    )
    mine = {"AWS_ACCESS_KEY_ID": "AKIAMINE", "AWS_PROFILE": "mine", "PULUMI_ACCESS_TOKEN": "pul-1"}

    done = run(outside | mine, "exec", "--", "python", "-c", script)

    answer = json.loads(done.stdout)
    environment = answer["environment"]
    assert answer["default"] == answer["management"] == "123456789012"
    assert answer["security"] == environment["SANDBOX_SECURITY_ACCOUNT_ID"]
    assert answer["workload"] == environment["SANDBOX_WORKLOAD_ACCOUNT_ID"]
    assert not mine.keys() & environment.keys()
    assert environment["PULUMI_CONFIG_PASSPHRASE"]
    assert environment["PATH"].split(":")[2] == str(Path(PYTHON).parent)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_goes_to_the_command_and_everything_is_cleaned_up(
    outside: dict[str, str], number: signal.Signals
) -> None:
    script = f"trap 'exit 42' {number.name.removeprefix('SIG')}; echo ready; sleep 3600 & wait"
    with started(outside, "sh", "-c", script) as process:
        assert left(outside)
        process.send_signal(number)

        assert process.wait(timeout=PATIENCE) == 42
    assert left(outside) == []


def test_a_command_that_a_signal_ends_ends_the_sandbox(outside: dict[str, str]) -> None:
    with started(outside, "sh", "-c", "echo ready; exec sleep 3600") as process:
        process.terminate()

        assert process.wait(timeout=PATIENCE) == 128 + signal.SIGTERM
    assert left(outside) == []


def test_ctrl_c_at_a_terminal_reaches_the_command_once(outside: dict[str, str]) -> None:
    script = (
        "import signal, sys, time\n"
        "times = []\n"
        "signal.signal(signal.SIGINT, lambda *_: times.append(1))\n"
        "print('ready', flush=True)\n"
        "while not times: time.sleep(0.05)\n"
        "time.sleep(1)\n"
        "sys.exit(len(times))\n"
    )
    parent, terminal = os.openpty()
    process = subprocess.Popen(
        sandbox("exec", "--", "python", "-c", script),
        env=outside,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=_take_terminal,  # noqa: PLW1509 (no threads: a terminal is taken by the child)
    )
    os.close(terminal)
    try:
        _read_until(parent, b"ready")
        os.write(parent, b"\x03")

        assert process.wait(timeout=PATIENCE) == 1
    finally:
        process.kill()
        process.wait()
        os.close(parent)
    assert left(outside) == []


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read_until(terminal: int, text: bytes) -> bytes:
    shown = b""
    while text not in shown:
        shown += os.read(terminal, 1024)
    return shown


def test_a_terminal_shows_that_the_sandbox_is_starting(outside: dict[str, str]) -> None:
    parent, terminal = os.openpty()
    process = subprocess.Popen(
        sandbox("exec", "--", "echo", "ready"),
        env=outside | {"NO_COLOR": "1", "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
    )
    try:
        shown = _read_until(parent, b"ready")

        assert process.wait(timeout=PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
        os.close(parent)
    assert b"starting AWS on this machine" in shown
    assert b"\x1b[3" not in shown, "NO_COLOR was set"
    assert b"\x1b[?25h" in shown, "the cursor is back"


def test_what_needs_a_sandbox_says_so_in_one_line(outside: dict[str, str]) -> None:
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-m", "sandbox.inprocess", "--stack", "dev"],
        env=outside,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 2
    assert "this runs inside a sandbox" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_signal_while_the_sandbox_starts_leaves_nothing(outside: dict[str, str]) -> None:
    process = subprocess.Popen(sandbox("exec", "--", "sleep", "3600"), env=outside)
    while not left(outside) and process.poll() is None:
        time.sleep(0.005)

    process.terminate()

    assert process.wait(timeout=PATIENCE) == 128 + signal.SIGTERM
    assert left(outside) == []


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are inherited on Linux only")
def test_what_the_command_left_behind_ends_with_it(outside: dict[str, str], tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    ids.touch()
    stubborn = "trap '' TERM; while :; do sleep 0.1; done"
    for name, does in (("polite", "exec sleep 3600"), ("stubborn", stubborn)):
        (tmp_path / name).write_text(f"echo $$ >> {ids}; {does}\n")
    started = f"while [ $(wc -l < {ids}) -lt 2 ]; do sleep 0.05; done"
    script = f"cd {tmp_path}; setsid sh polite & setsid sh stubborn & {started}; kill -KILL $$"

    done = run(outside, "exec", "--", "sh", "-c", script)

    assert done.returncode == 128 + signal.SIGKILL
    orphans = [int(line) for line in ids.read_text().split()]
    assert len(orphans) == 2
    wait_for(lambda: not any(runs(orphan) for orphan in orphans))
    assert left(outside) == []


def test_two_sandboxes_side_by_side_do_not_see_each_other(outside: dict[str, str]) -> None:
    script = (
        "import boto3, sys; s3 = boto3.client('s3'); s3.create_bucket(Bucket='logs');"
        "print('ready', flush=True); sys.stdin.readline();"
        "print([bucket['Name'] for bucket in s3.list_buckets()['Buckets']])"
    )
    processes = [
        subprocess.Popen(
            sandbox("exec", "--", "python", "-c", script),
            env=outside,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    assert len([name for name in left(outside) if "-sandbox-" in name]) == 2

    answers = [process.communicate("go\n", timeout=PATIENCE)[0] for process in processes]

    assert answers == ["['logs']\n", "['logs']\n"]
    assert left(outside) == []


def test_without_a_pulumi_cli_one_line_says_so(outside: dict[str, str], tmp_path: Path) -> None:
    tools, path = tmp_path / "project" / ".tools", tmp_path / "path"
    tools.mkdir(parents=True)
    path.mkdir()
    (tools / "pulumi.download-failed").touch()
    (path / "true").symlink_to("/bin/true")
    script = (
        "import sandbox.cli as cli, pathlib; from sandbox.engine.search import find_pulumi;"
        f"project = pathlib.Path({str(tools.parent)!r});"
        "cli.find_pulumi = lambda tell, **_: find_pulumi(project=project, tell=tell);"
        "cli.main(['exec', '--', 'true'])"
    )

    def start(**environment: str) -> tuple[int, str]:
        done = subprocess.run(
            [PYTHON, "-c", script],
            env=outside | {"PATH": str(path)} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return done.returncode, done.stderr

    code, said = start()
    strict_code, strictly_said = start(REQUIRE_PULUMI="1")

    assert code == 0
    assert said.startswith("sandbox: no Pulumi CLI: none on PATH; ")
    assert said.count("\n") == 1
    assert strict_code == 1
    assert "REQUIRE_PULUMI=1" in strictly_said
    assert strictly_said.count("\n") == 1


def test_the_aws_cli_works_in_one_sandbox_after_the_other(
    outside: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()

    for _ in range(2):
        done = run(
            outside | {"HOME": str(home)},
            *("exec", "--", "aws", "sts", "get-caller-identity", "--query", "Arn"),
        )

        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith(':assumed-role/OrganizationAdmin/sandbox"\n')
    assert list(home.rglob("*")) == []


def test_help_explains_profiles_and_variables(outside: dict[str, str]) -> None:
    done = run(outside, "exec", "--help")

    for word in ("SANDBOX_ORGANIZATION_ID", "SANDBOX_WORKLOADS_OU_ID", "management", "128 + n"):
        assert word in done.stdout
    assert "\x1b" not in done.stdout


def test_the_patches_are_a_table_for_people(outside: dict[str, str]) -> None:
    done = run(outside | {"COLUMNS": "200"}, "patches")

    assert done.returncode == 0
    assert "DescribeTrails" in done.stdout
    assert "moto ignores trailNameList" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_engine_that_is_used_is_printed(outside: dict[str, str]) -> None:
    done = run(outside, "engine")

    assert done.returncode == 0
    assert done.stdout.startswith("pulumi 3.300.0 at ")
    assert done.stdout.endswith("(on PATH)\n")
