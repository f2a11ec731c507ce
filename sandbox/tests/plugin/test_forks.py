"""Plugins that a fork server starts are as separate as processes that the engine starts."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.plugin import sdk
from sandbox.plugin.forks import CLIENT, fork_server
from sandbox.plugin.values import from_struct, to_struct
from sandbox.session import Sandbox
from sandbox.tests.limits import PATIENCE

Stub = provider_pb2_grpc.ResourceProviderStub
CALLER = "aws:index/getCallerIdentity:getCallerIdentity"


@pytest.fixture(scope="module")
def address() -> Path:
    return fork_server()


@contextmanager
def started(
    sandbox: Sandbox, address: Path, profile: str = "management"
) -> Generator[tuple[Stub, subprocess.Popen[str]]]:
    """A plugin, and the process that the engine would have started as it."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", CLIENT, address],
        env=sandbox.environment | {"AWS_PROFILE": profile},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}") as channel:
        yield Stub(channel), process
    process.kill()
    assert process.communicate(timeout=PATIENCE)[1] == ""


def account(stub: Stub) -> str:
    """The account that a plugin works in."""
    arguments = to_struct({"region": "us-east-1", "version": sdk.VERSION})
    stub.Configure(provider_pb2.ConfigureRequest(args=arguments))
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok=CALLER))
    return from_struct(getattr(answer, "return"))["accountId"]


def test_each_plugin_has_the_environment_of_the_process_that_was_started(
    sandbox: Sandbox, address: Path
) -> None:
    organization = sandbox.organization
    with started(sandbox, address) as (one, _), started(sandbox, address, "security") as (two, _):
        assert account(two) == organization.security_account_id
        assert account(one) == organization.management_account_id


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_plugin_ends_with_the_process_that_was_started(
    sandbox: Sandbox, address: Path, number: signal.Signals
) -> None:
    with started(sandbox, address) as (stub, process):
        account(stub)
        process.send_signal(number)
        process.wait(PATIENCE)
        # Its output is a pipe that the plugin holds as well: it ends when both have ended.
        assert process.communicate(timeout=PATIENCE) == ("", "")


def test_where_there_is_no_fork_server_the_process_is_the_plugin(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with started(sandbox, tmp_path / "socket") as (stub, process):
        assert account(stub) == sandbox.organization.management_account_id
        assert b"sandbox.plugin" in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_a_fork_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = "import os; from sandbox.plugin.forks import fork_server; print(fork_server()); {}"
    for end in ("pass", "os.kill(os.getpid(), 9)"):
        with (tmp_path / "stderr").open("wb") as stderr:
            done = subprocess.run(
                [sys.executable, "-u", "-c", script.format(end)],
                stdout=subprocess.PIPE,  # until the fork server has closed it, too
                stderr=stderr,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        assert Path(done.stdout.strip()).parent.exists() == (done.returncode != 0)
        assert (tmp_path / "stderr").read_text() == ""


def test_a_fork_server_is_shared_by_the_sandboxes_of_a_process(address: Path) -> None:
    assert fork_server() == address
    assert os.path.exists(address)  # noqa: PTH110 - a socket
