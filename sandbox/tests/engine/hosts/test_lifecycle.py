"""A host's life: it starts, answers, and goes with the engine, and its children with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from sandbox.tests.limits import PATIENCE, runs, wait_for

HOSTS = ("python", "nodejs")
ENGINE = "127.0.0.1:1"


def command(language: str) -> list[str]:
    return [sys.executable, "-P", "-m", f"sandbox.engine.hosts.{language}", "-v=3", ENGINE]


@contextmanager
def host(language: str) -> Generator[subprocess.Popen[str]]:
    """A running host, whose first line is yet to be read."""
    with subprocess.Popen(
        command(language), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def stub(process: subprocess.Popen[str]) -> language_pb2_grpc.LanguageRuntimeStub:
    channel = grpc.insecure_channel(f"127.0.0.1:{port(process)}")
    return language_pb2_grpc.LanguageRuntimeStub(channel)


@pytest.mark.parametrize("language", HOSTS)
def test_what_the_engine_asks_first_is_answered(language: str) -> None:
    with host(language) as process:
        asked = stub(process)

        asked.Handshake(language_pb2.LanguageHandshakeRequest(engine_address=ENGINE))
        asked.GetPluginInfo(Empty())
        asked.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest())
        asked.Cancel(Empty())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("language", HOSTS)
def test_a_host_goes_without_a_word_when_it_is_asked(language: str, number: int) -> None:
    with host(language) as process:
        port(process)
        process.send_signal(number)

        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0


def test_a_host_goes_when_the_engine_is_gone() -> None:
    starter = (
        "import subprocess, sys; "
        f"process = subprocess.Popen({command('python')!r}, stdout=subprocess.PIPE); "
        "process.stdout.readline(); print(process.pid, flush=True); sys.stdin.read()"
    )
    engine = subprocess.Popen(
        [sys.executable, "-c", starter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with engine:
        assert engine.stdout is not None
        process_id = int(engine.stdout.readline())
        engine.kill()

        wait_for(lambda: not runs(process_id))


def plugin(directory: Path) -> language_pb2.RunPluginRequest:
    """A plugin that prints its process id and then does nothing."""
    (directory / "__main__.py").write_text("import os, time; print(os.getpid()); time.sleep(3600)")
    request = language_pb2.RunPluginRequest(kind="resource", pwd=str(directory))
    request.env.extend(f"{name}={value}" for name, value in os.environ.items())
    request.info.root_directory = request.info.program_directory = str(directory)
    request.info.options["virtualenv"] = sys.prefix
    return request


def test_a_plugin_ends_with_the_call_that_runs_it(tmp_path: Path) -> None:
    with host("python") as process:
        running = stub(process).RunPlugin(plugin(tmp_path))
        process_id = int(next(running).stdout)
        running.cancel()

        wait_for(lambda: not runs(process_id))


def test_a_plugin_ends_with_the_host_and_the_engine_hears_of_no_exit_code(tmp_path: Path) -> None:
    with host("python") as process:
        running = stub(process).RunPlugin(plugin(tmp_path))
        process_id = int(next(running).stdout)
        process.send_signal(signal.SIGINT)

        with pytest.raises(grpc.RpcError):
            list(running)
        wait_for(lambda: not runs(process_id))


@pytest.mark.parametrize(
    ("program", "answers"),
    [
        (
            "import sys; sys.stdout.write('out\\n')",
            [("stdout", b"out\n"), ("exitcode", 0)],
        ),
        (
            "import sys; sys.stderr.write('err\\n'); sys.exit(3)",
            [("stderr", b"err\n"), ("exitcode", 3)],
        ),
    ],
)
def test_a_plugin_is_heard_to_its_end(
    tmp_path: Path, program: str, answers: list[tuple[str, object]]
) -> None:
    request = plugin(tmp_path)
    (tmp_path / "__main__.py").write_text(program)

    with host("python") as process:
        heard = [
            (answer.WhichOneof("output"), getattr(answer, answer.WhichOneof("output") or ""))
            for answer in stub(process).RunPlugin(request)
        ]

    assert heard == answers


def test_a_plugin_without_its_environment_says_what_to_do(tmp_path: Path) -> None:
    request = plugin(tmp_path)
    request.info.options["virtualenv"] = "absent"

    with host("python") as process:
        shown, code = stub(process).RunPlugin(request)

    assert b"absent does not exist: run `pulumi install` in" in shown.stderr
    assert code.exitcode == 1
