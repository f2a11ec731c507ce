"""A running policy pack.

It is started as the engine's language host does it (``python -m pulumi.policy ADDRESS PACK``), and
its analyzer service is called.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from sandbox.policy_pack.messages import (
    PackInfo,
    Remediation,
    of_analysis,
    of_policy,
    to_request,
    to_stack_resource,
    to_struct,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from sandbox.policy_pack.messages import Analysis, PolicyResource

# They guard against a hang: a machine that is busy may need many times what a free one does.
START_SECONDS: Final = 300.0
CALL_SECONDS: Final = 600.0
_STOP_SECONDS: Final = 5.0
# The pack never calls the engine back; if it did, this address would make the call fail.
_NO_ENGINE: Final = "127.0.0.1:1"
_LEVEL_KEY: Final = "enforcementLevel"
_LEVELS: Final = {
    "advisory": analyzer_pb2.ADVISORY,
    "mandatory": analyzer_pb2.MANDATORY,
    "remediate": analyzer_pb2.REMEDIATE,
    "disabled": analyzer_pb2.DISABLED,
}


class PolicyPackError(Exception):
    """The pack did not start, rejected its configuration, or failed during an evaluation."""


class PolicyPackProcess:
    """A running policy pack; a context manager that starts and stops it."""

    def __init__(self, pack: Path, python: str = sys.executable) -> None:
        """Name the pack.

        Args:
            pack: The directory that holds PulumiPolicy.yaml and ``__main__.py``.
            python: The interpreter whose environment has ``pulumi`` and ``pulumi_policy``.
        """
        self._pack = pack.resolve()
        self._python = python

    def __enter__(self) -> Self:
        """Start the process.

        Raises:
            PolicyPackError: There is no pack, it ended, or it printed no port in time; the message
                has its errors.
        """
        if not (self._pack / "__main__.py").is_file():
            raise PolicyPackError(f"there is no policy pack in {self._pack}: it has no __main__.py")
        # A file, not a pipe: a full pipe that is not read would block the pack.
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            [self._python, "-u", "-m", "pulumi.policy", _NO_ENGINE, str(self._pack)],
            cwd=self._pack,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        try:
            port = self._read_port()
        except PolicyPackError:
            self._stop()
            raise
        self._channel = grpc.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.max_send_message_length", -1)]
        )
        self._stub = analyzer_pb2_grpc.AnalyzerStub(self._channel)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the process."""
        self._channel.close()
        self._stop()

    @property
    def process_id(self) -> int:
        """Return the id of the pack's process."""
        return self._process.pid

    def info(self) -> PackInfo:
        """Return what the pack says about itself."""
        with self._errors_named("describing itself"):
            answer = self._stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=CALL_SECONDS)
        return PackInfo(
            name=answer.name,
            version=answer.version,
            policies=tuple(of_policy(each) for each in answer.policies),
        )

    def configure(self, config: Mapping[str, str | Mapping[str, object]] | None = None) -> None:
        """Give the pack its configuration, as the engine does once before any evaluation.

        Args:
            config: What a file of ``--policy-pack-config`` holds: policy id, or ``all``, to a level
                or to an object with ``enforcementLevel`` and other properties.

        Raises:
            PolicyPackError: The pack rejected it; the message is the pack's.
        """
        config = config or {}
        levels = {policy.name: policy.level for policy in self.info().policies}
        if "all" in config:
            levels = dict.fromkeys(levels, _level_in(config["all"]) or "advisory")
        properties: defaultdict[str, dict[str, object]] = defaultdict(dict)
        for name, given in config.items():
            levels[name] = _level_in(given) or levels.get(name, "advisory")
            if not isinstance(given, str):
                properties[name] = {key: given[key] for key in given if key != _LEVEL_KEY}
        for name, level in levels.items():
            if level not in _LEVELS:
                raise PolicyPackError(
                    f"the level of {name} is {level!r}, but must be one of {', '.join(_LEVELS)}"
                )
        request = analyzer_pb2.ConfigureAnalyzerRequest(
            policyConfig={
                name: analyzer_pb2.PolicyConfig(
                    enforcementLevel=_LEVELS[level],
                    properties=to_struct(properties[name]),
                )
                for name, level in levels.items()
            }
        )
        with self._errors_named("configuring"):
            self._stub.Configure(request, timeout=CALL_SECONDS)

    def configure_stack(self, project: str, stack: str, *, preview: bool) -> None:
        """Name the stack that the pack evaluates.

        Args:
            project: Name of the project.
            stack: Name of the stack.
            preview: Whether nothing will be made.
        """
        request = analyzer_pb2.AnalyzerStackConfigureRequest(
            project=project, stack=stack, organization="organization", dry_run=preview
        )
        with self._errors_named("configuring for a stack"):
            self._stub.ConfigureStack(request, timeout=CALL_SECONDS)

    def analyze(self, resource: PolicyResource) -> Analysis:
        """Evaluate a resource by its inputs, before it is created or changed."""
        with self._errors_named(f"evaluating {resource.urn}"):
            return of_analysis(self._stub.Analyze(to_request(resource), timeout=CALL_SECONDS))

    def analyze_stack(self, resources: Iterable[PolicyResource]) -> Analysis:
        """Evaluate all resources of a stack by their outputs, after they were handled."""
        request = analyzer_pb2.AnalyzeStackRequest(
            resources=[to_stack_resource(each) for each in resources]
        )
        with self._errors_named("evaluating the stack"):
            return of_analysis(self._stub.AnalyzeStack(request, timeout=CALL_SECONDS))

    def remediate(self, resource: PolicyResource) -> tuple[Remediation, ...]:
        """Return what the pack changes about a resource; each step holds the ones before it."""
        with self._errors_named(f"remediating {resource.urn}"):
            answer = self._stub.Remediate(to_request(resource), timeout=CALL_SECONDS)
        return tuple(
            Remediation(
                policy=each.policyName,
                properties=json_format.MessageToDict(each.properties),
                problem=each.diagnostic,
            )
            for each in answer.remediations
        )

    def _read_port(self) -> int:
        """Return the port, which is the first line that the process prints."""
        stdout = self._process.stdout
        line = ""
        if stdout is not None:
            # readline has no time limit; ending the process ends it.
            watchdog = threading.Timer(START_SECONDS, self._process.kill)
            watchdog.start()
            line = stdout.readline()
            watchdog.cancel()
        if not line.strip().isdecimal():
            self._process.kill()
            self._process.wait()
            said = f"; it printed {line.strip()!r} instead of a port" if line.strip() else ""
            raise PolicyPackError(
                f"the policy pack {self._pack} did not start{said}\n{self._said_on_stderr()}"
            )
        return int(line)

    @contextmanager
    def _errors_named(self, doing: str) -> Generator[None]:
        try:
            yield
        except grpc.RpcError as error:
            # A failed call is a Call as well, which has the details; the stubs do not say so.
            details = error.details() if isinstance(error, grpc.Call) else str(error)
            raise PolicyPackError(
                f"{doing}, the policy pack {self._pack.name} failed: {details}"
            ) from error

    def _said_on_stderr(self) -> str:
        self._errors.seek(0)
        return self._errors.read().strip()

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()


def _level_in(given: str | Mapping[str, object]) -> str:
    """Return the enforcement level that a policy's configuration names, or an empty string."""
    if isinstance(given, str):
        return given
    level = given.get(_LEVEL_KEY)
    return level if isinstance(level, str) else ""
